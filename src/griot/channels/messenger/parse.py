"""Messenger's webhooks: direct messages (``griot.channels.meta.direct``), and comments in the feed of the page."""

from typing import Any

from griot.channels.meta.content import Content
from griot.channels.meta.direct import DirectReader
from griot.channels.model import Sender
from griot.channels.tolerant import as_id, as_object, as_text, as_time, present

_REMOVED = ("remove", "hide", "delete")
_EDITED = ("edited", "edit", "update")


class MessengerReader(DirectReader):
    """Comments are one item of the field ``feed``, beside posts, likes and shares; those of live videos are, too."""

    channel = "Messenger"
    comments = ("feed",)

    def comment(self, value: dict[str, Any], field: str, entry: dict[str, Any]) -> None:
        account = as_id(entry.get("id"))
        item, verb = as_id(value.get("item")) or field, as_id(value.get("verb")) or "add"
        comment_id = as_id(value.get("comment_id"))
        writer = as_object(value.get("from"))
        writer_id = as_id(writer.get("id")) or as_id(value.get("sender_id"))
        if item != "comment":
            return self.ignore(account, field, f"nothing in a conversation depends on {item}", value)
        if not comment_id:
            return self.ignore(account, field, "it has no id", value)
        if not writer_id:
            return self.ignore(account, field, "it names nobody", value)
        if writer_id == account:
            return self.ignore(account, field, "the account's own", value)
        at = as_time(value.get("created_time")) or as_time(entry.get("time"))
        sender = Sender(writer_id, name=as_text(writer.get("name")) or as_text(value.get("sender_name")))
        text = as_text(value.get("message"))
        if verb in _REMOVED:
            gone = Content("revoke", None, {"message_id": comment_id, "comment_id": comment_id})
            return self.told(f"{comment_id}:{verb}", account, sender, gone, at, value)
        if verb in _EDITED:
            edit = Content("edit", text, {"message_id": comment_id, "comment_id": comment_id, "kind": "comment"})
            return self.told(f"{comment_id}:edited:{as_id(entry.get('time'))}", account, sender, edit, at, value)
        payload = present(
            comment_id=comment_id,
            post_id=as_id(value.get("post_id")),
            parent_id=as_id(value.get("parent_id")),
            photo=as_id(value.get("photo")),
        )
        return self.told(comment_id, account, sender, Content("comment", text, payload), at, value)


parse = MessengerReader.parse
parse_bytes = MessengerReader.parse_bytes
