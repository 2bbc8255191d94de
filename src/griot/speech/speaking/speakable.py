"""A text as it is written in a chat -> the same as it is said: no signs, no links, every figure in words.

The passes go from what has the most form (a link, a reference, a price) to what has the least (a bare number), so that
each finds only what those before it left. Words and labels of a language are data: ``spoken/<language>.toml``.
"""

import re
import unicodedata
from decimal import Decimal

from griot.speech.speaking.tongue import Tongue, tongue

_NUMBER = r"\d{1,3}(?:[ .,]\d{3})+(?:[.,]\d{1,2})?(?!\d)|\d+(?:[.,]\d{1,3})?"
_GROUPED = re.compile(r"(?<=\d)[ .,](?=\d{3}(?!\d))")

_LINK = re.compile(
    r"<?\b(?:https?://|www\.)\S+|\b[\w-]+(?:\.[\w-]+)*\.(?:com|net|org|io|sn|ci|mg|fr|me|app|shop)/\S*", re.I
)
_EMAIL = re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+")
_REFERENCE = re.compile(r"#?\b[A-Z]{2,6}-\d{4}-(\d{2,6})(?:-([0-9A-Z]{3,6}))?\b")
_MARKS = re.compile(r"(?<!\w)[*_~`]+(?=\S)|(?<=\S)[*_~`]+(?!\w)|\*+|`+")
_BULLET = re.compile(r"^\s*(?:[-–—•·▪◦*]|\d{1,2}[.)](?=\s))\s+", re.M)
_PLUS_BULLET = re.compile(r"^\s*[•·]\s*", re.M)
_PHONE = re.compile(
    r"(?<![\w.,-])(?:\+(?:\d{8,15}|\d{1,4}(?:[ .-]\d{1,4}){2,6})(?!\d)"
    r"|0\d(?:[ .-]?\d{2}){3,5}(?!\d)"
    r"|\d{2}(?:[ .-]\d{2,3}){3,4}(?![\d.,]))"
)
_ISO_DATE = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b(?:T\S*)?")
_DATE = re.compile(r"(?<![\d/])(\d{1,2})/(\d{2}|\d(?=/))(?:/(\d{4}|\d{2}))?(?![\d/])")
_TIME = re.compile(r"(?<![\d:])([01]?\d|2[0-4])(?::| ?h ?)([0-5]\d)(?![\d:])(?: ?min\b)?", re.I)
_LEFT = re.compile(r"(?<![\d:])(\d{1,3}):([0-5]\d)(?![\d:])")
_TIMES_AFTER = re.compile(r"(?:\s|(?<=\W))[x×] ?(\d{1,6})\b", re.I)
_TIMES_BEFORE = re.compile(r"\b(\d{1,6}) ?[x×](?=[\s*])", re.I)
_PERCENT = re.compile(rf"((?<!\w)-)?({_NUMBER}) ?%")
_CODE = re.compile(r"#?\b(?=[A-Z0-9-]*[A-Z])(?=[A-Z0-9-]*\d)[A-Z0-9]+(?:-[A-Z0-9]+)*\b")
_CODE_PARTS = re.compile(r"[A-Z]+|\d+")
_SIMPLE_CODE = re.compile(r"([A-Z]+)-?(\d+)")
_CAPITALS = re.compile(r"\b[A-ZÀ-ÖØ-Þ]+\b(?:['’ ][A-ZÀ-ÖØ-Þ]+\b)*")
_ORDINAL = {
    "fr": re.compile(r"\b(\d{1,4})(er|ère|re|e|ème|è)\b"),
    "en": re.compile(r"\b(\d{1,4})(st|nd|rd|th)\b"),
}
_RANGE = re.compile(r"(?<=\d) ?[-–—] ?(?=\d)")
_OUT_OF = re.compile(r"(?<=\d) ?/ ?(?=\d)")
_BARE = re.compile(rf"(?<![\w.,])(-)?({_NUMBER})(?![\w])(?:(?= ?([^\W\d_]+)))?")
_STUCK = re.compile(r"(?<=\d)(?=[^\W\d_]{2,})")
_SLASH = re.compile(r"(?<=\w)/(?=\w)")
_BRACKETS = re.compile(r"\s*[()\[\]{}]\s*")
_QUOTES = re.compile(r"[«»“”„\"‹›]")
_LINE_END = re.compile(r"[.!?…:;,]$")


def speakable(text: str, language: str) -> str:
    """The text as it is read aloud; empty when nothing in it can be said.

    Raises ``Unavailable`` for a language that no voice reads, such as Malagasy.
    """
    spoken = tongue(language)
    text = _plain(text)
    for read in (_references, _phones, _dates, _times, _prices, _percents, _quantities, _ordinals, _units, _codes):
        text = read(text, spoken)
    for read in (_abbreviations, _numbers, _capitals, _signs):
        text = read(text, spoken)
    return _punctuated(text)


def _plain(text: str) -> str:
    """One kind of space, hyphen and apostrophe; no links, no marks, no pictures."""
    text = unicodedata.normalize("NFC", text)
    text = re.sub(r"[^\S\n]", " ", text).translate(str.maketrans("’ʼ‑−", "''--"))
    text = _EMAIL.sub(" ", _LINK.sub(" ", text))
    text = _BULLET.sub("", _pictures(text))
    return _MARKS.sub("", _PLUS_BULLET.sub("", text))


def _pictures(text: str) -> str:
    """Without emoji and other signs that are looked at; the keycap digits keep their digit."""
    kept = []
    for sign in text:
        kind = unicodedata.category(sign)
        seen = kind in ("So", "Sk", "Cs", "Co", "Cn", "Cf", "Me") and sign != "°"
        kept.append(" " if seen or "\ufe00" <= sign <= "\ufe0f" or sign in "→←↑↓➜ℹ" else sign)
    return "".join(kept)


def _references(text: str, spoken: Tongue) -> str:
    """Of the number of an order or a quote only its last part: nobody remembers more of it."""

    def said(found: re.Match[str]) -> str:
        return spoken.spelled(found[2]) if found[2] else spoken.cardinal(int(found[1]))

    return _REFERENCE.sub(said, text)


def _phones(text: str, spoken: Tongue) -> str:
    def told(found: re.Match[str]) -> str:
        groups = re.findall(r"\d+", found[0])
        if found[0][0] != "+" and _GROUPED.sub("", found[0]).isdigit():
            return found[0]  # a price: 12 500 000
        pairs = [pair for group in groups for pair in (_pairs(group) if len(group) > 3 else [group])]
        told = ", ".join(spoken.grouped(group) for group in pairs)
        return f" {spoken.table['plus']} {told} " if found[0][0] == "+" else f" {told} "

    return _PHONE.sub(told, text)


def _pairs(digits: str) -> list[str]:
    first = len(digits) % 2 or 2
    return [digits[:first], *(digits[at : at + 2] for at in range(first, len(digits), 2))]


def _dates(text: str, spoken: Tongue) -> str:
    def iso(found: re.Match[str]) -> str:
        return _date(int(found[3]), int(found[2]), found[1], spoken) or found[0]

    def usual(found: re.Match[str]) -> str:
        year = f"20{found[3]}" if found[3] and len(found[3]) == 2 else found[3]
        return _date(int(found[1]), int(found[2]), year, spoken) or found[0]

    return _DATE.sub(usual, _ISO_DATE.sub(iso, text))


def _date(day: int, month: int, year: str | None, spoken: Tongue) -> str | None:
    if not (1 <= day <= 31 and 1 <= month <= 12):
        return None
    name = spoken.table["months"][month - 1]
    if spoken.language == "en":
        said = f"{spoken.ordinal(day)} of {name}"
    else:
        said = f"{spoken.table['first_of_month'] if day == 1 else spoken.cardinal(day)} {name}"
    return f"{said} {spoken.cardinal(int(year))}" if year else said


def _times(text: str, spoken: Tongue) -> str:
    """``14:30`` and ``14h30`` are hours; ``9:47`` of what is left are minutes."""
    opening = "|".join(map(re.escape, spoken.table["time_left"]))
    left = re.compile(rf"(\b(?:{opening})\s+(?:\w+\s+)?){_LEFT.pattern}|{_LEFT.pattern}(?=\s+left\b)", re.I)

    def remaining(found: re.Match[str]) -> str:
        minutes, seconds = (found[2], found[3]) if found[2] else (found[4], found[5])
        return f"{found[1] or ''}{_duration(int(minutes), int(seconds), spoken)}"

    def hour(found: re.Match[str]) -> str:
        if found[0].lower().endswith("min"):
            return f"{_counted(int(found[1]), 'h', spoken)} {_counted(int(found[2]), 'min', spoken)}"
        return _hour(int(found[1]), int(found[2]), spoken)

    return _TIME.sub(hour, left.sub(remaining, text))


def _duration(minutes: int, seconds: int, spoken: Tongue) -> str:
    said = [_counted(minutes, "min", spoken)] if minutes else []
    if seconds or not minutes:
        said.append(_counted(seconds, "s", spoken))
    return (" et " if spoken.language == "fr" else " and ").join(said)


def _counted(number: int, unit: str, spoken: Tongue) -> str:
    word = spoken.table["units"][unit][number not in (0, 1) if spoken.language == "fr" else number != 1]
    return f"{spoken.count(number, word)} {word}"


def _hour(hours: int, minutes: int, spoken: Tongue) -> str:
    if spoken.language == "fr":
        return f"{_counted(hours, 'h', spoken)} {spoken.cardinal(minutes) if minutes else ''}".rstrip()
    tail = "" if not minutes else f" oh {spoken.cardinal(minutes)}" if minutes < 10 else f" {spoken.cardinal(minutes)}"
    return f"{spoken.cardinal(hours % 12 or 12)}{tail} {'AM' if hours % 24 < 12 else 'PM'}"


def _prices(text: str, spoken: Tongue) -> str:
    labels = "|".join(re.escape(label) for label in sorted(spoken.table["currencies"], key=len, reverse=True))
    signed = rf"(?<![\w.,])(-)?({_NUMBER}) ?({labels})(?![^\W_])"
    led = rf"(?<![^\W_])(-)?({labels}) ?({_NUMBER})(?![\d])"

    def after(found: re.Match[str]) -> str:
        return _price(found[1], found[2], found[3], spoken)

    def before(found: re.Match[str]) -> str:
        return _price(found[1], found[3], found[2], spoken)

    return re.sub(led, before, re.sub(signed, after, text))


def _price(sign: str | None, written: str, label: str, spoken: Tongue) -> str:
    one, many, hundredths = spoken.table["currencies"][label]
    value = _value(written)
    whole, cents = int(value), int(value % 1 * 100)
    said = spoken.table["minus"] + " " if sign else ""
    if not hundredths and cents:
        return f"{said}{spoken.decimal(value)} {many}"
    if cents and not whole:
        return f"{said}{spoken.cardinal(cents)} {hundredths}"
    singular = whole == 1 or (whole == 0 and spoken.language == "fr")
    joint = spoken.table["million"] if whole >= 1_000_000 and whole % 1_000_000 == 0 else ""
    amount = f"{said}{spoken.cardinal(whole)} {joint}{one if singular else many}"
    return f"{amount} {spoken.cardinal(cents)}" if cents else amount


def _value(written: str) -> Decimal:
    """``15 000`` and ``1.250.000`` are whole, ``12,50`` is not."""
    return Decimal(_GROUPED.sub("", written).replace(",", "."))


def _percents(text: str, spoken: Tongue) -> str:
    def said(found: re.Match[str]) -> str:
        minus = f"{spoken.table['minus']} " if found[1] else ""
        return f"{minus}{spoken.decimal(_value(found[2]))} {spoken.table['percent']}"

    return _PERCENT.sub(said, text)


def _quantities(text: str, spoken: Tongue) -> str:
    def said(found: re.Match[str]) -> str:
        phrase: str = spoken.table["times"]
        return phrase.format(spoken.cardinal(int(found[1])))

    return _TIMES_BEFORE.sub(said, _TIMES_AFTER.sub(lambda found: f", {said(found)}", text))


def _ordinals(text: str, spoken: Tongue) -> str:
    def said(found: re.Match[str]) -> str:
        if found[1] == "1" and spoken.language == "fr":
            return "premier" if found[2] == "er" else "première"
        return spoken.ordinal(int(found[1]))

    return _ORDINAL[spoken.language].sub(said, text)


def _units(text: str, spoken: Tongue) -> str:
    units: dict[str, list[str]] = spoken.table["units"]
    names = "|".join(sorted(units, key=len, reverse=True))

    def said(found: re.Match[str]) -> str:
        value = _value(found[1])
        name = found[2] if found[2] in units else found[2].lower()
        word = units[name][abs(value) >= 2 if spoken.language == "fr" else value != 1]
        number = spoken.count(int(value), word) if value == int(value) else spoken.decimal(value)
        return f"{number} {word}"

    return re.sub(rf"(?<![\w.,])({_NUMBER}) ?({names}|MIN|KG|ML)\b(?!['’])", said, text)


def _codes(text: str, spoken: Tongue) -> str:
    """``ROBE1`` is ``robe un``; what cannot be read as a word is spelled."""

    def said(found: re.Match[str]) -> str:
        code = found[0].lstrip("#")
        simple = _SIMPLE_CODE.fullmatch(code)
        if not simple:
            return ", ".join(_part(part, spoken) for part in code.split("-"))
        return f"{_word(simple[1], spoken)} {_figure(simple[2], spoken)}"

    return _CODE.sub(said, text)


def _part(part: str, spoken: Tongue) -> str:
    pieces = _CODE_PARTS.findall(part)
    if len(pieces) == 1 and not part.isdigit():
        return _word(part, spoken)
    return " ".join(_figure(piece, spoken) if piece.isdigit() else _word(piece, spoken) for piece in pieces)


def _word(letters: str, spoken: Tongue) -> str:
    if spoken.is_known_to_voices(letters):
        return letters
    return letters.lower() if spoken.is_readable(letters) else spoken.spelled(letters)


def _figure(digits: str, spoken: Tongue) -> str:
    if digits[0] == "0" or len(digits) > 4:
        return spoken.digits(digits)
    return spoken.cardinal(int(digits))


def _abbreviations(text: str, spoken: Tongue) -> str:
    table: dict[str, str] = spoken.table["abbreviations"]
    names = "|".join(re.escape(name) for name in sorted(table, key=len, reverse=True))
    return re.sub(rf"(?<!\w)(?:{names})(?!\w)", lambda found: table[found[0]], text)


def _numbers(text: str, spoken: Tongue) -> str:
    text = _RANGE.sub(f" {spoken.table['to']} ", _OUT_OF.sub(f" {spoken.table['of']} ", text))

    def said(found: re.Match[str]) -> str:
        minus = spoken.table["minus"] + " " if found[1] else ""
        if found[2].isdigit() and (len(found[2]) > 7 or (found[2][0] == "0" and len(found[2]) > 1)):
            return minus + " ".join(spoken.grouped(pair) for pair in _pairs(found[2]))
        value = _value(found[2])
        if value != int(value):
            return minus + spoken.decimal(value)
        return minus + spoken.count(int(value), found[3] or "")

    return _BARE.sub(said, _STUCK.sub(" ", text))


def _capitals(text: str, spoken: Tongue) -> str:
    """Words in capitals are words, and so are the short ones beside them; initials are letters."""

    def said(found: re.Match[str]) -> str:
        words = re.split(r"([' ])", found[0])
        if len(words) == 1:
            return _word(found[0], spoken) if len(found[0]) > 1 else found[0]
        shouted = any(spoken.is_readable(word) for word in words)
        return "".join(
            word.lower() if shouted and spoken.is_short_word(word) else _word(word, spoken) for word in words
        )

    return _CAPITALS.sub(said, text)


def _signs(text: str, spoken: Tongue) -> str:
    for sign, word in spoken.table["symbols"].items():
        text = text.replace(sign, f" {word} ")
    either = spoken.table["or"]
    text = _SLASH.sub(f" {either} ", text.replace(f"/{either}", f" {either}"))
    text = _QUOTES.sub("", _BRACKETS.sub(", ", text))
    text = re.sub(r"\s*[·•|▪◦]\s*", ", ", text)
    return re.sub(r"\s+[-–—/]\s+", ", ", text).replace("#", "").replace("…", ".")


def _punctuated(text: str) -> str:
    """Each line a sentence, and no sign twice."""
    lines = []
    for line in text.split("\n"):
        line = re.sub(r"^[\s,.;:!?-]+|[\s,-]+$", "", line)
        if re.search(r"\w", line):
            lines.append(line if _LINE_END.search(line) else f"{line}.")
    text = re.sub(r"\s+", " ", " ".join(lines))
    text = re.sub(r"\s+([.,])", r"\1", re.sub(r"\s*,[\s,]*(?=[,.;:!?])", "", text))
    text = re.sub(r"\s*([:;])\s*(?=[.,!?])", "", text)
    text = re.sub(r"([.,;:!?])\s*,", r"\1", text)
    return re.sub(r",\s*", ", ", text).strip()
