"""What is counted and timed, on one registry per process. docs/operations/running.md says how to read it.

Labels are few and small on purpose: a channel, an outcome, a status; never a shop, a buyer or an order.
"""

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    generate_latest,
)

REGISTRY = CollectorRegistry()
ProcessCollector(namespace="griot", registry=REGISTRY)

_BRIEF = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
_HUMAN = (0.05, 0.1, 0.25, 0.5, 1, 2, 3, 5, 10, 30, 60, 300)

MESSAGES = Counter(
    "griot_messages_received", "Buyers' messages stored for the first time.", ["channel"], registry=REGISTRY
)
DUPLICATES = Counter("griot_messages_duplicate", "Messages delivered again.", ["channel"], registry=REGISTRY)
IGNORED = Counter("griot_updates_ignored", "Updates kept without being acted on.", ["channel"], registry=REGISTRY)
WEBHOOK_SECONDS = Histogram(
    "griot_webhook_seconds", "From a webhook's arrival to our answer.", ["channel"], buckets=_BRIEF, registry=REGISTRY
)

TURNS = Counter("griot_turns", "Turns of conversations.", ["outcome"], registry=REGISTRY)
TURN_SECONDS = Histogram("griot_turn_seconds", "From a turn's claim to its commit.", buckets=_BRIEF, registry=REGISTRY)
THINKING_SECONDS = Histogram(
    "griot_thinking_seconds", "What a mind took to decide about a turn.", buckets=_BRIEF, registry=REGISTRY
)
HEARING_SECONDS = Histogram(
    "griot_hearing_seconds", "What hearing a voice note took.", buckets=_HUMAN, registry=REGISTRY
)
SPEAKING_SECONDS = Histogram(
    "griot_speaking_seconds", "What making a voice note took.", buckets=_HUMAN, registry=REGISTRY
)
REPLY_SECONDS = Histogram(
    "griot_reply_seconds",
    "From a buyer's message received to its answer accepted by the channel.",
    buckets=_HUMAN,
    registry=REGISTRY,
)

SENDS = Counter(
    "griot_sends", "Attempts to send a message: `sent`, or the class of the refusal.", ["result"], registry=REGISTRY
)
SEND_QUEUE_AGE = Gauge(
    "griot_send_queue_age_seconds", "How long the oldest message that may be sent has waited.", registry=REGISTRY
)

HOLDS = Counter("griot_holds", "Requests for stock: held, same, short or gone.", ["outcome"], registry=REGISTRY)
EVENTS = Counter(
    "griot_events", "What happened, as in the table of events: `order.paid`, …", ["kind"], registry=REGISTRY
)
PAYMENTS = Counter(
    "griot_payments", "Answers of payment providers by what they came to.", ["outcome"], registry=REGISTRY
)
FAR_END_ERRORS = Counter(
    "griot_far_end_errors", "Errors and timeouts of channels, providers and models.", ["far_end"], registry=REGISTRY
)


def render() -> tuple[bytes, str]:
    """The registry in Prometheus' text format, and its content type."""
    return generate_latest(REGISTRY), CONTENT_TYPE_LATEST
