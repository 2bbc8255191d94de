// Cards of the order book are dragged into another column. What that means, and what is asked before, the server has
// written on the card; buttons do the same for fingers and keyboards.
"use strict";

(() => {
  let card = null;
  const column = (event) => event.target.closest?.(".orders-board > section");
  const may = (section) => card && section && card.dataset.to.split(" ").includes(section.dataset.stage);

  function lift(event) {
    card = event.target.closest?.(".order-card[draggable=true]");
    if (!card) return;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", card.dataset.order);
    card.dataset.dragging = "";
    for (const section of document.querySelectorAll(".orders-board > section"))
      section.classList.add(may(section) ? "may" : section.contains(card) ? "own" : "may-not");
  }

  function over(event) {
    const section = column(event);
    for (const other of document.querySelectorAll(".orders-board > .over")) if (other !== section) other.classList.remove("over");
    if (!may(section)) return;
    event.preventDefault();
    section.classList.add("over");
  }

  function drop(event) {
    const section = column(event);
    if (!may(section)) return;
    event.preventDefault();
    const button = document.createElement("button");
    const stage = section.dataset.stage;
    Object.assign(button.dataset, { act: "orders.move", order: card.dataset.order, stage });
    const question = card.getAttribute(`data-ask-${stage}`);
    if (question) button.dataset.confirm = question;
    button.hidden = true;
    section.append(button);
    button.click();
    button.remove();
  }

  function rest() {
    if (!card) return;
    delete card.dataset.dragging;
    card.dispatchEvent(new FocusEvent("focusout", { bubbles: true })); // what came meanwhile is shown now
    card = null;
    for (const section of document.querySelectorAll(".orders-board > section")) section.classList.remove("may", "may-not", "own", "over");
  }

  addEventListener("dragstart", lift);
  addEventListener("dragover", over);
  addEventListener("drop", drop);
  addEventListener("dragend", rest);
})();
