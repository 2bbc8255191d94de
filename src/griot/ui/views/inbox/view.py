"""The view that the files of this folder make."""

from griot.ui.registry import View

view = View(
    "inbox",
    "conversations:read",
    concerns=("conversation.", "reply.", "rating.", "case.", "faq.", "order.", "payment."),
)
