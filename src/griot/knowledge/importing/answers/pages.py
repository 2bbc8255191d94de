"""Questions and answers of a page: those it marks as such, else its sections, a heading each.

In this order: FAQPage in JSON-LD (schema.org), then ``details`` that unfold, ``dl`` lists, and headings with the text
under them. A page without any of these is one answer, to the question that is its title.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from griot.knowledge.faq.models import NewFaq, key_of
from griot.knowledge.importing.models import Doubt
from griot.knowledge.importing.pages.document import Page, is_hidden, open_page, shown_text
from griot.knowledge.importing.pages.jsonld import scripts
from griot.knowledge.importing.pages.nodes import objects, paragraphs, text, types, values, walk

LONGEST = 700  # characters of an answer: it has to fit a message
_LEAST = 15  # characters that make an answer
_MOST = 60  # entries of a page
_DEEPEST = 250  # levels of nesting that are followed
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_ASIDE = frozenset({"nav", "footer", "header", "aside", "form", "button", "select", "script", "style", "template"})
_BLOCKS = frozenset({"p", "li", "td", "blockquote", "pre"})
_SENTENCE = re.compile(r"(?<=[.!?…])\s+")
_SUFFIX = re.compile(r"\s+[|–—·-]\s+[^|–—·]{2,60}$")


@dataclass(frozen=True, slots=True)
class Answers:
    """What a page answers, and what the merchant should look at."""

    entries: tuple[NewFaq, ...]
    warnings: tuple[Doubt, ...]


def answers_of(
    body: bytes, *, url: str | None = None, content_type: str | None = None, languages: tuple[str, ...] = ()
) -> Answers:
    """The questions and answers of a page. Never raises. ``languages``: those a shop can have; another is left open."""
    page = open_page(body, url, content_type)
    if page is None:
        return Answers((), (Doubt("the page", "There is nothing in it.", "Give the address of another page."),))
    spoken = (page.language or "").lower()[:2]
    language = spoken if spoken in languages else None
    doubts: list[Doubt] = []
    entries: dict[str, NewFaq] = {}
    for asked, told in _pairs(page):
        question, answer = " ".join(asked.split())[:200], told.strip()
        key = key_of(question)
        if len(answer) < _LEAST or not key or key in entries or len(entries) == _MOST:
            continue
        if len(answer) > LONGEST:
            answer = _shortened(answer)
            doubts.append(
                Doubt(
                    question, f"The answer is longer than {LONGEST} characters.", "Its beginning is kept: shorten it."
                )
            )
        entries[key] = NewFaq(key, question, answer, language)
    if not entries:
        nothing = "No text that answers a question was found in it."
        doubts.append(Doubt("the page", nothing, "Give the page that says it, or write the answers by hand."))
    return Answers(tuple(entries.values()), tuple(doubts))


def _pairs(page: Page) -> Iterator[tuple[str, str]]:
    """Question and answer, from the surest mark-up that the page has."""
    for way in (_marked, _unfolding, _defined, _headed):
        found = list(way(page))
        if found:
            yield from found
            return
    title = _title(page)
    if title:
        yield title, "\n".join(_texts(_content(page)))


def _marked(page: Page) -> Iterator[tuple[str, str]]:
    for document in scripts(page):
        for node in walk(document):
            if "question" not in types(node):
                continue
            told = next(iter(objects(node, "acceptedAnswer", "suggestedAnswer")), None)
            answer = "\n".join(paragraphs(str(value)) for value in values(told, "text")) if told else ""
            yield text(node, "name", "text"), answer


def _unfolding(page: Page) -> Iterator[tuple[str, str]]:
    for details in _content(page).iter("details"):
        summary = next(details.iter("summary"), None)
        if summary is None:
            continue
        asked = shown_text(summary, 300)
        yield asked, shown_text(details, 5_000).removeprefix(asked).strip()


def _defined(page: Page) -> Iterator[tuple[str, str]]:
    for listed in _content(page).iter("dl"):
        asked = ""
        for child in listed.iter("dt", "dd"):
            if child.tag == "dt":
                asked = shown_text(child, 300)
            elif asked:
                yield asked, shown_text(child, 5_000)
                asked = ""


def _headed(page: Page) -> Iterator[tuple[str, str]]:
    """Headings with the text up to the next; one that asks nothing is read with the page's title before it."""
    title = _title(page)
    asked, told = "", list[str]()
    for element in _seen(_content(page)):
        if element.tag in _HEADINGS:
            if asked and told:
                yield _question(asked, title), "\n".join(told)
            asked, told = shown_text(element, 300), []
        elif asked and element.tag in _BLOCKS and not _has_block(element):
            said = shown_text(element, 5_000)
            if said:
                told.append(f"- {said}" if element.tag == "li" else said)
    if asked and told:
        yield _question(asked, title), "\n".join(told)


def _question(heading: str, title: str) -> str:
    heading = heading.rstrip(" :")
    if heading.endswith("?") or not title or heading.casefold() in title.casefold():
        return heading
    return f"{title} : {heading}"


def _title(page: Page) -> str:
    heading = next((shown_text(one, 200) for one in _seen(page.tree) if one.tag == "h1"), "")
    if heading:
        return heading
    title = page.meta("og:title") or next((shown_text(one, 200) for one in page.tree.iter("title")), "")
    return _SUFFIX.sub("", title)


def _content(page: Page) -> etree._Element:
    """The part of the page that is its own."""
    for path in (".//main", ".//article", ".//*[@role='main']", ".//body"):
        found = page.tree.find(path)
        if found is not None:
            return found
    return page.tree


def _texts(content: etree._Element) -> Iterator[str]:
    for element in _seen(content):
        if element.tag in _BLOCKS and not _has_block(element):
            said = shown_text(element, 5_000)
            if said:
                yield said


def _seen(content: etree._Element) -> Iterator[etree._Element]:
    """The elements in the order of the page, without menus, footers, forms and what is hidden."""
    stack = [(content, 0)]
    while stack:
        element, depth = stack.pop()
        if not isinstance(element.tag, str) or element.tag in _ASIDE or (element.attrib and is_hidden(element)):
            continue
        yield element
        if depth < _DEEPEST:
            stack.extend((child, depth + 1) for child in reversed(element))


def _has_block(element: etree._Element) -> bool:
    return any(child is not element for child in element.iter(*_BLOCKS))


def _shortened(answer: str) -> str:
    """Whole sentences as far as they fit."""
    kept = ""
    for sentence in _SENTENCE.split(answer):
        if len(kept) + len(sentence) + 1 > LONGEST:
            break
        kept = f"{kept} {sentence}".strip()
    return kept or f"{answer[: LONGEST - 1].rstrip()}…"
