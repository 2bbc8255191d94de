"""REST under ``/api/v1``: one file a noun, each calling the tools. docs/reference/api.md tells it to programs."""

from fastapi import APIRouter

from griot.api.errors import Problem
from griot.api.v1 import (
    auth,
    connections,
    conversations,
    customers,
    events,
    exports,
    figures,
    imports,
    inbox,
    knowledge,
    live,
    orders,
    payments,
    people,
    products,
    quotes,
    ratings,
    settings,
    texts,
    today,
    users,
)

_REFUSALS = {
    400: "The body cannot be read.",
    401: "Nobody is known to be asking.",
    403: "Who asks may not do this, or does not work in this shop.",
    404: "There is no such thing in this shop.",
    409: "The request was right a moment ago, and is not now.",
    413: "The body is larger than this takes.",
    422: "What came in breaks a rule, which the message names.",
    429: "Too often: `Retry-After` says when to come back.",
    502: "A far end did not answer.",
    503: "The database does not answer: come back in a moment.",
}

router = APIRouter(
    prefix="/api/v1",
    responses={status: {"model": Problem, "description": what} for status, what in _REFUSALS.items()},
)
for noun in (
    auth,
    products,
    imports,
    orders,
    quotes,
    conversations,
    inbox,
    ratings,
    customers,
    people,
    payments,
    exports,
    live,
    today,
    figures,
    knowledge,
    settings,
    texts,
    connections,
    users,
    events,
):
    router.include_router(noun.router)
