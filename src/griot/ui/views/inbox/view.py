"""The view that the files of this folder make."""

from griot.ui.registry import View

# Personal: each sees their own thumbs.
view = View(
    "inbox",
    "conversations:read",
    concerns=("conversation.", "reply.", "rating.", "case.", "faq.", "order.", "payment."),
    personal=True,
)
