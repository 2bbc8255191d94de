"""An account whose people write direct messages and comment: what Instagram and Messenger share."""

import hashlib
import secrets
from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any, ClassVar

from starlette.datastructures import FormData, UploadFile

from griot.channels.simulator.accounts import TYPING, Accepted, Account, Thread
from griot.channels.simulator.behaviour import Behaviour, flag, one_of, rate, seconds
from griot.channels.simulator.deliveries import Update
from griot.channels.simulator.errors import NoSuchObject, chosen
from griot.channels.simulator.faults import Fault, Kind
from griot.channels.simulator.gestures import file_bytes
from griot.channels.simulator.limits import Throughput
from griot.channels.simulator.model import Person
from griot.channels.simulator.social import rules, updates
from griot.channels.simulator.social.actions import KINDS as MEDIA_KINDS
from griot.channels.simulator.social.actions import Event, events
from griot.channels.simulator.social.errors import Refused, wrong
from griot.channels.simulator.social.posts import Comment, Post, Wall
from griot.channels.simulator.social.screen import screen
from griot.channels.simulator.world import World
from griot.core.errors import InvalidInput

HUMAN_WINDOW = timedelta(days=7)
HOUR = 3600.0


@dataclass(slots=True)
class ProfileBehaviour(Behaviour):
    """How Meta behaves towards an Instagram account or a page."""

    window: str = one_of("window", "refused", "off")  # outside 24 hours
    human_agent: bool = flag("human_agent", True)  # whether the app may use the tag
    throughput: float | None = rate("throughput", 300.0, "messages a second")
    media_throughput: float | None = rate("media_throughput", 10.0, "messages with audio or video a second")
    private_replies: float | None = rate("private_replies", 750.0, "replies an hour")  # to posts and reels
    live_replies: float | None = rate("live_replies", 100.0, "replies a second")  # to lives
    attachment_life: float = seconds("attachment_life", 3600.0)  # of the address of what a person sends
    wrapped: bool = flag("wrapped", False)  # webhook bodies inside a list


@dataclass(frozen=True, slots=True)
class Sent:
    """An accepted message, as far as its echo and receipts need it."""

    mid: str
    person: Person
    message: dict[str, Any]
    at: datetime


class Profile(Account):
    """An Instagram professional account or a Facebook page; people are known to it by ids of its own.

    ``name`` is its username or its page's name, ``app_id`` that of the app that sends.
    """

    upload_edge = "message_attachments"
    identity = frozenset({"app_id", "name"})
    broken = 2
    busy = 613
    limits: ClassVar[rules.Limits]
    nobody: ClassVar[int]  # sub-code: there is no such person
    outside: ClassVar[int]  # sub-code: the window is closed
    behaviour: ProfileBehaviour

    def __init__(
        self,
        account_id: str,
        world: World,
        behaviour: ProfileBehaviour,
        *,
        name: str = "",
        app_id: str = "1517776481860",
    ) -> None:
        super().__init__(account_id, world, behaviour)
        self.name = name or f"shop{account_id[-4:]}"
        self.app_id = app_id
        self.wall = Wall()
        self._people: dict[str, Person] = {}  # by scoped id
        self._media, self._private, self._live = Throughput(), Throughput(HOUR), Throughput()

    # What the platforms do in their own way

    @abstractmethod
    def new_mid(self) -> str:
        """A message id as the platform makes them."""

    def new_comment_id(self, post: Post) -> str:
        return str(17_900_000_000_000_000 + secrets.randbelow(10**14))

    @abstractmethod
    def comment_update(self, comment: Comment, verb: str) -> Update | None:
        """What the webhook says of a comment that was added, edited or removed; None when it says nothing."""

    @abstractmethod
    def about(self, person: Person) -> dict[str, Any]:
        """What the account may know of somebody who wrote to it."""

    @abstractmethod
    def unanswerable(self, comment: Comment) -> Refused:
        """The refusal of a private reply that comes too late, or is the second one to its comment."""

    @abstractmethod
    def echo_of(self, sent: Sent, *, by_app: bool) -> dict[str, Any]:
        """What the echo of a message has besides its content; ``by_app`` False when the vendor wrote it by hand."""

    def check_deliverable(self, event: Event) -> None:
        """Raises ``InvalidInput`` for an event that people cannot send on this platform."""

    def check_quota(self, now: datetime) -> None:
        """Raises ``Refused`` when a limit of the platform's own is reached."""

    # People

    def scoped_id(self, person: Person) -> str:
        """By which id this account knows somebody; no other account has the same one."""
        number = int.from_bytes(hashlib.sha256(f"{self.id}:{person.user_id}".encode()).digest()[:8])
        return str(10**15 + number % (9 * 10**15))

    def thread(self, person: Person) -> Thread:
        self._people[self.scoped_id(person)] = person
        return super().thread(person)

    def describe(self, object_id: str, query: Mapping[str, str]) -> dict[str, Any] | None:
        """The account itself, or the public profile of somebody who has written."""
        if object_id in (self.id, "me"):
            return chosen({"name": self.name, "username": self.name, "id": self.id}, query)
        person = self._people.get(object_id)
        if person is None:
            return None
        if self.thread(person).last_written is None:
            raise Refused(230)
        return chosen({**self.about(person), "id": object_id}, query)

    # From the business to a person

    def refusal(self, code: int, subcode: int | None = None) -> Refused:
        return Refused(code, subcode)

    def check(self, payload: Any) -> dict[str, Any]:
        if not isinstance(payload, dict):
            raise wrong("The request body must be a JSON object.")
        return payload

    def instruct(self, payload: dict[str, Any]) -> dict[str, Any] | None:
        if "sender_action" not in payload:
            return None
        request = rules.check_request(payload, self.limits)
        thread = self._thread_of(request.person)
        match request.action:
            case "mark_seen":
                if thread.written:
                    self.read_until(thread.written[-1])
            case "typing_on":
                thread.typing_until = self.world.clock.now() + TYPING
            case "typing_off":
                thread.typing_until = None
        return {"recipient_id": request.person}

    def addressee(self, payload: dict[str, Any]) -> Any:
        recipient = payload.get("recipient")
        return next(iter(recipient.values()), None) if isinstance(recipient, dict) else None

    def send(self, payload: dict[str, Any], fault: Fault | None = None) -> Accepted:
        request = rules.check_request(payload, self.limits)
        assert request.message is not None
        now = self.world.clock.now()
        comment = self._comment(request.comment, now) if request.comment else None
        person = comment.person if comment else self._thread_of(request.person).person
        assert person is not None
        thread = self.thread(person)
        if not person.reachable:
            raise Refused(551, 1545041)
        if comment is None:
            self._check_window(thread, now, human=request.human)
        self._check_file(request.message)
        self._check_rates(request.message, comment, now)
        if comment is not None:
            comment.answered = True
        return self._accept(thread, request.message, fault, now)

    def _thread_of(self, scoped_id: str | None) -> Thread:
        person = self._people.get(scoped_id or "")
        if person is None:
            raise Refused(100, self.nobody)
        return self.thread(person)

    def _comment(self, comment_id: str, now: datetime) -> Comment:
        comment = self.wall.comments.get(comment_id)
        if comment is None:
            raise NoSuchObject("post", comment_id)
        if comment.answered or not comment.answerable(now):
            raise self.unanswerable(comment)
        return comment

    def _check_window(self, thread: Thread, now: datetime, *, human: bool) -> None:
        if human and not self.behaviour.human_agent:
            raise Refused(10)
        open_ = thread.window_open(now, HUMAN_WINDOW) if human else thread.window_open(now)
        if not open_ and self.behaviour.window != "off":
            raise Refused(10, self.outside)

    def _check_file(self, message: dict[str, Any]) -> None:
        media = rules.media_of(message)
        if media is None or "attachment_id" not in media[1]:
            return
        file = self.world.file(self.id, media[1]["attachment_id"])
        if file is None or file.kind != media[0]:
            raise wrong(f"There is no {media[0]} with the attachment_id {media[1]['attachment_id']}.")

    def _check_rates(self, message: dict[str, Any], comment: Comment | None, now: datetime) -> None:
        media, behaviour = rules.media_of(message), self.behaviour
        taken = self.throughput.take(behaviour.throughput, now)
        if media is not None and media[0] in {"audio", "video"}:
            taken = taken and self._media.take(behaviour.media_throughput, now)
        if comment is not None and comment.post.kind == "live":
            taken = taken and self._live.take(behaviour.live_replies, now)
        elif comment is not None:
            taken = taken and self._private.take(behaviour.private_replies, now)
        if not taken:
            raise Refused(self.busy)
        self.check_quota(now)

    def _accept(self, thread: Thread, message: dict[str, Any], fault: Fault | None, now: datetime) -> Accepted:
        mid = self.new_mid()
        self.count(thread, message.get("metadata"))
        if thread.shown and thread.shown[-1].content == message:
            self.counts["repeated"] += 1
        if fault is None or fault.kind is not Kind.FAIL_LATER:
            thread.show(mid, message, screen(message), now)
            self.plan(mid, partial(self._receipt, Sent(mid, thread.person, message, now)), fault)
        return Accepted(mid, {"recipient_id": self.scoped_id(thread.person), "message_id": mid})

    # Echoes and receipts

    def _receipt(self, sent: Sent, name: str, _code: int | None = None) -> Update:
        now = self.world.clock.now()
        if name == "sent":
            return self._echo("statuses", sent, by_app=True)
        key, content = self.receipt(sent, name)
        return updates.event("statuses", self.scoped_id(sent.person), self.id, now, key, content)

    @abstractmethod
    def receipt(self, sent: Sent, name: str) -> tuple[str, dict[str, Any]]:
        """The event (its name and content) that says a message was delivered or read."""

    def _echo(self, kind: str, sent: Sent, *, by_app: bool) -> Update:
        known = {name: sent.message[name] for name in ("text",) if name in sent.message}
        attachment = sent.message.get("attachment")
        if attachment is not None:
            payload = attachment["payload"]
            if "attachment_id" in payload:
                payload = {"url": self._address(payload["attachment_id"])}
            known["attachments"] = [{"type": attachment["type"], "payload": payload}]
        message = {"mid": sent.mid, **known, "is_echo": True, **self.echo_of(sent, by_app=by_app)}
        return updates.event(kind, self.id, self.scoped_id(sent.person), sent.at, "message", message)

    # From a person to the business

    def act(self, key: str, action: dict[str, Any]) -> str:
        person = self.world.person(key)
        match action:
            case {"comment": str(text), "on": str(post)}:
                return self._comment_on(post, person, text, action.get("reply_to"))
            case {"edit_comment": str(comment_id), "text": str(text)}:
                comment = self.wall.own(comment_id, person)
                comment.text = text
                self._tell(comment, "edited")
                return comment_id
            case {"delete_comment": str(comment_id)}:
                comment = self.wall.own(comment_id, person)
                comment.removed = True
                self._tell(comment, "remove")
                return comment_id
        made = events(self.thread(person), action, self._keep)
        for event in made:
            self.check_deliverable(event)
        extra = action.get("extra") or {}
        ids = [self._happen(person, event, extra) for event in made]
        return ids[0]

    def _happen(self, person: Person, event: Event, extra: dict[str, Any]) -> str:
        """Let the webhook tell of it. The message's id."""
        sender, now = self.scoped_id(person), self.world.clock.now()
        thread = self.thread(person)
        if not event.said:
            update = updates.event("messages", sender, self.id, now, event.name, event.content, **extra)
            self.outlet.schedule(0.0, person.user_id, lambda: update)
            return str(event.content.get("mid", ""))
        mid = self.new_mid()
        content = {"mid": mid, **event.content}
        return self.write(thread, mid, updates.event("messages", sender, self.id, now, event.name, content, **extra))

    def _comment_on(self, post_id: str, person: Person | None, text: str, parent: str | None) -> str:
        post = self.wall.post(post_id)
        now = self.world.clock.now()
        comment = self.wall.comment(post, self.new_comment_id(post), person, text, now, parent)
        self.counts["comments"] += 1
        self._tell(comment, "add")
        return comment.id

    def _tell(self, comment: Comment, verb: str) -> None:
        update = self.comment_update(comment, verb)
        if update is not None:
            who = comment.person.user_id if comment.person else self.id
            if comment.person:
                self.thread(comment.person)  # from now on the account has an id for the person
            self.outlet.schedule(0.0, who, lambda: update)

    def commenter(self, comment: Comment) -> tuple[str, str]:
        """Id and user name of who wrote a comment."""
        if comment.person is None:
            return self.id, self.name
        return self.scoped_id(comment.person), comment.person.handle

    # The vendor's own app

    def direct(self, action: dict[str, Any]) -> str:
        """Publish, end a live, comment, or answer somebody by hand. Raises ``InvalidInput`` and ``NotFound``."""
        match action:
            case {"publish": str(kind)}:
                return self.wall.publish(kind).id
            case {"end": str(post_id)}:
                self.wall.post(post_id).over = True
                return post_id
            case {"comment": str(text), "on": str(post_id)}:
                return self._comment_on(post_id, None, text, action.get("reply_to"))
            case {"to": str(key), "text": str(text)}:
                return self._by_hand(self.world.person(key), {"text": text})
            case {"to": str(key), "media": {"kind": str(kind), **media}} if kind in MEDIA_KINDS:
                url = self._keep(file_bytes(media.get("data")), str(media.get("mime_type", "")))
                attachment = {"type": MEDIA_KINDS[kind], "payload": {"url": url}}
                return self._by_hand(self.world.person(key), {"attachment": attachment})
        raise InvalidInput(
            "A vendor has one of: publish (feed, reel, live), end, comment with on, to with text or media."
        )

    def _by_hand(self, person: Person, message: dict[str, Any]) -> str:
        now, mid, thread = self.world.clock.now(), self.new_mid(), self.thread(person)
        thread.show(mid, message, screen(message), now)
        update = self._echo("messages", Sent(mid, person, message, now), by_app=False)
        self.counts["by_hand"] += 1
        self.outlet.schedule(0.0, person.user_id, lambda: update)
        return mid

    # Files

    def _keep(self, data: bytes, mime_type: str) -> str:
        return self._address(self.world.add_file(self.id, data, mime_type, received=True).id)

    def _address(self, file_id: str) -> str:
        """Where anybody can fetch a file for a while."""
        return self.world.address(self.world.files[file_id], "cdn", timedelta(seconds=self.behaviour.attachment_life))

    async def upload(self, form: FormData) -> dict[str, Any]:
        """A file to send later: ``message`` says of what kind it is, ``filedata`` is the file."""
        kind = rules.upload_kind(form.get("message"))
        if form.get("platform", self.platform) != self.platform:
            raise wrong(f"Param platform must be one of {{{self.platform}}}")
        upload = form.get("filedata")
        if not isinstance(upload, UploadFile):
            raise wrong("The parameter filedata is required.")
        mime_type, data = upload.content_type or "", await upload.read()
        rules.check_upload(kind, mime_type, len(data), self.limits)
        rules.check_content(kind, mime_type, data)
        file = self.world.add_file(self.id, data, mime_type, filename=upload.filename, kind=kind)
        return {"attachment_id": file.id}
