"""Coming in and going out: login, one's own password, language. Pages of their own, without scripts."""

from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from griot.core.errors import GriotError, InvalidInput, TooManyRequests, Unauthenticated
from griot.core.house import House
from griot.core.source import source_of
from griot.core.texts import LANGUAGES
from griot.tools.users import sessions
from griot.ui import words
from griot.ui.desk import LANGUAGE_COOKIE, language_of, visitor
from griot.ui.showing import page

LARGEST_FORM = 4096  # bytes
_YEAR = 365 * 24 * 3600  # seconds


async def login(request: Request) -> Response:
    """The form, and what it sends."""
    language = language_of(request.cookies, request.headers)
    if request.method != "POST":
        return HTMLResponse(page("login.html", language, email="", trouble=""))
    house: House = request.app.state.house
    form = await _form(request)
    email = form.get("email", "")[:254]
    try:
        source = source_of(request.scope, trust_proxy=house.config.trust_proxy)
        former = request.cookies.get(sessions.COOKIE)
        given = form.get("password", "")[:256]
        opened = await sessions.log_in(house, email, given, source, "console", replacing=former)
    except (Unauthenticated, TooManyRequests) as error:
        trouble = words.say(language, f"doors.{'slow' if isinstance(error, TooManyRequests) else 'wrong'}")
        return HTMLResponse(page("login.html", language, email=email, trouble=trouble), error.status)
    response = RedirectResponse("/", 303)
    response.set_cookie(
        sessions.COOKIE,
        opened.token,
        max_age=int(sessions.LONGEST.total_seconds()),
        secure=request.url.scheme == "https" or house.config.public_url.startswith("https:"),
        httponly=True,
        samesite="lax",
    )
    return response


async def logout(request: Request) -> Response:
    try:
        who = await visitor(request.app.state.house, request.cookies, request.headers)
        await sessions.log_out(who.house, who.session)
    except GriotError:
        pass  # nobody is logged in: that is what was wanted
    response = RedirectResponse("/login", 303)
    response.delete_cookie(sessions.COOKIE)
    return response


async def password(request: Request) -> Response:
    """A user's own new password."""
    language = language_of(request.cookies, request.headers)
    try:
        who = await visitor(request.app.state.house, request.cookies, request.headers)
    except GriotError:
        return RedirectResponse("/login", 303)
    trouble = ""
    if request.method == "POST":
        form = await _form(request)
        try:
            await sessions.change_password(
                who.house, who.session, form.get("former", "")[:256], form.get("password", "")[:256]
            )
            return RedirectResponse("/", 303)
        except (Unauthenticated, TooManyRequests, InvalidInput) as error:
            trouble = words.say(language, f"doors.{_TROUBLES[type(error)]}")
    data = {"given": who.session.must_change, "email": who.session.email, "trouble": trouble}
    return HTMLResponse(page("password.html", language, **data), 422 if trouble else 200)


_TROUBLES: dict[type[GriotError], str] = {Unauthenticated: "former", TooManyRequests: "slow", InvalidInput: "weak"}


async def speak(request: Request) -> Response:
    """Another language from here on."""
    language = (await _form(request)).get("language", "")
    response = RedirectResponse("/", 303)
    if language in LANGUAGES:
        response.set_cookie(LANGUAGE_COOKIE, language, max_age=_YEAR, samesite="lax")
    return response


async def _form(request: Request) -> dict[str, str]:
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > LARGEST_FORM:
            raise InvalidInput("The form is larger than this takes.")
    return dict(parse_qsl(body.decode("utf-8", "replace")))


ROUTES = [
    Route("/login", login, methods=["GET", "POST"]),
    Route("/logout", logout, methods=["POST"]),
    Route("/password", password, methods=["GET", "POST"]),
    Route("/language", speak, methods=["POST"]),
]
