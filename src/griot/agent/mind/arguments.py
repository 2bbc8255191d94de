"""The arguments of the tools, as models see and send them. Every turn pays for these schemas: keep them short."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from griot.agent.acts import Courtesy, IntakeKind, Question, Refusal

Reason = Literal[
    "human", "angry", "complaint", "refund", "legal", "medical", "abuse", "custom", "unknown", "media", "payment",
    "delivery",
]  # fmt: skip


def _pairs(value: Any) -> Any:
    """Options as models write them: ``{"taille": "M"}``, but also ``["M"]`` and ``"M"``."""
    if isinstance(value, str):
        value = [value]
    if isinstance(value, list):
        return {str(place): item for place, item in enumerate(value)}
    return value


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, str | dict) else value


_TEXTS: dict[str, Any] = {"type": "object", "additionalProperties": {"type": "string"}}

Text = Annotated[str | None, WithJsonSchema({"type": "string"})]
Whole = Annotated[int | None, WithJsonSchema({"type": "integer"})]
Pairs = Annotated[dict[str, str] | None, BeforeValidator(_pairs), WithJsonSchema(_TEXTS)]
ABSENT: Any = Field(default_factory=lambda: None)  # says "optional" without a default in the schema
NOT_SAID: Any = Field(default_factory=str)
Codes = Annotated[list[str], BeforeValidator(_listed)]


class Arguments(BaseModel):
    """Lenient about types, strict about names: what a model adds on its own is not read."""

    model_config = ConfigDict(extra="ignore", coerce_numbers_to_str=True)


class Nothing(Arguments):
    pass


class Line(Arguments):
    code: str
    quantity: Whole = ABSENT
    options: Pairs = ABSENT


Lines = Annotated[list[Line], BeforeValidator(_listed)]


class Search(Arguments):
    query: str


class ShowProducts(Arguments):
    codes: Codes
    quantity: int | None = None


class Hold(Arguments):
    lines: Lines
    wanted_on: Text = ABSENT
    wanted_at: Text = ABSENT


class Swap(Arguments):
    code: Text = ABSENT
    new_code: str
    new_options: Pairs = ABSENT
    quantity: Whole = ABSENT


class Cancel(Arguments):
    code: Text = ABSENT
    options: Pairs = ABSENT


class Quote(Arguments):
    lines: Lines = Field(default_factory=list)
    wanted_on: Text = ABSENT


class Pay(Arguments):
    means: Annotated[Text, WithJsonSchema({"enum": ["wave", "orange_money", "card"]})] = ABSENT


class OrderStatus(Arguments):
    reference: Text = ABSENT


class AnswerFaq(Arguments):
    key: str


class NotifyWhenBack(Arguments):
    code: str
    options: Pairs = ABSENT
    quantity: Whole = ABSENT


class Intake(Arguments):
    kind: IntakeKind
    fields: Annotated[dict[str, str | None], WithJsonSchema(_TEXTS)]


class WantedOn(Arguments):
    on: Text = ABSENT
    at: Text = ABSENT


class UsePromotion(Arguments):
    code: str


class Escalate(Arguments):
    reason: Reason
    summary: str = NOT_SAID
    suggestion: str = NOT_SAID


class Clarify(Arguments):
    question: Question
    codes: Codes = Field(default_factory=list)
    quantity: Whole = ABSENT


class Refuse(Arguments):
    what: Refusal
    code: Text = ABSENT


class SmallTalk(Arguments):
    kind: Courtesy


class Say(Arguments):
    text: str


# The tools that decide: the shape of their arguments, and what a model is told of them.
DECIDING: dict[str, tuple[type[Arguments], str]] = {
    "show_products": (
        ShowProducts,
        "Tell price, stock, options and quantity prices of products, best match first. Creates nothing.",
    ),
    "hold": (
        Hold,
        "The buyer clearly orders, or corrects a quantity (quantity = what they end up with). wanted_on: YYYY-MM-DD,"
        " wanted_at: HH:MM, when they say for when.",
    ),
    "swap": (Swap, "Instead of an article held or quoted: another one, size or colour."),
    "cancel": (Cancel, "Give up the open order, or one article of it."),
    "quote": (Quote, "The buyer asks for a quote (devis, proforma)."),
    "accept_quote": (Nothing, "The buyer orders what the open quote offers."),
    "pay": (Pay, "The buyer wants to pay, or names a means."),
    "order_status": (OrderStatus, "Where the buyer's own order stands."),
    "answer_faq": (AnswerFaq, "Send this FAQ answer."),
    "notify_when_back": (NotifyWhenBack, "Tell the buyer when a sold-out article is back."),
    "intake": (
        Intake,
        "Note for the shop. address: text, district, city, phone, landmark. slot: date, time. custom (made to order):"
        " request, occasion, date, text.",
    ),
    "wanted_on": (WantedOn, "For when the open order or quote is wanted."),
    "use_promotion": (UsePromotion, "A promotion code the buyer names."),
    "escalate": (Escalate, "Hand over to a human, with a summary and an answer that might do."),
    "clarify": (Clarify, "Ask one question; creates nothing."),
    "refuse": (Refuse, "What words cannot bring about, and what is not the shop's business."),
    "greet": (Nothing, "Only a greeting."),
    "small_talk": (SmallTalk, "Only a courtesy."),
}
