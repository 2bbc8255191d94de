"""Orders: the book of all channels in columns, a card for each, and orders taken down by hand."""

from griot.ui.views.orders import acts, pages
from griot.ui.views.orders.view import view

__all__ = ["acts", "pages", "view"]
