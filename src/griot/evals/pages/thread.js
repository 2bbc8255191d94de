"use strict";
const DATA = JSON.parse(document.getElementById("data").textContent);

/* A node from a tag with classes (“div.card.good”), attributes and children; text is text, never markup. */
function h(spec, attributes, ...children) {
  const [tag, ...classes] = spec.split(".");
  const node = document.createElement(tag || "div");
  if (classes.length) node.className = classes.join(" ");
  for (const [name, value] of Object.entries(attributes || {})) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value !== null && value !== undefined && value !== false) node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}
const percent = (share) => (share === null || share === undefined ? "–" : (100 * share).toFixed(1) + " %");
const lines = (list) => (list || []).map(line).join(", ") || "none";
function line(item) {
  const variant = item.variant ? " (" + Object.values(item.variant).join(" / ") + ")" : "";
  return (item.quantity === undefined ? "" : item.quantity + " × ") + item.product + variant;
}
function effect(item) {
  const { action, product, quantity, variant, lines: all, ...rest } = item;
  const parts = [];
  if (Array.isArray(product)) parts.push(product.join(", "));
  else if (product) parts.push(line({ product, quantity, variant }));
  else if (quantity !== undefined) parts.push(quantity + " ×");
  if (all && all.length > 1) parts.push("of: " + lines(all));
  for (const [name, value] of Object.entries(rest)) parts.push(name + " " + (typeof value === "object" ? JSON.stringify(value) : value));
  return h("div", {}, h("span.chip.act", {}, action), " ", parts.join(" · "));
}
function effects(list) {
  return list && list.length ? list.map(effect) : [h("span.chip", {}, "nothing")];
}
function bubble(by, text, past) {
  return h("div.bubble." + (by === "agent" ? "agent" : "buyer") + (past ? ".past" : ""), {}, text || "…");
}
function history(result) {
  const customer = result.customer || {};
  const past = (typeof customer === "object" && customer.history) || [];
  return past.map((item) => item.kind === "msg" ? bubble(item.from, item.text, true)
    : h("div.between", {}, `${item.kind} ${item.id || ""} · ${item.status || ""} · ${lines(item.lines)}`));
}
function chat(result) {
  const turns = result.kind === "dialogue" ? result.turns : [result];
  return h("div.chat", {}, history(result), turns.map((turn, n) => [
    bubble("buyer", turn.said),
    turn.reply ? bubble("agent", turn.reply) : h("div.between", {}, "no reply"),
    result.kind === "dialogue" ? h("div.between", {}, `${n + 1} · `, turn.effects.map((e) => e.action).join(", ") || "nothing",
      turn.why.length ? " · " + turn.why.join("; ") : "") : null,
  ]));
}
function section(title, ...content) {
  return h("div", {}, h("h3", {}, title), ...content);
}
function facts(result) {
  const dialogue = result.kind === "dialogue";
  const flags = Object.entries(result.wrong || {}).map(([flag, words]) => `${flag}: ${words.join(", ")}`);
  return h("div.facts", {},
    result.why.length ? section("Why", h("ul.why", {}, result.why.map((reason) => h("li", {}, reason)))) : null,
    flags.length ? section("In the words of the reply", h("ul.why", {}, flags.map((flag) => h("li", {}, flag)))) : null,
    section(dialogue ? "How it ended" : "What it did", dialogue ? h("pre", {}, JSON.stringify(result.final, null, 1)) : effects(result.effects)),
    section("Expected", h("pre", {}, JSON.stringify(dialogue ? result.expect_final || result.expect : result.expect, null, 1))),
    h("div", {}, [result.shop, result.lang, result.channel, ...result.tags].map((name) => [h("span.chip", {}, name), " "])),
    h("div.note", {}, `${result.now} · ${result.where} · ${result.latency_ms ?? "–"} ms · ${result.model_calls} model calls · `
      + `${result.tokens_in + result.tokens_out} tokens · reply in ${result.reply_lang || "?"}`));
}
function themeButton() {
  const root = document.documentElement;
  return h("button", { title: "Light or dark", onclick: () => {
    const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = dark ? "light" : "dark";
  } }, "◐");
}
