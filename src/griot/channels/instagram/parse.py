"""Instagram's webhooks: direct messages (``griot.channels.meta.direct``), and comments under posts, reels and lives."""

from typing import Any

from griot.channels.meta.content import Content
from griot.channels.meta.direct import DirectReader
from griot.channels.model import Sender
from griot.channels.tolerant import as_id, as_object, as_text, as_time, present


class InstagramReader(DirectReader):
    """Comments come as changes, or flat in the entry; their id is called ``id`` or ``comment_id``."""

    channel = "Instagram"
    comments = ("comments", "live_comments")

    def comment(self, value: dict[str, Any], field: str, entry: dict[str, Any]) -> None:
        account = as_id(entry.get("id"))
        comment_id = as_id(value.get("id")) or as_id(value.get("comment_id"))
        writer = as_object(value.get("from"))
        writer_id = as_id(writer.get("id"))
        if not comment_id:
            return self.ignore(account, field, "it has no id", value)
        if not writer_id:
            return self.ignore(account, field, "it names nobody", value)
        if writer_id == account or as_id(writer.get("self_ig_scoped_id")):
            return self.ignore(account, field, "the account's own", value)
        media = as_object(value.get("media"))
        payload = present(
            comment_id=comment_id,
            media_id=as_id(media.get("id")) or as_id(value.get("media_id")),
            live=True if field == "live_comments" or as_id(media.get("media_product_type")) == "LIVE" else None,
            parent_id=as_id(value.get("parent_id")),
            ad_id=as_id(media.get("ad_id")),
        )
        content = Content("comment", as_text(value.get("text")), payload)
        at = as_time(value.get("timestamp")) or as_time(entry.get("time"))
        sender = Sender(writer_id, name=as_text(writer.get("username")))
        return self.told(comment_id, account, sender, content, at, value)


parse = InstagramReader.parse
parse_bytes = InstagramReader.parse_bytes
