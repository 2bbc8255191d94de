"""A business number of WhatsApp: what is sent from it, what is written to it, what comes of both."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from starlette.datastructures import FormData, UploadFile

from griot.channels.simulator.accounts import TYPING, Accepted, Account, Thread
from griot.channels.simulator.behaviour import Behaviour, flag, one_of, rate
from griot.channels.simulator.deliveries import Update
from griot.channels.simulator.errors import chosen
from griot.channels.simulator.faults import Fault, Kind
from griot.channels.simulator.model import File, Person, calling_code
from griot.channels.simulator.whatsapp import actions, media, rules
from griot.channels.simulator.whatsapp import updates as shapes
from griot.channels.simulator.whatsapp.errors import Refused, invalid, missing
from griot.channels.simulator.whatsapp.messages import MessageIds, Template
from griot.channels.simulator.whatsapp.screen import screen
from griot.channels.simulator.world import World


@dataclass(slots=True)
class NumberBehaviour(Behaviour):
    """How WhatsApp behaves towards one number."""

    layout: str = one_of("layout", "value", "changes", "entries")  # where a batch is spread
    window: str = one_of("window", "failed", "refused", "off")  # outside 24 hours: a status, HTTP 400, nothing
    throughput: float | None = rate("throughput", 80.0, "messages a second")  # both directions together
    pair_limit: bool = flag("pair_limit", False)  # 45 at once to one person, then one per 6 seconds


@dataclass(frozen=True, slots=True)
class Sent:
    """An accepted message, as far as its statuses need it."""

    id: str
    person: Person
    to_phone: bool
    opaque: str | None
    category: str


class Number(Account):
    """``display_phone_number`` in digits; ``business_id`` is the id in the webhooks' entries."""

    platform = "whatsapp"
    upload_edge = "media"
    identity = frozenset({"display_phone_number", "business_id"})
    broken = 131000
    busy = 130429
    behaviour: NumberBehaviour

    def __init__(
        self,
        account_id: str,
        world: World,
        *,
        display_phone_number: str = "221338000000",
        business_id: str = "102290129340398",
    ) -> None:
        super().__init__(account_id, world, NumberBehaviour())
        self.sender = shapes.Sender(business_id, account_id, display_phone_number.lstrip("+"))
        self.templates: dict[tuple[str, str], Template] = {}
        self._ids = MessageIds()

    def envelope(self, updates: Sequence[Update]) -> bytes:
        return shapes.envelope(self.sender, updates, self.behaviour.layout)

    def refusal(self, code: int, subcode: int | None = None) -> Refused:
        return Refused(code)

    # From the business to a person

    def check(self, payload: Any) -> dict[str, Any]:
        return rules.check_product(payload)

    def instruct(self, payload: dict[str, Any]) -> dict[str, Any] | None:
        """A read request, with or without typing: this message and all earlier ones have been read."""
        if "status" not in payload:
            return None
        thread = self.read_until(rules.check_read(payload))
        if thread is None:
            raise invalid("The message_id is not a message this number has received.")
        if payload.get("typing_indicator"):
            thread.typing_until = self.world.clock.now() + TYPING
        return {"success": True}

    def addressee(self, payload: dict[str, Any]) -> Any:
        return payload.get("to") or payload.get("recipient")

    def send(self, payload: dict[str, Any], fault: Fault | None = None) -> Accepted:
        address = rules.check_message(payload)
        now = self.world.clock.now()
        person = self._recipient(address)
        shown = self._content(payload, to_user_id=address.phone is None)
        if not self.throughput.take(self.behaviour.throughput, now):
            raise Refused(130429)
        thread = self.thread(person)
        if self.behaviour.pair_limit and not thread.take_pair(now):
            raise Refused(131056)
        failure = self._failure(thread, payload, fault, now)
        return self._accept(thread, address, shown, failure, fault, now)

    def _accept(
        self,
        thread: Thread,
        address: rules.Address,
        shown: dict[str, Any],
        failure: int | None,
        fault: Fault | None,
        now: datetime,
    ) -> Accepted:
        person = thread.person
        wamid = self._new_id(person, inbound=False)
        opaque = shown.get("biz_opaque_callback_data")
        category = shown.get("category", "service")
        reporter = partial(self._status, Sent(wamid, person, address.phone is not None, opaque, category))
        self.count(thread, opaque)
        if failure is None:
            thread.show(wamid, shown, screen(shown), now)
            self.plan(wamid, reporter, fault)
        else:
            self.plan_failure(wamid, reporter, failure)
        contact = {"input": address.written}
        if address.phone:
            contact["wa_id"] = person.phone or address.phone
        else:
            contact["user_id"] = person.user_id
        answer: dict[str, Any] = {"id": wamid}
        if shown.get("type") == "template":
            answer["message_status"] = "accepted"
        return Accepted(wamid, {"messaging_product": "whatsapp", "contacts": [contact], "messages": [answer]})

    def _new_id(self, person: Person, *, inbound: bool) -> str:
        return self._ids.new(person.phone or person.user_id[3:23], inbound=inbound)

    def _recipient(self, address: rules.Address) -> Person:
        if address.user_id:
            person = self.world.known(address.user_id)
            if person is None:
                raise invalid("The recipient is not a user of this business portfolio.")
            return person
        phone = address.phone or ""
        digits = phone.lstrip("+")
        own = self.sender.display_phone_number
        if phone == digits and self.world.known(digits) is None and not digits.startswith(calling_code(own)):
            digits = calling_code(own) + digits  # what Meta does to a number without '+': it goes to somebody else
        if digits == own:
            raise Refused(131021)
        return self.world.known(digits) or self.world.add_person(digits)

    def _content(self, payload: dict[str, Any], *, to_user_id: bool) -> dict[str, Any]:
        """The message as it will be shown. Raises ``Refused`` for templates and files this number does not have."""
        kind = payload.get("type", "text")
        if kind == "template":
            return {**payload, **self._template(payload["template"], to_user_id=to_user_id)}
        if kind in rules.MEDIA_TYPES:
            self._check_file(payload[kind])
        header = (payload["interactive"].get("header") or {}) if kind == "interactive" else {}
        if header.get("type") in rules.MEDIA_TYPES:
            self._check_file(header[header["type"]])
        return payload

    def _template(self, content: dict[str, Any], *, to_user_id: bool) -> dict[str, Any]:
        name, language = content["name"], content["language"]["code"]
        template = self.templates.get((name, language))
        if template is None:
            raise Refused(132001, f"template name ({name}) does not exist in {language}")
        if template.category == "authentication" and to_user_id:
            raise Refused(131062)
        components = content.get("components", [])
        values = [
            str(parameter.get("text", ""))
            for component in components
            if component["type"] == "body"
            for parameter in component["parameters"]
        ]
        if len(values) != template.parameters:
            raise Refused(
                132000,
                f"body: number of localizable_params ({len(values)}) does not match the expected number of params "
                f"({template.parameters})",
            )
        payloads = {
            str(component.get("index")): component["parameters"][0].get("payload", "")
            for component in components
            if component["type"] == "button" and component["parameters"]
        }
        replies = [(payloads.get(str(index), title), title) for index, title in enumerate(template.buttons)]
        return {"rendered": template.render(values), "quick_replies": replies, "category": template.category}

    def _check_file(self, content: dict[str, Any]) -> None:
        if "id" in content and self.world.file(self.id, str(content["id"])) is None:
            raise invalid(f"Media id {content['id']} does not exist or has expired.")

    def _failure(self, thread: Thread, payload: dict[str, Any], fault: Fault | None, now: datetime) -> int | None:
        """The code with which an accepted message fails, if it does. Raises ``Refused`` where Meta would at once."""
        if fault is not None and fault.kind is Kind.FAIL_LATER:
            return fault.code or self.broken
        if not thread.person.reachable:
            return 131026
        kind = payload.get("type", "text")
        if kind != "template" and not thread.window_open(now) and self.behaviour.window != "off":
            if self.behaviour.window == "refused":
                raise Refused(131047)
            return 131047
        media_id = payload[kind].get("id") if kind in rules.MEDIA_TYPES else None
        if media_id and not media.fits(kind, self.world.files[str(media_id)].mime_type):
            return 131053
        return None

    # Statuses

    def _status(self, sent: Sent, name: str, code: int | None = None) -> Update:
        return shapes.status(
            sent.person,
            sent.id,
            name,
            self.world.clock.now(),
            to_phone=sent.to_phone,
            opaque=sent.opaque,
            category=sent.category,
            code=code,
        )

    # From a person to the business

    def act(self, key: str, action: dict[str, Any]) -> str:
        person = self.world.person(key)
        message = actions.message(self.thread(person).shown, action, self._keep)
        now = self.world.clock.now()
        self.throughput.take(self.behaviour.throughput, now)
        wamid = self._new_id(person, inbound=True)
        context = self._context(message.answers) if message.answers else None
        extra = action.get("extra")
        update = shapes.inbound(person, wamid, message.kind, message.content, now, context=context, extra=extra)
        return self.write(self.thread(person), wamid, update)

    def _keep(self, data: bytes, mime_type: str) -> tuple[File, str]:
        file = self.world.add_file(self.id, data, mime_type, received=True)
        return file, self._address(file)

    def _context(self, message_id: str) -> dict[str, Any]:
        return {"from": self.sender.display_phone_number, "id": message_id}

    # Files

    async def upload(self, form: FormData) -> dict[str, Any]:
        if form.get("messaging_product") != "whatsapp":
            raise missing("messaging_product")
        upload = form.get("file")
        if not isinstance(upload, UploadFile):
            raise missing("file")
        mime_type = str(form.get("type") or upload.content_type or "")
        data = await upload.read()
        media.check_upload(mime_type, len(data))
        return {"id": self.world.add_file(self.id, data, mime_type, filename=upload.filename).id}

    def describe(self, object_id: str, query: Mapping[str, str]) -> dict[str, Any] | None:
        """The number, or a file's address; ``phone_number_id`` in the query, when given, must be this number's."""
        if object_id == self.id:
            return chosen(self._about(), query)
        file = self.world.file(self.id, object_id)
        if file is None or query.get("phone_number_id", self.id) != self.id:
            return None
        return {
            "url": self._address(file),
            "mime_type": file.mime_type,
            "sha256": file.digest.hex(),
            "file_size": len(file.data),
            "id": file.id,
            "messaging_product": "whatsapp",
        }

    def _about(self) -> dict[str, Any]:
        return {
            "verified_name": "Griot Test",
            "display_phone_number": f"+{self.sender.display_phone_number}",
            "quality_rating": "GREEN",
            "messaging_limit_tier": "TIER_1K",
            "id": self.id,
        }

    def _address(self, file: File) -> str:
        """Where a file can be fetched for the next five minutes, with the number's token."""
        return self.world.address(file, "attachments", media.ADDRESS_LIFE)

    def delete(self, object_id: str) -> bool:
        if self.world.file(self.id, object_id) is None:
            return False
        del self.world.files[object_id]
        return True
