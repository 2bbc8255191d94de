"""Direct messages out and files in: the Send API, which Instagram and Messenger have in common."""

from datetime import timedelta
from typing import Any

import orjson

from griot.channels.errors import ChannelError, ErrorClass
from griot.channels.meta.errors import Refusals
from griot.channels.meta.graph import GraphClient
from griot.channels.meta.limits import Limits
from griot.channels.meta.render import numbered, render
from griot.channels.meta.uploads import Uploads
from griot.channels.model import Choice, File, Reply
from griot.channels.port import Line
from griot.channels.tolerant import as_id, as_object
from griot.core.errors import InvalidInput

HUMAN_WINDOW = timedelta(days=7)  # after a buyer's message, for the words of a human
_KINDS = ("image", "video", "audio")  # families of files that are shown; any other is a file
_TAGGED = {"messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"}
_NO_PERMISSION = frozenset({3, 10, *range(200, 300)})  # codes


class DirectOutlet:
    """An account that writes to persons, and privately to who commented.

    ``marks``: echoes bring back what is sent along as ``metadata``, so that an unanswered send is recognised later.
    """

    def __init__(self, line: Line, refusals: Refusals, limits: Limits, *, marks: bool) -> None:
        self._graph = GraphClient(line, refusals)
        self._limits = limits
        self._marks = marks
        self._uploads = Uploads(self._upload)

    async def bodies(self, reply: Reply, recipient: str, file: File | None = None) -> list[dict[str, Any]]:
        return render(reply, self._limits, recipient, await self._uploads.media_id(reply, file))

    def numbered(self, reply: Reply, recipient: str) -> tuple[Choice, ...]:
        return numbered(reply, recipient)

    async def send(self, body: dict[str, Any], recipient: str, opaque: str, *, late: bool = False) -> str:
        message = {**body, "metadata": opaque} if self._marks else body
        kind = _TAGGED if late else {"messaging_type": "RESPONSE"}
        request = {"recipient": _address(recipient), **kind, "message": message}
        try:
            answer = await self._graph.post(f"{self._graph.account}/messages", request)
        except ChannelError as error:
            if (
                late and error.code in _NO_PERMISSION and error.subcode is None
            ):  # the account is in order, the tag is not
                raise self._without_tag(error) from None
            raise
        return self._id(answer, "message_id")

    def _without_tag(self, error: ChannelError) -> ChannelError:
        name = self._limits.name
        why = (
            f"The buyer wrote more than 24 hours ago, and Meta has not given this app the feature “Human Agent”: "
            f"answer in {name}'s own app, or ask Meta for the feature."
        )
        return ChannelError(why, ErrorClass.FINAL, code=error.code)

    async def _upload(self, file: File) -> str:
        self._limits.check_file(file.mime_type, len(file.content))
        family = file.mime_type.partition("/")[0]
        attachment = {"type": family if family in _KINDS else "file", "payload": {"is_reusable": True}}
        fields = {"message": orjson.dumps({"attachment": attachment}).decode()}
        form = (file.filename, file.content, file.mime_type)
        answer = await self._graph.upload(f"{self._graph.account}/message_attachments", fields, "filedata", form)
        return self._id(answer, "attachment_id")

    def _id(self, answer: Any, name: str) -> str:
        found = as_id(as_object(answer).get(name))
        if not found:
            raise self._graph.refusals.incomprehensible(answer)
        return found


class DirectInlet:
    """An account that fetches what buyers sent: files come by an address that needs no token."""

    def __init__(self, line: Line, refusals: Refusals) -> None:
        self._graph = GraphClient(line, refusals)

    async def fetch(self, payload: dict[str, Any], max_bytes: int) -> bytes:
        url = as_id(payload.get("url"))
        if not url:
            raise ChannelError("The message names no media.", ErrorClass.FINAL)
        data = await self._graph.download(url, max_bytes, token=False)
        if data is None:
            raise ChannelError("The media is gone: its address has expired.", ErrorClass.FINAL)
        return data


def _address(recipient: str) -> dict[str, str]:
    kind, _, key = recipient.partition(":")
    if kind == "user" and key:
        return {"id": key}
    if kind == "comment" and key:
        return {"comment_id": key}
    raise InvalidInput("A recipient here is 'user:<scoped id>' or 'comment:<id of a comment>'.")
