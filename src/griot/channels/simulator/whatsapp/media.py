"""Media: which files WhatsApp takes."""

from datetime import timedelta

from griot.channels.simulator.whatsapp.errors import wrong

ADDRESS_LIFE = timedelta(minutes=5)
MEGABYTE = 1024 * 1024
AUDIO = {"audio/aac", "audio/amr", "audio/mpeg", "audio/mp4", "audio/ogg", "audio/opus"}
IMAGE = {"image/jpeg", "image/png"}
VIDEO = {"video/mp4", "video/3gpp"}
STICKER = {"image/webp"}
DOCUMENT = {
    "text/plain",
    "application/pdf",
    "application/msword",
    "application/vnd.ms-excel",
    "application/vnd.ms-powerpoint",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
ALLOWED = {"audio": AUDIO, "image": IMAGE, "video": VIDEO, "sticker": STICKER, "document": DOCUMENT}
LARGEST = {"audio": 16 * MEGABYTE, "image": 5 * MEGABYTE, "video": 16 * MEGABYTE, "sticker": 500 * 1024}
LARGEST_DOCUMENT = 100 * MEGABYTE


def fits(kind: str, mime_type: str) -> bool:
    """Whether a file of this type can be sent as a message of this kind."""
    return _base(mime_type) in ALLOWED[kind]


def check_upload(mime_type: str, size: int) -> None:
    """Raises ``Refused`` for a type Meta does not take, or a file too big for its type."""
    kind = next((kind for kind, types in ALLOWED.items() if _base(mime_type) in types), None)
    if kind is None:
        types = ", ".join(sorted(set().union(*ALLOWED.values())))
        raise wrong(f"Param file must be a file with one of the following types: {types}. Got type '{mime_type}'.")
    largest = LARGEST.get(kind, LARGEST_DOCUMENT)
    if not 0 < size <= largest:
        raise wrong(f"Param file must be between 1 and {largest} bytes long.")


def _base(mime_type: str) -> str:
    return mime_type.partition(";")[0].strip().lower()
