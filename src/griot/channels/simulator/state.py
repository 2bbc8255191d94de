"""The simulator itself: business numbers, people, files; what is sent, what is written, what comes of it."""

import itertools
import secrets
import time
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from griot.channels.simulator import files, rules, updates
from griot.channels.simulator.accounts import TYPING, Account, Sent, Thread, open_account
from griot.channels.simulator.errors import Refused, invalid
from griot.channels.simulator.faults import Fault, Kind
from griot.channels.simulator.model import File, MessageIds, Person, Shown, Template, calling_code, user_id_of
from griot.channels.simulator.poster import Poster
from griot.core.clock import Clock, SystemClock
from griot.core.errors import Conflict, NotFound

UPLOADED = timedelta(days=30)
RECEIVED = timedelta(days=7)


class Simulator:
    """Meta and the buyers' phones in one object. Lives in one event loop; ``close`` it in the end.

    ``graph_url`` is the address its Graph API is served under; media addresses are built on it. ``poster`` sends the
    webhooks (a benchmark gives one that measures).
    """

    def __init__(self, clock: Clock | None = None, *, graph_url: str = "", poster: Poster | None = None) -> None:
        self.clock: Clock = clock or SystemClock()
        self.graph_url = graph_url
        self.accounts: dict[str, Account] = {}
        self.files: dict[str, File] = {}
        self._people: dict[str, Person] = {}  # by phone and by user id
        self._ids = MessageIds()
        self._numbers = itertools.count(1)
        self._poster = poster or Poster()
        self._addresses = files.Addresses()

    # Business numbers

    def create_account(
        self,
        phone_number_id: str,
        *,
        token: str,
        app_secret: str,
        webhook_url: str,
        display_phone_number: str = "221338000000",
        business_id: str = "102290129340398",
        **behaviour: Any,
    ) -> Account:
        """Register a business number; a number that exists gets the new credentials and keeps its conversations.

        ``behaviour`` sets fields of ``Behaviour``. Raises ``InvalidInput`` when one is unknown.
        """
        account = self.accounts.get(phone_number_id)
        if account is None:
            sender = updates.Sender(business_id, phone_number_id, display_phone_number.lstrip("+"))
            account = open_account(
                sender,
                token=token,
                app_secret=app_secret,
                webhook_url=webhook_url,
                poster=self._poster,
                clock=self.clock,
            )
        account.behaviour.change(**behaviour)
        account.token, account.outlet.url, account.outlet.secret = token, webhook_url, app_secret
        self.accounts[phone_number_id] = account
        return account

    def account(self, phone_number_id: str) -> Account:
        """Raises ``NotFound``."""
        found = self.accounts.get(phone_number_id)
        if found is None:
            raise NotFound(f"There is no business number {phone_number_id} here: create it first.")
        return found

    def accounts_of(self, token: str) -> list[Account]:
        """The business numbers a Bearer token is good for."""
        return [account for account in self.accounts.values() if account.token == token]

    def add_template(self, phone_number_id: str, template: Template) -> None:
        self.account(phone_number_id).templates[template.name, template.language] = template

    # People

    def add_person(
        self, phone: str | None = None, *, name: str = "", user_id: str | None = None, username: str | None = None
    ) -> Person:
        """A WhatsApp user with a phone number (digits), or one known by a user id only.

        Whoever has a ``username`` hides the number. A person who exists gets the new name and username.
        """
        phone = phone.lstrip("+") if phone else None
        known = self._people.get(phone or user_id or "")
        if known is not None:
            known.name, known.username = name or known.name, username or known.username
            return known
        if user_id is None:
            user_id = user_id_of(phone) if phone else f"SN.{secrets.randbelow(10**20):020d}"
        if user_id in self._people:
            raise Conflict(f"The user id {user_id} belongs to somebody else.")
        if phone is None and username is None:
            username = f"user{next(self._numbers)}"
        person = Person(name or username or f"+{phone}", user_id, phone, username)
        self._people[user_id] = person
        if phone:
            self._people[phone] = person
        return person

    def person(self, key: str) -> Person:
        """By phone number or user id. Raises ``NotFound``."""
        found = self._people.get(key.lstrip("+"))
        if found is None:
            raise NotFound(f"Nobody has the number or user id {key}: add the person first.")
        return found

    # From the business to a person

    def mark_read(self, account: Account, payload: dict[str, Any]) -> None:
        """A read request, with or without typing: this message and all earlier ones have been read."""
        found = account.written.get(rules.check_read(payload))
        if found is None:
            raise invalid("The message_id is not a message this number has received.")
        thread, number = found
        thread.read = max(thread.read, number)
        account.counts["reads"] += 1
        if payload.get("typing_indicator"):
            thread.typing_until = self.clock.now() + TYPING

    def send(self, account: Account, payload: dict[str, Any], fault: Fault | None = None) -> dict[str, Any]:
        """Judge and accept a message; the answer as Meta gives it. Raises ``Refused``."""
        address = rules.check_message(payload)
        now = self.clock.now()
        person = self._recipient(account, address)
        shown = self._content(account, payload, to_user_id=address.phone is None)
        if not account.throughput.take(account.behaviour.throughput, now):
            raise Refused(130429)
        thread = account.thread(person)
        if account.behaviour.pair_limit and not thread.take_pair(now):
            raise Refused(131056)
        failure = self._failure(account, thread, payload, fault, now)
        return self._accept(account, thread, address, shown, failure, fault, now)

    def _accept(
        self,
        account: Account,
        thread: Thread,
        address: rules.Address,
        shown: dict[str, Any],
        failure: int | None,
        fault: Fault | None,
        now: datetime,
    ) -> dict[str, Any]:
        person = thread.person
        wamid = self._ids.new(person.phone or person.user_id[3:23], inbound=False)
        opaque = shown.get("biz_opaque_callback_data")
        category = shown.get("category", "service")
        sent = account.sent[wamid] = Sent(wamid, person, address.phone is not None, opaque, category)
        account.counts["accepted"] += 1
        thread.accepted += 1
        if opaque is not None:
            account.opaque[opaque] += 1
        if failure is None:
            thread.show(Shown(wamid, len(thread.shown) + 1, now, time.time(), shown))
            self._plan(account, sent, fault)
        else:
            self._schedule(account, sent, "failed", 0.0, failure)
        contact = {"input": address.written}
        if address.phone:
            contact["wa_id"] = person.phone or address.phone
        else:
            contact["user_id"] = person.user_id
        answer: dict[str, Any] = {"id": wamid}
        if shown.get("type") == "template":
            answer["message_status"] = "accepted"
        return {"messaging_product": "whatsapp", "contacts": [contact], "messages": [answer]}

    def _recipient(self, account: Account, address: rules.Address) -> Person:
        if address.user_id:
            person = self._people.get(address.user_id)
            if person is None:
                raise invalid("The recipient is not a user of this business portfolio.")
            return person
        phone = address.phone or ""
        digits = phone.lstrip("+")
        own = account.sender.display_phone_number
        if phone == digits and digits not in self._people and not digits.startswith(calling_code(own)):
            digits = calling_code(own) + digits  # what Meta does to a number without '+': it goes to somebody else
        if digits == own:
            raise Refused(131021)
        return self._people.get(digits) or self.add_person(digits)

    def _content(self, account: Account, payload: dict[str, Any], *, to_user_id: bool) -> dict[str, Any]:
        """The message as it will be shown. Raises ``Refused`` for templates and files this number does not have."""
        kind = payload.get("type", "text")
        if kind == "template":
            return {**payload, **self._template(account, payload["template"], to_user_id=to_user_id)}
        if kind in rules.MEDIA_TYPES:
            self._check_file(account, payload[kind])
        header = (payload["interactive"].get("header") or {}) if kind == "interactive" else {}
        if header.get("type") in rules.MEDIA_TYPES:
            self._check_file(account, header[header["type"]])
        return payload

    def _template(self, account: Account, content: dict[str, Any], *, to_user_id: bool) -> dict[str, Any]:
        name, language = content["name"], content["language"]["code"]
        template = account.templates.get((name, language))
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

    def _check_file(self, account: Account, content: dict[str, Any]) -> None:
        if "id" in content and self.file(account, str(content["id"])) is None:
            raise invalid(f"Media id {content['id']} does not exist or has expired.")

    def _failure(
        self, account: Account, thread: Thread, payload: dict[str, Any], fault: Fault | None, now: datetime
    ) -> int | None:
        """The code with which an accepted message fails, if it does. Raises ``Refused`` where Meta would at once."""
        if fault is not None and fault.kind is Kind.FAIL_LATER:
            return fault.code
        if not thread.person.reachable:
            return 131026
        kind = payload.get("type", "text")
        if kind != "template" and not thread.window_open(now) and account.behaviour.window != "off":
            if account.behaviour.window == "refused":
                raise Refused(131047)
            return 131047
        media_id = payload[kind].get("id") if kind in rules.MEDIA_TYPES else None
        if media_id and not files.fits(kind, self.files[str(media_id)].mime_type):
            return 131053
        return None

    # Statuses

    def _plan(self, account: Account, sent: Sent, fault: Fault | None) -> None:
        names, delays = list(account.behaviour.statuses), list(account.behaviour.statuses.values())
        if fault is not None and fault.kind is Kind.DISORDER:
            names.reverse()
        for name, delay in zip(names, delays, strict=True):
            if not (fault is not None and fault.kind is Kind.EARLY_STATUS and name == "sent"):
                self._schedule(account, sent, name, delay)

    def _schedule(self, account: Account, sent: Sent, name: str, delay: float, code: int | None = None) -> None:
        account.counts[f"status_{name}"] += 1
        account.outlet.schedule(delay, sent.id, partial(self._status, sent, name, code))

    def _status(self, sent: Sent, name: str, code: int | None = None) -> updates.Update:
        return updates.status(
            sent.person,
            sent.id,
            name,
            self.clock.now(),
            to_phone=sent.to_phone,
            opaque=sent.opaque,
            category=sent.category,
            code=code,
        )

    def report(self, phone_number_id: str, wamid: str, status: str, code: int | None = None) -> None:
        """Send a status by hand: ``played``, a ``failed`` with its code, a second ``read``, …"""
        account = self.account(phone_number_id)
        sent = account.sent.get(wamid)
        if sent is None:
            raise NotFound(f"{wamid} was not sent by {phone_number_id}.")
        self._schedule(account, sent, status, 0.0, code)

    async def report_early(self, account: Account, wamid: str) -> None:
        """Post the ``sent`` status and wait for the receiver, before the sender has its answer."""
        account.counts["status_sent"] += 1
        await account.outlet.post_now(self._status(account.sent[wamid], "sent"))

    # From a person to the business

    def write(
        self,
        phone_number_id: str,
        key: str,
        kind: str,
        content: Any,
        *,
        context: dict[str, Any] | None = None,
        extra: dict[str, Any] | None = None,
    ) -> str:
        """A person (phone number or user id) writes; the webhook goes out at once. The message's id.

        ``kind`` and ``content`` are those of the webhook (``"text"``, ``{"body": …}``); ``extra`` is merged into it.
        """
        account = self.account(phone_number_id)
        person = self.person(key)
        thread = account.thread(person)
        now = self.clock.now()
        account.throughput.take(account.behaviour.throughput, now)
        wamid = self._ids.new(person.phone or person.user_id[3:23], inbound=True)
        thread.last_written = now
        thread.written.append(wamid)
        account.written[wamid] = (thread, len(thread.written))
        account.counts["inbound"] += 1
        update = updates.inbound(person, wamid, kind, content, now, context=context, extra=extra)
        account.outlet.schedule(0.0, person.user_id, lambda: update)
        return wamid

    def was_read(self, phone_number_id: str, wamid: str) -> bool:
        """Whether the business marked this message of a person as read."""
        thread, number = self.account(phone_number_id).written[wamid]
        return thread.read >= number

    # Files

    def add_file(
        self, account: Account, data: bytes, mime_type: str, *, filename: str | None = None, received: bool = False
    ) -> File:
        """Keep a file: 30 days when the business uploaded it, 7 when it was ``received`` from a person."""
        number = 1_000_000_000_000_000 + next(self._numbers)
        expires = self.clock.now() + (RECEIVED if received else UPLOADED)
        file = File(str(number), account.id, data, mime_type, expires, filename)
        self.files[file.id] = file
        return file

    def file(self, account: Account, file_id: str) -> File | None:
        found = self.files.get(file_id)
        if found is None or found.account != account.id or found.expires_at < self.clock.now():
            return None
        return found

    def address(self, file: File) -> str:
        """Where a file can be fetched for the next five minutes, with the number's token."""
        return self._addresses.address(self.graph_url, file, self.clock.now())

    def address_valid(self, file_id: str, expires: str, given: str) -> bool:
        return self._addresses.valid(file_id, expires, given, self.clock.now())

    async def drained(self) -> None:
        """Return once every webhook so far was received (or given up)."""
        for account in self.accounts.values():
            await account.outlet.drained()

    async def close(self) -> None:
        """Stop everything; webhooks not yet received are lost."""
        for account in self.accounts.values():
            await account.outlet.close()
            for thread in account.threads.values():
                thread.wake()
        self._poster.close()
