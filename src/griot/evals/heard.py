"""A reply, with what it may draw on."""

from dataclasses import dataclass

from griot.evals.models import Json, ShopSource


@dataclass(frozen=True, slots=True)
class Heard:
    """A reply, with what buyer and shop said before it.

    ``said``: what the buyer wrote so far; ``told``: what the shop answered before; ``deposit``: the shop's share.
    """

    reply: str
    said: str
    told: str
    source: ShopSource
    buyer: str | None
    effects: tuple[Json, ...]
    deposit: int = 0

    @property
    def known(self) -> str:
        """What the buyer has read already, or anybody may read."""
        source = self.source
        public = [source.name, *(f"{row.title} {row.description} {row.price}" for row in source.products)]
        public += [f"{entry.question} {entry.answer}" for entry in source.faq]
        return "\n".join([self.said, self.told, self.buyer or "", *public])
