"""REST under ``/api/v1``: one file a noun, each calling the tools. docs/reference/api.md tells it to programs."""

from fastapi import APIRouter

from griot.api.errors import Problem
from griot.api.v1 import auth, conversations, events, orders

_REFUSALS = {
    401: "Nobody is known to be asking.",
    403: "Who asks may not do this, or does not work in this shop.",
    404: "There is no such thing in this shop.",
    409: "The request was right a moment ago, and is not now.",
    422: "What came in breaks a rule, which the message names.",
    429: "Too often: `Retry-After` says when to come back.",
}

router = APIRouter(
    prefix="/api/v1",
    responses={status: {"model": Problem, "description": what} for status, what in _REFUSALS.items()},
)
for noun in (auth, conversations, orders, events):
    router.include_router(noun.router)
