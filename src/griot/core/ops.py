"""Health, readiness and metrics over HTTP, the same for the API and the worker."""

import asyncio

import psycopg
from psycopg_pool import PoolTimeout
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from griot.core import metrics
from griot.core.db.migrate import available
from griot.core.house import House


async def health(_: Request) -> Response:
    """The process runs. Nothing else is asked, so that a database in trouble does not get every process killed."""
    return PlainTextResponse("ok")


async def readiness(request: Request) -> Response:
    """The process can do its work: the database answers and has this version's migrations."""
    house: House = request.app.state.house
    try:
        async with asyncio.timeout(2), house.db.anywhere() as connection:
            cursor = await connection.execute("SELECT max(number) AS number FROM jobs.migrations")
            row = await cursor.fetchone()
    except (TimeoutError, psycopg.Error, PoolTimeout):
        return JSONResponse({"ready": False, "why": "the database does not answer"}, 503)
    if row is None or row["number"] != max(available()):
        return JSONResponse({"ready": False, "why": "run `griot db migrate`"}, 503)
    return JSONResponse({"ready": True})


async def prometheus(_: Request) -> Response:
    body, content_type = metrics.render()
    return Response(body, media_type=content_type)


ROUTES = [
    Route("/healthz", health),
    Route("/readyz", readiness),
    Route("/metrics", prometheus),
]
