"""Instagram professional accounts: what they do differently from Facebook pages."""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from griot.channels.simulator.behaviour import one_of
from griot.channels.simulator.deliveries import Update
from griot.channels.simulator.model import Person
from griot.channels.simulator.social import updates
from griot.channels.simulator.social.actions import Event
from griot.channels.simulator.social.errors import Refused
from griot.channels.simulator.social.posts import Comment
from griot.channels.simulator.social.profile import Profile, ProfileBehaviour, Sent
from griot.channels.simulator.social.rules import AUDIO, IMAGE, VIDEO, Limits
from griot.channels.simulator.world import World
from griot.core.errors import InvalidInput

COMMENTS = frozenset({"comments", "live_comments"})
PRODUCT = {"feed": "FEED", "live": "LIVE", "reel": "REELS"}


@dataclass(slots=True)
class InstagramBehaviour(ProfileBehaviour):
    """``comment_shape``: changes (a real delivery), flat (Meta's example of the Instagram login), comment_id (its
    example of the Facebook login). ``layout``: a batch in one entry, or an entry each.
    """

    shape: str = one_of("shape", "messaging", "changes", "standby")
    comment_shape: str = one_of("comment_shape", "changes", "flat", "comment_id")
    layout: str = one_of("layout", "value", "entries")


class InstagramAccount(Profile):
    """An Instagram professional account."""

    platform = "instagram"
    limits = Limits(
        longest=1000,
        unit="bytes",
        size=lambda text: len(text.encode()),
        types={"audio": AUDIO, "file": frozenset({"application/pdf"}), "image": IMAGE, "video": VIDEO},
        typed=False,
        metadata=False,
    )
    nobody = 2534014
    outside = 2534022
    behaviour: InstagramBehaviour

    def __init__(self, account_id: str, world: World, **known: Any) -> None:
        super().__init__(account_id, world, InstagramBehaviour(), **known)

    def envelope(self, batch: Sequence[Update]) -> bytes:
        behaviour, now = self.behaviour, self.world.clock.now()
        talk, comments = updates.grouped(batch, COMMENTS)
        if behaviour.shape == "changes":
            entries = updates.conversation_changes(self.id, talk, now)
        else:
            together = behaviour.layout == "value"
            entries = updates.conversations(self.id, talk, now, key=behaviour.shape, together=together)
        entries += updates.comments(self.id, comments, now, flat=behaviour.comment_shape == "flat")
        return updates.encoded("instagram", entries, wrapped=behaviour.wrapped)

    def new_mid(self) -> str:
        return "aWdfZAG1faXRlbToxOklHTWVzc2FnZAUlE" + secrets.token_urlsafe(48)

    def reported(self, statuses: Iterable[str]) -> list[str]:
        return [status for status in statuses if status in {"sent", "read"}]

    def receipt(self, sent: Sent, name: str) -> tuple[str, dict[str, Any]]:
        return "read", {"mid": sent.mid}

    def echo_of(self, sent: Sent, *, by_app: bool) -> dict[str, Any]:
        return {}

    def comment_update(self, comment: Comment, verb: str) -> Update | None:
        if verb != "add":
            return None
        key = "comment_id" if self.behaviour.comment_shape == "comment_id" else "id"
        who, username = self.commenter(comment)
        value: dict[str, Any] = {
            "from": {"id": who, "username": username},
            "media": {"id": comment.post.id, "media_product_type": PRODUCT[comment.post.kind]},
            key: comment.id,
            "text": comment.text,
        }
        if comment.parent:
            value["parent_id"] = comment.parent
        return Update("messages", value, field="live_comments" if comment.post.kind == "live" else "comments")

    def unanswerable(self, comment: Comment) -> Refused:
        return Refused(100, 2534025)

    def about(self, person: Person) -> dict[str, Any]:
        return {"name": person.name, "username": person.handle, "profile_pic": f"{self.world.graph_url}/cdn/0"}

    def check_deliverable(self, event: Event) -> None:
        kinds = {attachment["type"] for attachment in event.content.get("attachments", ())}
        if "location" in kinds:
            raise InvalidInput("A place cannot be sent on Instagram.")
