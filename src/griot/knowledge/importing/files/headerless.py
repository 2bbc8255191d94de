"""A table without a header: what each column is, judged by what stands in it."""

import re
from collections.abc import Iterable, Sequence

from griot.knowledge.importing.files.contradictions import counts_up
from griot.knowledge.importing.files.mapping import (
    MONEY_LIKE,
    Column,
    Mapping,
    is_address,
    looks_like_image,
    share,
)
from griot.knowledge.importing.files.vocabulary import words, words_of

_CODE = re.compile(r"[A-Za-z]{1,8}[-_/ ]?\d[\w/-]{0,20}|\d{5,14}|\d+[-_/]\w{1,20}")


def guessed(rows: Sequence[Sequence[str]]) -> Mapping:
    """A table without a header: each column is judged by what stands in it."""
    width = max((len(row) for row in rows), default=0)
    values = [[row[at].strip() for row in rows if at < len(row) and row[at].strip()] for at in range(width)]
    taken: dict[int, tuple[str, str]] = {
        at: ("id", "there is no header; the lines are numbered in it")
        for at, one in enumerate(values)
        if counts_up(one)
    }
    for field, why in (("image", "addresses of images"), ("url", "addresses"), ("title", "names"), ("price", "prices")):
        at = _best_for(field, values, taken)
        if at is not None:
            taken[at] = (field, f"there is no header; {why} stand in it")
    for field, why in (
        ("sku", "codes"),
        ("stock", "small whole numbers"),
        ("description", "long texts"),
        ("category", "words that recur"),
    ):
        at = _best_for(field, values, taken)
        if at is not None:
            taken[at] = (field, f"there is no header; {why} stand in it")
    columns = tuple(
        Column(at, "", *(taken.get(at) or (None, "there is no header, and it is not clear what it is")))
        for at in range(width)
    )
    return Mapping(columns, None)


def _best_for(field: str, values: Sequence[Sequence[str]], taken: Iterable[int]) -> int | None:
    scores = {at: _score(field, values[at][:200]) for at in range(len(values)) if at not in taken and values[at]}
    at = max(scores, key=lambda one: scores[one], default=None)
    return at if at is not None and scores[at] > 0 else None


def _score(field: str, values: Sequence[str]) -> float:
    """How well a column's values fit a field; 0 or less: not at all."""
    distinct = len(set(values)) / len(values)
    length = sum(map(len, values)) / len(values)
    address = share(values, is_address)
    numeric = share(values, lambda text: bool(MONEY_LIKE.match(text)))
    if field == "image":
        return share(values, looks_like_image) - 0.6
    if field == "url":
        return address - 0.7
    wordy = share(
        values, lambda text: sum(map(str.isalpha, text)) >= 3 and not is_address(text) and not looks_like_image(text)
    )
    amounts = share(values, _is_amount)
    coded = share(values, lambda text: bool(_CODE.fullmatch(text)))
    if field == "title":
        return (
            wordy - amounts - 0.6 + distinct * 0.4 - (0.5 if length > 120 else 0) - coded * 0.6 + min(length, 40) / 200
        )
    if field == "price":
        signed = share(values, lambda text: bool(re.search(r"[€$£]|(?i:cfa|fr|ar|dh|dt|eur|usd|xof|mga)", text)))
        size = share(values, lambda text: len(re.sub(r"\D", "", text)) >= 3)
        return (numeric - 0.7) * (1 + signed * 3 + size) if numeric >= 0.8 else 0
    if field == "sku":
        return distinct - 0.8 + coded * 0.3 if length <= 20 and distinct > 0.9 and coded > 0.5 else 0
    if field == "stock":
        return share(values, lambda text: text.isdecimal() and len(text) <= 5) - 0.9
    if field == "description":
        return wordy - 0.7 if length > 40 else 0
    return wordy - 0.5 if distinct < 0.6 and length < 40 else 0


def _is_amount(text: str) -> bool:
    """A number with nothing but a currency beside it: ``15000 FCFA``, which is no name."""
    known = words_of(text)
    figures = [word for word in known if word.isdecimal()]
    return bool(figures) and all(word.isdecimal() or word in words("money") for word in known)
