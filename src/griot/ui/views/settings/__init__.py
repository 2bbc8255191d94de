"""What the shop is and how it works: a list of sections, each with its forms and what its forms do."""

from griot.ui.desk import Desk
from griot.ui.registry import Address, Shown
from griot.ui.views.settings import audit, channels, hours, keys, papers, payments, people, rules, shop, texts, you
from griot.ui.views.settings.view import Section, index, section_at, view

__all__ = ["view"]

SECTIONS: tuple[Section, ...] = (
    shop.section,
    hours.section,
    texts.section,
    rules.section,
    payments.section,
    papers.section,
    channels.section,
    people.section,
    keys.section,
    audit.section,
    you.section,
)


@view.show
async def show(desk: Desk, at: Address) -> Shown:
    """``/settings``: the sections; ``/settings/hours`` and so on: one of them."""
    return await section_at(desk, at, SECTIONS) if at.rest else index(desk, SECTIONS)
