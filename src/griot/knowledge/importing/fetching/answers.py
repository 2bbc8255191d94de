"""Who asks, and what a shop's answer means when it is no page."""

from urllib.parse import urlsplit

from griot.core.settings import Settings
from griot.knowledge.importing.fetching.errors import EXPORT, BadAnswer, Busy

AGENT = "GriotImport"  # the name that a robots.txt can address
_SHOWN = 80  # characters of an address in a sentence


def user_agent(config: Settings) -> str:
    """How imports present themselves: a name of our own and whom to write to."""
    contact = config.import_contact.strip()
    if not contact and (urlsplit(config.public_url).hostname or "127.") not in ("127.0.0.1", "localhost", "127."):
        contact = config.public_url
    plain = "".join(sign for sign in contact if " " <= sign <= "~" and sign not in "()")
    return f"{AGENT}/1.0 (reads a shop's catalogue for its owner{f'; +{plain}' if plain else ''})"


def refused_by_status(host: str, code: int) -> None:
    """Raise BadAnswer for a status that is no success."""
    if 200 <= code < 300:
        return
    if code in (404, 410):
        raise BadAnswer(code, f"{host} has no such page", "check the address in a browser")
    if code in (401, 402, 403, 407, 451):
        raise BadAnswer(
            code,
            f"{host} does not let us see this page ({code})",
            f"let {AGENT} through in the shop's settings, or {EXPORT}",
        )
    if code >= 500:
        raise BadAnswer(code, f"{host} has a fault at the moment ({code})", "try again later")
    raise BadAnswer(code, f"{host} answers this address with an error ({code})", "check the address in a browser")


def shortened(text: str) -> str:
    """A text as long as a sentence has room for."""
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def busy(host: str, code: int, asked: float | None) -> Busy:
    """The error for a shop that stays busy. ``asked``: seconds it wants us to wait."""
    when = f"in {max(1, round(asked / 60))} minutes" if asked else "in an hour"
    return Busy(f"{host} is busy and asks for fewer requests ({code})", f"try again {when}")
