"""Logs: one JSON object a line on standard error, readable lines on a terminal, and no personal data in either.

An event is a constant sentence; what varies goes into keys, as ids, codes, counts and durations. What slips through
is caught here: keys that hold personal data are left out, digits that could be a phone number, addresses of email and
message ids of WhatsApp (which contain the phone) are masked, objects show their type only, and errors show where they
happened without what they quote.
"""

import json
import logging
import math
import re
import sys
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from enum import Enum
from pathlib import PurePath
from traceback import extract_tb
from types import TracebackType
from typing import Any
from uuid import UUID

import psycopg
import structlog
from structlog.typing import EventDict, FilteringBoundLogger, Processor

# Words of a key. One that is personal keeps the whole key out, unless it only measures ("text_length": 12);
# one that stands for a person lets a number pass, which is our own id.
_PERSONAL = re.compile(
    r"(?:\w*name|\w*phone|tel|mobile|msisdn|e?mail|address|street|city|location"
    r"|text|body|content|message|caption|transcript|comment|note|query|reply|payload|raw|form"
    r"|header|cookie|authorization|token|secret|password|credential|key|signature|link)(?:e?s)?"
)
_PERSON = re.compile(r"(?:recipient|sender|buyer|customer|vendor|contact|profile|person|user)s?")
_MEASURE = re.compile(r"id|ids|count|length|size|bytes|ms|seconds")

_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+|\d+")

_REFERENCE = r"\bLP-\d{4}-\d{4}-[0-9A-Z]{4}\b"
_TIME = (
    r"(?<!\d)(?:19|20)\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])"
    r"(?:[T ][0-2]\d:[0-5]\d(?::[0-5]\d(?:\.\d{1,6})?)?(?:Z|[+-][0-2]\d:?[0-5]\d)?)?(?!\d|[.\-]\d)"
)
_EMAIL = r"[\w.+%-]{1,64}@[\w-]+(?:\.[\w-]+)+"
_WAMID = r"wamid\.\S+"
_PHONE = r"\+?\(?\d(?:[\s.\-_()/\u2010-\u2015]{0,4}\d){7,}"
_MASKS = re.compile(f"(?P<keep>{_REFERENCE}|{_TIME})|(?P<email>{_EMAIL})|(?P<wamid>{_WAMID})|(?P<phone>{_PHONE})")
_QUOTED = re.compile(r"""(?<![^\W\d_])b?(['"])(?:\\.|(?!\1(?!\w)).)*(?:\1|\Z)""", re.DOTALL)


def mask(text: str) -> str:
    """The text without phone numbers, email addresses and WhatsApp message ids; order references and times stay."""
    return _MASKS.sub(lambda found: found[0] if found.lastgroup == "keep" else f"[{found.lastgroup}]", text)


def configure(level: str = "INFO") -> None:
    """Send everything this process logs, its libraries included, to standard error as described above.

    Start uvicorn with ``log_config=None, access_log=False``, or it undoes this.
    """
    number = logging.getLevelNamesMapping()[level.upper()]
    _write_to_stderr(number)
    _adopt_libraries(number)
    sys.excepthook = _last_words


def get(name: str) -> FilteringBoundLogger:
    """The logger of a module: ``log = get(__name__)``."""
    logger: FilteringBoundLogger = structlog.get_logger(module=name)
    return logger


def _write_to_stderr(level: int) -> None:
    renderer: Processor
    if sys.stderr.isatty():
        renderer = structlog.dev.ConsoleRenderer(timestamp_key="at")
    else:
        renderer = structlog.processors.JSONRenderer(json.dumps, ensure_ascii=False)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            _leave_out_personal_data,
            structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=lambda *names: structlog.WriteLogger(sys.stderr),
        cache_logger_on_first_use=False,
    )


def _leave_out_personal_data(_: Any, __: str, event: EventDict) -> EventDict:
    given = event.pop("exc_info", None)
    error = sys.exc_info()[1] if given is True else given[1] if isinstance(given, tuple) else given
    cleaned: EventDict = _clean_mapping(event)
    if isinstance(error, BaseException):
        cleaned["exception"] = "\n".join(_lines_about(error, ()))
    return cleaned


def _clean_mapping(values: Mapping[Any, Any]) -> dict[str, Any]:
    return {mask(str(key)): _clean(value) for key, value in values.items() if not _personal(str(key), value)}


def _personal(key: str, value: Any) -> bool:
    words = [word.lower() for word in _WORD.findall(key)]
    numeric = isinstance(value, int | float)
    if numeric and words and _MEASURE.fullmatch(words[-1]):
        return False
    return any(_PERSONAL.fullmatch(word) or (not numeric and _PERSON.fullmatch(word)) for word in words)


def _clean(value: Any) -> Any:
    """A value that JSON knows, with nothing personal in it that can be told by its form."""
    match value:
        case None | bool() | int():
            return value
        case float():
            return value if math.isfinite(value) else str(value)
        case Enum():
            return _clean(value.value)
        case str() | PurePath():
            return mask(str(value))
        case datetime() | date():
            return value.isoformat()
        case timedelta():
            return value.total_seconds()
        case UUID():
            return str(value)
        case BaseException():
            return error_line(value)
        case Mapping():
            return _clean_mapping(value)
        case list() | tuple() | set() | frozenset():
            return [_clean(item) for item in value]
        case _:
            return f"<{type(value).__name__}>"


def _unquoted(text: str) -> str:
    """The first line of a message, without what it quotes, which is somebody's data."""
    return mask(_QUOTED.sub("'…'", text.strip()).partition("\n")[0])


def error_line(error: BaseException) -> str:
    """One line about an error: its type, its message without what it quotes, and what a database error names."""
    details = ""
    if isinstance(error, psycopg.Error):
        names = (error.sqlstate, error.diag.table_name, error.diag.constraint_name)
        details = "".join(f" [{name}]" for name in names if name)
    return f"{type(error).__name__}: {_unquoted(str(error))}{details}"


def _lines_about(error: BaseException, seen: tuple[BaseException, ...]) -> Iterable[str]:
    yield error_line(error)
    for frame in extract_tb(error.__traceback__)[-15:]:
        yield f"  {_short(frame.filename)}:{frame.lineno} in {frame.name}"
    seen = (*seen, error)
    inner = error.exceptions if isinstance(error, BaseExceptionGroup) else ()
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    for part in (*inner, *([cause] if cause else [])):
        if not any(part is known for known in seen):
            yield "because of" if part is cause else "with"
            yield from _lines_about(part, seen)


def _short(path: str) -> str:
    for folder in ("/site-packages/", "/src/"):
        if folder in path:
            return path.rpartition(folder)[2]
    return path


class _Adopted(logging.Handler):
    """Takes the records of libraries that use the standard library's logging."""

    def emit(self, record: logging.LogRecord) -> None:
        try:
            sentence = _unquoted(record.getMessage())
        except (TypeError, ValueError, KeyError):
            sentence = "a log record whose arguments do not fit its text"
        level = min(max(record.levelno // 10 * 10, logging.DEBUG), logging.CRITICAL)
        get(record.name).log(level, sentence, exc_info=record.exc_info)


def _adopt_libraries(level: int) -> None:
    """Libraries speak from WARNING on, the server from INFO on: their finer lines print what travels."""
    root = logging.getLogger()
    root.handlers = [_Adopted()]
    root.setLevel(max(level, logging.WARNING))
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access", "procrastinate"):
        library = logging.getLogger(name)
        library.handlers.clear()
        library.propagate = True
        library.disabled = False  # somebody's dictConfig may have switched it off
        library.setLevel(logging.NOTSET)
    logging.getLogger("uvicorn").setLevel(max(level, logging.INFO))
    logging.getLogger("uvicorn.access").setLevel(max(level, logging.WARNING))
    logging.captureWarnings(True)


def _last_words(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trace)
    else:
        get("griot").critical("stopped by an error", exc_info=error)


_write_to_stderr(logging.WARNING)  # until configured: standard output belongs to the commands' answers
