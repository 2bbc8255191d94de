"""Errors in one shape: ``{"error": <kind>, "message": <what to do>}``, with ``details`` when fields are wrong."""

from http import HTTPStatus
from typing import Any

import psycopg
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from psycopg_pool import PoolTimeout
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from griot.core import logs
from griot.core.errors import GriotError, TooManyRequests

log = logs.get(__name__)

_MOST_DETAILS = 20


class Wrong(BaseModel):
    """A field that cannot be so."""

    field: str = Field(examples=["body.text"])
    message: str = Field(examples=["String should have at least 1 character"])


class Problem(BaseModel):
    """What every refusal looks like."""

    error: str = Field(examples=["NotFound"], description="The kind of problem, for programs.")
    message: str = Field(
        examples=["There is no conversation 12 in this shop."], description="For the person who can act."
    )
    details: list[Wrong] | None = Field(None, description="Which fields are wrong, if that is the problem.")


def install(app: FastAPI) -> None:
    """Answer every error of ours, of the framework and of the database in this shape."""
    app.add_exception_handler(GriotError, _ours)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _framework)
    app.add_exception_handler(psycopg.DataError, _unstorable)
    app.add_exception_handler(psycopg.OperationalError, _database_away)
    app.add_exception_handler(PoolTimeout, _database_away)


def problem(status: int, error: str, message: str, headers: dict[str, str] | None = None, **more: Any) -> JSONResponse:
    return JSONResponse({"error": error, "message": message, **more}, status, headers)


async def _ours(_: Request, error: Exception) -> Response:
    assert isinstance(error, GriotError)
    headers: dict[str, str] = {}
    if isinstance(error, TooManyRequests):
        headers["Retry-After"] = str(int(error.retry_after) + 1)
    if error.status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = "Bearer"
    return problem(error.status, type(error).__name__, str(error), headers)


async def _invalid(_: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    details = [
        {"field": ".".join(str(part) for part in item["loc"]), "message": str(item["msg"])}
        for item in error.errors()[:_MOST_DETAILS]
    ]
    return problem(422, "InvalidInput", "Some of what came in cannot be so: see details.", details=details)


async def _framework(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    name = HTTPStatus(error.status_code).phrase.title().replace(" ", "")
    return problem(error.status_code, name, str(error.detail), dict(error.headers or {}))


async def _unstorable(_: Request, error: Exception) -> Response:
    """PostgreSQL cannot keep a value, such as a NUL character or a number beyond its range."""
    log.info("a value cannot be stored", exc_info=error)
    return problem(422, "InvalidInput", "A value cannot be stored: leave out control characters and huge numbers.")


async def _database_away(_: Request, error: Exception) -> Response:
    """Nothing was stored, so the sender has to come again; channels and providers do."""
    log.warning("the database does not answer", exc_info=error)
    return problem(503, "Unavailable", "Not stored: try again in a moment.", {"Retry-After": "2"})
