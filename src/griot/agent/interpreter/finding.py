"""The shop's search for one turn: what was looked up once is not looked up again."""

from griot.agent.mind.models import Finder
from griot.knowledge.search.models import Hit, Mention


class Once:
    """A finder that remembers its answers. A turn hears the same earlier messages many times."""

    def __init__(self, finder: Finder) -> None:
        self._finder = finder
        self._products: dict[tuple[str, int], list[Hit]] = {}
        self._faq: dict[tuple[str, int], list[Hit]] = {}
        self._mentions: dict[str, list[Mention]] = {}

    def products(self, words: str, k: int = 5) -> list[Hit]:
        if (words, k) not in self._products:
            self._products[words, k] = self._finder.products(words, k)
        return self._products[words, k]

    def faq(self, words: str, k: int = 5) -> list[Hit]:
        if (words, k) not in self._faq:
            self._faq[words, k] = self._finder.faq(words, k)
        return self._faq[words, k]

    def mentions(self, words: str) -> list[Mention]:
        if words not in self._mentions:
            self._mentions[words] = self._finder.mentions(words)
        return self._mentions[words]
