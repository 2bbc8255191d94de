"""The views, in the order in which they are offered. To add one: write its file, name it here, give it words."""

from griot.core.errors import Forbidden
from griot.ui.desk import Desk
from griot.ui.registry import Guarded, View
from griot.ui.views import catalogue, customers, inbox, live, orders, phone, quality, settings, today

_ORDER = (today, live, inbox, orders, catalogue, customers, quality, settings, phone)

VIEWS: dict[str, View] = {module.view.name: module.view for module in _ORDER}
ACTS: dict[str, Guarded] = {name: door for view in VIEWS.values() for name, door in view.acts.items()}
FILES: dict[str, Guarded] = {name: door for view in VIEWS.values() for name, door in view.files.items()}


def offered(desk: Desk) -> list[View]:
    """The views that somebody may see."""
    return [view for view in VIEWS.values() if desk.may(view.scope)]


def first_view(desk: Desk) -> View:
    """Where somebody begins."""
    for view in offered(desk):
        return view
    raise Forbidden("There is nothing for you to see here: ask an owner.")
