"""A log line tells what happened and to which row, and never who the person is."""

import io
import json
import logging
import os
import pty
import re
import subprocess
import sys
import uuid
import warnings
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

import psycopg
import pytest
import structlog
from hypothesis import given, settings
from hypothesis import strategies as st

from griot.core import logs
from griot.core.errors import InvalidInput
from griot.core.money import Money

Say = Callable[[Any], None]


@pytest.fixture(autouse=True)
def as_it_was() -> Iterator[None]:
    root = logging.getLogger()
    before = root.handlers, root.level, sys.excepthook
    configuration = structlog.get_config()
    yield
    root.handlers, root.level, sys.excepthook = before
    structlog.configure(**configuration)
    logging.captureWarnings(False)


def said(speak: Callable[[], None], level: str = "DEBUG") -> str:
    with redirect_stderr(io.StringIO()) as err:
        logs.configure(level)
        speak()
    return err.getvalue()


def line(speak: Callable[[], None]) -> dict[str, Any]:
    fields: dict[str, Any] = json.loads(said(speak))
    return fields


class Outcome(StrEnum):
    SENT = "sent"


@dataclass(frozen=True)
class Person:
    name: str
    phone: str


def raised(error: Exception) -> Exception:
    try:
        raise error
    except type(error):
        return error


def _in_cause(value: str) -> None:
    try:
        try:
            raise KeyError(value)
        except KeyError as error:
            raise InvalidInput(f"Not an article: {value!r}") from error
    except InvalidInput:
        logs.get("t").exception("could not read")


def _in_group(value: str) -> None:
    try:
        raise ExceptionGroup("several", [ValueError(f"bad {value!r}"), KeyError(value)])
    except ExceptionGroup:
        logs.get("t").exception("could not read")


def _in_context(value: str) -> None:
    with structlog.contextvars.bound_contextvars(phone=value):
        logs.get("t").info("bound")


def _in_warning(value: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.warn(f"odd number {value}", stacklevel=1)


# Places where a name or a phone number can be recognised for what it is, whatever it looks like.
KNOWN_PLACES: list[Say] = [
    lambda value: logs.get("t").info("said", name=value),
    lambda value: logs.get("t").info("said", customer_name=value, buyerPhone=value, phone_number=value),
    lambda value: logs.get("t").info("said", text=value, body=value, recipient=value, customer=value, email=value),
    lambda value: logs.get("t").info("said", addresses=[value], access_token=value, reply={"text": value}),
    lambda value: logs.get("t").info("said", data={"who": {"name": value, "list": [{"phone": value}]}}),
    lambda value: logs.get("t").info("said", row=Person(value, value), rows=[Person(value, value)]),
    lambda value: logs.get("t").info("said", raw_bytes=value.encode(), more=value.encode()),
    lambda value: logs.get("t").info("said", error=ValueError(f"no such buyer: {value!r}")),
    lambda value: logs.get("t").error("failed", exc_info=raised(InvalidInput(f'"{value}" is not a code'))),
    lambda value: logs.get("t").bind(name=value).info("bound"),
    lambda value: logging.getLogger("library").warning("job(name=%r, n=%d)", value, 3),
    lambda value: logging.getLogger("library").error("failed", exc_info=raised(KeyError(value))),
    _in_cause,
    _in_group,
    _in_context,
]

# Places where only the form of a phone number gives it away.
ANY_PLACES: list[Say] = [
    *KNOWN_PLACES,
    lambda value: logs.get("t").info(f"wrote {value} again"),
    lambda value: logs.get("t").info("said", why=f"wa:{value}", path=[f"a{value}b", (value,)]),
    lambda value: logs.get("t").info("said", data={value: 1, "deep": {"deeper": {value: value}}}),
    lambda value: logs.get("t").error("failed", exc_info=raised(InvalidInput(f"{value} is unknown"))),
    lambda value: logging.getLogger("library").warning(f"POST /v24.0/{value}/messages"),
    _in_warning,
    lambda value: sys.excepthook(ValueError, raised(ValueError(f"number {value}")), None),
]

names = st.from_regex(r"[A-ZÉÀ][a-zéèïô]{3,9} [A-Z][a-zéèïô]{3,9}('[A-Z][a-z]{2,4})?", fullmatch=True)


@st.composite
def phones(draw: st.DrawFn) -> str:
    """Numbers as people and machines write them: +221 77 123 45 67, 00261-34-12-345-67, (06) 12.34.56.78 ..."""
    start = draw(st.sampled_from(["+221", "221", "00221", "+261", "+33 (0)", "+1 ", "77", "(06)", "٢٢١"]))
    parts = [start]
    for digit in draw(st.text("0123456789", min_size=7, max_size=10)):
        parts += [draw(st.sampled_from(["", "", "", " ", ".", "-", "\u00a0", " - ", "\u2011"])), digit]
    return "".join(parts)


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)


@pytest.mark.parametrize("place", KNOWN_PLACES)
@settings(max_examples=20)
@given(name=names)
def test_a_name_never_appears(place: Say, name: str) -> None:
    written = said(lambda: place(name))
    assert written.count("\n") == 1
    assert not [part for part in name.split() if part in written]


@pytest.mark.parametrize("place", ANY_PLACES)
@settings(max_examples=50)
@given(phone=phones())
def test_a_phone_number_never_appears(place: Say, phone: str) -> None:
    written = said(lambda: place(phone))
    assert written.count("\n") == 1
    assert _digits(phone) not in _digits(written)


@given(
    reference=st.from_regex(r"#?LP-20\d\d-(0[1-9]|1[0-2])(0[1-9]|[12]\d)-[0-9A-Z]{4}", fullmatch=True),
    at=st.datetimes(datetime(2000, 1, 1), datetime(2099, 1, 1), timezones=st.just(UTC)),
    row=st.integers(1, 2**63),
    seconds=st.floats(0, 1e12),
)
def test_what_finds_the_row_again_stays(reference: str, at: datetime, row: int, seconds: float) -> None:
    fields = line(
        lambda: logs.get("griot.somewhere").info(
            f"order {reference} at {at.isoformat()}",
            reference=reference,
            order_id=row,
            customer=row,
            text_length=row,
            seconds=seconds,
            at_iso=at.isoformat(),
            paid_at=at,
            when=str(at),
            day=at.date(),
            wait=timedelta(seconds=90),
        )
    )
    assert fields["event"] == f"order {reference} at {at.isoformat()}"
    assert (fields["reference"], fields["order_id"], fields["seconds"]) == (reference, row, seconds)
    assert (fields["customer"], fields["text_length"]) == (row, row)
    assert (fields["paid_at"], fields["at_iso"], fields["when"]) == (at.isoformat(), at.isoformat(), str(at))
    assert (fields["day"], fields["wait"]) == (at.date().isoformat(), 90.0)


def test_a_line_says_when_where_and_how_grave() -> None:
    fields = line(lambda: logs.get("griot.worker").warning("queue is long", waiting=12, outcome="held"))
    assert fields.keys() == {"at", "level", "module", "event", "waiting", "outcome"}
    assert (fields["level"], fields["module"], fields["event"]) == ("warning", "griot.worker", "queue is long")
    assert datetime.fromisoformat(fields["at"]).tzinfo is not None


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("awa@example.com", "[email]"),
        ("wamid.HBgNMjIxNzcxMjM0NTY3FQIAEhg", "[wamid]"),
        ("http://127.0.0.1:8000/pay", "http://127.0.0.1:8000/pay"),
        ("ROBE1 x2", "ROBE1 x2"),
        (uuid.UUID(int=10), "00000000-0000-0000-0000-00000000000a"),
        (float("nan"), "nan"),
        (Outcome.SENT, "sent"),
        (ValueError("no 'Awa'"), "ValueError: no '…'"),
        (None, None),
        (True, True),
        (object(), "<object>"),
        (b"abc", "<bytes>"),
        ([1, ("a", {"n": 2})], [1, ["a", {"n": 2}]]),
    ],
)
def test_how_a_value_is_shown(value: Any, shown: Any) -> None:
    assert line(lambda: logs.get("t").info("said", value=value))["value"] == shown


def test_an_error_tells_where_it_happened_and_not_what_was_in_hand() -> None:
    def fail() -> None:
        secret = "Awa Diop"
        try:
            raise InvalidInput(f"No article {secret!r}: send a code such as `ROBE1`.")
        except InvalidInput:
            logs.get("t").exception("turn failed", turn_id=7)

    fields = line(fail)
    first, *frames = fields["exception"].split("\n")
    assert first == "InvalidInput: No article '…': send a code such as `ROBE1`."
    assert re.fullmatch(r"  .*test_logs\.py:\d+ in fail", frames[-1])
    assert "Awa" not in json.dumps(fields)


def test_a_frame_of_ours_is_named_by_its_module_wherever_griot_is_installed() -> None:
    def fail() -> None:
        try:
            Money.parse("abc", "XOF")
        except InvalidInput:
            logs.get("t").exception("could not read")

    assert re.search(r"^  griot/core/money\.py:\d+ in parse$", line(fail)["exception"], re.MULTILINE)


def test_the_last_words_of_a_process_are_a_line_like_any_other() -> None:
    fields = line(lambda: sys.excepthook(KeyError, raised(KeyError("Awa Diop")), None))
    assert (fields["level"], fields["event"]) == ("critical", "stopped by an error")
    assert "Awa" not in fields["exception"]


async def test_a_database_error_names_the_constraint_and_not_the_values(db: Any) -> None:
    async with db.anywhere() as connection:
        with pytest.raises(psycopg.Error) as caught:
            await connection.execute("CREATE TEMP TABLE people (name text CONSTRAINT one_name UNIQUE)")
            await connection.execute("INSERT INTO people VALUES ('Awa Diop'), ('Awa Diop')")
    shown = logs.error_line(caught.value)
    assert "UniqueViolation" in shown
    assert "[23505] [people] [one_name]" in shown
    assert "Awa" not in shown


def test_a_group_of_errors_and_a_loop_of_causes_come_to_an_end() -> None:
    first, second = ValueError("one"), KeyError("two")
    first.__cause__, second.__cause__ = second, first
    trace = line(lambda: logs.get("t").error("failed", exc_info=first))["exception"]
    assert trace == "ValueError: one\nbecause of\nKeyError: '…'"


def test_libraries_are_heard_from_warning_on_and_the_server_from_info_on() -> None:
    def speak() -> None:
        logging.getLogger("httpx").info("HTTP Request: POST …")
        logging.getLogger("procrastinate.worker").debug("fetching")
        logging.getLogger("uvicorn.access").info('127.0.0.1 - "GET /pay HTTP/1.1" 200')
        logging.getLogger("uvicorn.error").info("Application startup complete.")
        logging.getLogger("procrastinate.worker").error("job failed")

    lines = [json.loads(text) for text in said(speak).splitlines()]
    assert [(entry["module"], entry["level"]) for entry in lines] == [
        ("uvicorn.error", "info"),
        ("procrastinate.worker", "error"),
    ]


def test_a_record_that_cannot_be_formatted_breaks_nothing_and_shows_nothing() -> None:
    fields = line(lambda: logging.getLogger("library").warning("%d pieces", "Awa Diop"))
    assert fields["event"] == "a log record whose arguments do not fit its text"


def test_an_odd_level_is_rounded_down() -> None:
    assert line(lambda: logging.getLogger("library").log(35, "odd"))["level"] == "warning"


def test_lines_below_the_level_are_not_written() -> None:
    assert said(lambda: logs.get("t").info("quiet"), level="warning") == ""


def test_a_terminal_gets_readable_lines() -> None:
    reader, writer = pty.openpty()
    with os.fdopen(writer, "w") as terminal, redirect_stderr(terminal):
        logs.configure()
        logs.get("griot.api").info("ready", port=8000, phone="+221771234567")
    shown = os.read(reader, 4096).decode()
    os.close(reader)
    assert "ready" in shown and "8000" in shown
    assert "771234567" not in shown
    with pytest.raises(json.JSONDecodeError):
        json.loads(shown)


def test_an_interrupt_is_not_an_error() -> None:
    assert '"critical"' not in said(lambda: sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None))


def test_before_anything_is_configured_standard_output_stays_clean() -> None:
    program = (
        "from griot.core import logs; log = logs.get('t'); log.info('hush'); log.warning('early', phone='771234567')"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == ""
    assert [json.loads(text)["event"] for text in done.stderr.splitlines()] == ["early"]
