"""What can be fetched from a view: documents, recordings, exports. ``GET /files/<view>.<name>?shop=…``."""

from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from griot.core.errors import InvalidInput, NotFound
from griot.core.house import House
from griot.ui.desk import visitor
from griot.ui.views import FILES

_SHOWN_NEVER_RUN = "sandbox; default-src 'none'; img-src data: 'self'; media-src 'self'; style-src 'unsafe-inline'"


async def fetch(request: Request) -> Response:
    house: House = request.app.state.house
    who = await visitor(house, request.cookies, request.headers)
    given = dict(request.query_params)
    named = given.pop("shop", "")
    desk = await (who.sit_down_at(request.query_params) if named else who.sit_down(None))
    door = FILES.get(request.path_params["name"])
    if door is None:
        raise NotFound("There is no such file.")
    try:
        response: Response = await door.open(desk, given)
    except ValidationError as error:
        raise InvalidInput(f"The address is not complete: {error.errors()[0]['loc']}.") from None
    response.headers.setdefault("Cache-Control", "private, no-store")
    boxed = response.headers.get("Content-Security-Policy", "").startswith("sandbox")  # as its view wants it
    if not boxed and response.media_type != "application/pdf":  # which browsers show in a room of its own, not in a box
        response.headers["Content-Security-Policy"] = _SHOWN_NEVER_RUN
    return response


ROUTES = [Route("/files/{name}", fetch)]
