"""What WhatsApp says about the file of a message."""

from dataclasses import dataclass
from typing import Any

from griot.channels.errors import ChannelError, ErrorClass
from griot.channels.tolerant import as_id, as_whole


@dataclass(frozen=True, slots=True)
class MediaInfo:
    """``url`` works for five minutes, with the token; ``size`` in bytes."""

    id: str
    url: str
    mime_type: str | None
    sha256: str | None
    size: int | None

    @classmethod
    def read(cls, media_id: str, answer: dict[str, Any]) -> "MediaInfo":
        url = as_id(answer.get("url"))
        if not url:
            raise ChannelError("WhatsApp gave no address for the media.", ErrorClass.RETRY)
        return cls(
            id=media_id,
            url=url,
            mime_type=as_id(answer.get("mime_type")),
            sha256=as_id(answer.get("sha256")),
            size=as_whole(answer.get("file_size")),
        )
