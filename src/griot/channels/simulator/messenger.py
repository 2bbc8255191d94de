"""Facebook pages: what Messenger does differently from Instagram."""

import secrets
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from griot.channels.simulator.behaviour import one_of, rate
from griot.channels.simulator.deliveries import Update
from griot.channels.simulator.model import Person
from griot.channels.simulator.social import updates
from griot.channels.simulator.social.actions import Event
from griot.channels.simulator.social.errors import Refused
from griot.channels.simulator.social.posts import Comment, Post
from griot.channels.simulator.social.profile import Profile, ProfileBehaviour, Sent
from griot.channels.simulator.social.rules import AUDIO, IMAGE, VIDEO, Limits
from griot.channels.simulator.world import World
from griot.core.errors import InvalidInput

COMMENTS = frozenset({"feed"})
DAY = timedelta(hours=24)


@dataclass(slots=True)
class PageBehaviour(ProfileBehaviour):
    """``comment_shape``: who commented is in ``from``, or in ``sender_id`` and ``sender_name``."""

    shape: str = one_of("shape", "messaging", "standby")
    comment_shape: str = one_of("comment_shape", "from", "sender")
    daily: float | None = rate("daily", 200.0, "messages in 24 hours for each person who talked in them")


class Page(Profile):
    """A Facebook page."""

    platform = "messenger"
    limits = Limits(
        longest=2000,
        unit="characters",
        size=len,
        types={"audio": AUDIO, "file": None, "image": IMAGE, "video": VIDEO},
        typed=True,
        metadata=True,
    )
    nobody = 2018001
    outside = 2018278
    behaviour: PageBehaviour

    def __init__(self, account_id: str, world: World, **known: Any) -> None:
        super().__init__(account_id, world, PageBehaviour(), **known)
        self._calls: deque[datetime] = deque()  # messages of the last 24 hours

    def envelope(self, batch: Sequence[Update]) -> bytes:
        now = self.world.clock.now()
        talk, comments = updates.grouped(batch, COMMENTS)
        entries = updates.conversations(self.id, talk, now, key=self.behaviour.shape, together=False)
        entries += updates.comments(self.id, comments, now, flat=False)
        return updates.encoded("page", entries, wrapped=self.behaviour.wrapped)

    def new_mid(self) -> str:
        return "m_" + secrets.token_urlsafe(64)

    def new_comment_id(self, post: Post) -> str:
        return f"{post.id}_{super().new_comment_id(post)}"

    def receipt(self, sent: Sent, name: str) -> tuple[str, dict[str, Any]]:
        watermark = updates.milliseconds(sent.at)
        if name == "delivered":
            return "delivery", {"mids": [sent.mid], "watermark": watermark}
        return "read", {"watermark": watermark}

    def echo_of(self, sent: Sent, *, by_app: bool) -> dict[str, Any]:
        if not by_app:
            return {}
        metadata = {"metadata": sent.message["metadata"]} if "metadata" in sent.message else {}
        return {"app_id": int(self.app_id), **metadata}

    def comment_update(self, comment: Comment, verb: str) -> Update:
        post = f"{self.id}_{comment.post.id}"
        who, _ = self.commenter(comment)
        name = comment.person.name if comment.person else self.name
        sender = {"sender_id": who, "sender_name": name}
        value = {
            **(sender if self.behaviour.comment_shape == "sender" else {"from": {"id": who, "name": name}}),
            "item": "comment",
            "verb": verb,
            "comment_id": comment.id,
            "post_id": post,
            "parent_id": comment.parent or post,
            "created_time": int(comment.at.timestamp()),
            "message": comment.text,
        }
        return Update("messages", value, field="feed")

    def unanswerable(self, comment: Comment) -> Refused:
        return Refused(10900 if comment.answered else 10902)

    def about(self, person: Person) -> dict[str, Any]:
        first, _, last = person.name.partition(" ")
        picture = f"{self.world.graph_url}/cdn/0"
        return {"first_name": first, "last_name": last, "name": person.name, "profile_pic": picture}

    def check_deliverable(self, event: Event) -> None:
        if event.content.get("is_deleted"):
            raise InvalidInput("Messenger does not tell of messages taken back.")

    def check_quota(self, now: datetime) -> None:
        if self.behaviour.daily is None:
            return
        while self._calls and now - self._calls[0] > DAY:
            self._calls.popleft()
        talked = {thread.person.user_id for thread in self.threads.values() if thread.window_open(now, DAY)}
        talked |= {each.person.user_id for each in self.wall.comments.values() if each.person and now - each.at <= DAY}
        if len(self._calls) >= self.behaviour.daily * max(1, len(talked)):  # who is answered late has talked before
            raise Refused(self.busy)
        self._calls.append(now)
