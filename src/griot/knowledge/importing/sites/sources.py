"""What a merchant pasted: the address of a site, a Google Sheet, an Instagram shop, or nothing that can be read."""

import re
from dataclasses import dataclass
from typing import Literal
from urllib.parse import parse_qsl, urlencode, urlsplit

from griot.knowledge.importing.fetching.errors import AddressRefused

Kind = Literal["site", "sheet", "instagram"]

_LONGEST = 4_000  # characters of what is pasted
_EDGES = " \t\r\n\u00a0\u200b\u200c\u200d\u200e\u200f\u2060\ufeff<>\"'“”«»"
_WITHIN = re.compile(r"(?i)\bhttps?://[^\s<>\"“”«»]+|(?<![\w@.])(?:[\w-]+\.)+[a-z]{2,}(?::\d+)?(?:/[^\s<>\"“”«»]*)?")
_HANDLE = re.compile(r"^@([A-Za-z0-9_.]{1,30})$")
_SHEET = re.compile(r"^/spreadsheets/(?:u/\d+/)?d/(?P<key>e/[\w-]{20,}|[\w-]{20,})(?:/(?P<what>\w+))?")
_GID = re.compile(r"(?:^|[?&#])gid=(\d{1,20})")
_EXPORT = "export your articles to a file there and send that"
_NOT_READ = {
    "facebook.com": "Facebook shows its shops to nobody without an account",
    "fb.com": "Facebook shows its shops to nobody without an account",
    "fb.me": "Facebook shows its shops to nobody without an account",
    "tiktok.com": "TikTok shows its shops to nobody without an account",
    "wa.me": "WhatsApp shows its catalogues to nobody without an account",
    "whatsapp.com": "WhatsApp shows its catalogues to nobody without an account",
    "drive.google.com": "A file on Google Drive cannot be read from its page",
    "dropbox.com": "A file on Dropbox cannot be read from its page",
    "1drv.ms": "A file on OneDrive cannot be read from its page",
}
_DO_INSTEAD = {
    "drive.google.com": "open it with Google Sheets and give that address, or download the file and send it",
    "dropbox.com": "download the file and send it",
    "1drv.ms": "download the file and send it",
}


@dataclass(frozen=True, slots=True)
class Source:
    """``address``: to be fetched first, of a sheet its export; ``named``: whether it named its scheme (http, https)."""

    kind: Kind
    address: str
    handle: str = ""
    named: bool = True


def understand(text: str) -> Source:
    """What was pasted. Raises AddressRefused for what holds no address, and for places that cannot be read."""
    if len(text) > _LONGEST:
        raise AddressRefused("This text is too long to be an address", "paste the address of your shop alone")
    pasted = text.strip(_EDGES)
    handle = _HANDLE.match(pasted)
    if handle:
        return Source("instagram", f"https://www.instagram.com/{handle[1]}/", handle[1])
    address = _address_in(pasted)
    named = bool(re.match(r"(?i)[a-z][a-z0-9+.-]*://", address))
    try:
        parts = urlsplit(address if named else f"https://{address.lstrip('/')}")
        host = (parts.hostname or "").removeprefix("www.").rstrip(".")
    except ValueError:
        raise AddressRefused("The address is not written as addresses are", "copy it from a browser") from None
    if host == "docs.google.com":
        return _document(parts.path, parts.query, parts.fragment)
    if host in ("instagram.com", "instagr.am", "m.instagram.com"):
        name = next((part for part in parts.path.split("/") if part and part not in ("p", "reel", "shop")), "")
        return Source("instagram", address, name[:30])
    for place, why in _NOT_READ.items():
        if host == place or host.endswith(f".{place}"):
            raise AddressRefused(why, _DO_INSTEAD.get(place, _EXPORT))
    return Source("site", address, named=named)


def _address_in(pasted: str) -> str:
    """The address itself, or the first one in a sentence (``voici ma boutique : kadia.sn``)."""
    if not re.search(r"\s", pasted):
        return pasted
    found = _WITHIN.search(pasted)
    if found is None:
        raise AddressRefused(
            "There is no address in this text", "paste the one of your shop, such as https://shop.example.com"
        )
    return found[0].rstrip(".,;:!?)")


def _document(path: str, query: str, fragment: str) -> Source:
    """The CSV of the tab that a sheet's address shows (snapsheets' notes on Google's export addresses)."""
    found = _SHEET.match(path)
    if found is None:
        raise AddressRefused(
            "This Google document is no sheet of rows and columns", "give the address of a Google Sheet, or send a file"
        )
    gid = _GID.search(fragment) or _GID.search(query)
    sheet = f"https://docs.google.com/spreadsheets/d/{found['key']}"
    if found["key"].startswith("e/"):
        kept = {"gid": gid[1], "single": "true"} if gid else {}
        return Source("sheet", with_query(f"{sheet}/pub", output="csv", **kept))
    kept = {"gid": gid[1]} if gid else {}
    return Source("sheet", with_query(f"{sheet}/export", format="csv", **kept))


def with_query(url: str, **values: object) -> str:
    """An address with query parameters set, others kept."""
    base, _, _ = url.partition("#")
    path, _, query = base.partition("?")
    kept = [(name, value) for name, value in parse_qsl(query, keep_blank_values=True) if name not in values]
    return f"{path}?{urlencode([*kept, *((name, str(value)) for name, value in values.items())])}"
