"""A buyer in front of a browser: opens a payment link, presses a means, pays on the provider's page, comes back."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Literal
from urllib.parse import urljoin

import httpx

from griot.core.errors import Conflict, FarEndError


@dataclass(slots=True)
class Form:
    """A form of a page: where it goes, its hidden fields and its buttons as (name, value)."""

    action: str
    fields: dict[str, str] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[Form] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.found.append(Form(given.get("action", "")))
        elif tag == "input" and self.found and given.get("type") == "hidden":
            self.found[-1].fields[given["name"]] = given.get("value", "")
        elif tag == "button" and self.found and "name" in given:
            self.found[-1].buttons.append((given["name"], given.get("value", "")))


def forms(html: str) -> list[Form]:
    """The forms of a page, in order."""
    parser = _Forms()
    parser.feed(html)
    return parser.found


class Payer:
    """One buyer. ``http`` keeps the cookies, so every buyer needs a client of their own."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self._http = http

    async def open(self, url: str) -> httpx.Response:
        """Look at a page, following redirects as a browser does."""
        return await self._http.get(url, follow_redirects=True)

    async def press(self, page: httpx.Response, name: str, value: str | None = None) -> httpx.Response:
        """Press a button of a page: the one with this value, else the first of this name."""
        for form in forms(page.text):
            for button, content in form.buttons:
                if button == name and value in (None, content):
                    target = urljoin(str(page.url), form.action)
                    data = {**form.fields, button: content}
                    return await self._http.post(target, data=data, follow_redirects=True)
        raise Conflict(f"The page {page.url} has no button {name!r} {value or ''}: {page.status_code}")

    async def pay(
        self, link: str, means: str | None = None, outcome: Literal["paid", "failed"] = "paid"
    ) -> httpx.Response:
        """The whole way: from the link in the message to the page that the provider sends the buyer back to.

        Raises ``Conflict`` when a page has nothing to press, ``FarEndError`` when the way ends in an error.
        """
        page = await self.open(link)
        hosted = await self.press(page, "means", means)
        back = await self.press(hosted, "outcome", outcome)
        if back.is_error:
            raise FarEndError(f"The payment ended on {back.url} with {back.status_code}.")
        return back
