"""The inbox: conversations where to act first, what was said in one, answering, rating."""

from griot.ui.views.inbox import answering, files, rating, showing
from griot.ui.views.inbox.view import view

__all__ = ["answering", "files", "rating", "showing", "view"]
