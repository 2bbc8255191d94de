"""The catalogue: ``view`` is the list and the way to the rest, the other files bring the acts of their pages."""

from griot.ui.views.catalogue import answers, imports, product
from griot.ui.views.catalogue.page import view

__all__ = ["answers", "imports", "product", "view"]
