"""Every refusal of the web server, as one shape: {"error": {"code", "message"}}."""

from __future__ import annotations

import logging
from http import HTTPStatus

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from bot.commands import Commands
from bot.errors import UserError

_log = logging.getLogger(__name__)

_USER_STATUS = {
    "credits": HTTPStatus.PAYMENT_REQUIRED,
    "not_found": HTTPStatus.NOT_FOUND,
    "wrong_state": HTTPStatus.CONFLICT,
    "too_many": HTTPStatus.TOO_MANY_REQUESTS,
    "unavailable": HTTPStatus.SERVICE_UNAVAILABLE,
}
_WORDS = {
    HTTPStatus.NOT_FOUND: ("not_found", "There is nothing here."),
    HTTPStatus.METHOD_NOT_ALLOWED: ("method_not_allowed", "That can't be done here."),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: ("too_large", "That is more than I can take."),
}
_INTERNAL = ("E-INTERNAL", "Something broke on my side. Nothing more was charged. Code E-INTERNAL.")


class Problem(Exception):
    """A request that is refused; `message` is a sentence for people."""

    def __init__(self, status: HTTPStatus, code: str, message: str, *, headers: dict[str, str] | None = None) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.message = message
        self.headers = headers


def unprocessable(message: str) -> Problem:
    return Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "invalid", message)


def too_large(limit_bytes: int) -> Problem:
    sentence = f"That is more than I can take: the limit is {limit_bytes / 1e6:.2g} MB."
    return Problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too_large", sentence)


def answer(status: int, code: str, message: str, headers: dict[str, str] | None = None) -> web.Response:
    """The one shape of every error."""
    return web.json_response({"error": {"code": code, "message": message}}, status=status, headers=headers)


def see_other(location: str) -> web.Response:
    """Go there instead."""
    return web.Response(status=HTTPStatus.SEE_OTHER, headers={"Location": location})


def catch_problems(commands: Commands) -> Middleware:
    """The outermost middleware: whatever goes wrong inside becomes an answer without a traceback."""

    @web.middleware
    async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            return await handler(request)
        except Problem as problem:
            return answer(problem.status, problem.code, problem.message, problem.headers)
        except UserError as error:
            status = _USER_STATUS.get(error.code, HTTPStatus.UNPROCESSABLE_ENTITY)
            return answer(status, error.code, commands.explain(error))
        except web.HTTPException as error:
            return _plain(error)
        except ConnectionError:
            raise  # the client has left: there is nobody to answer
        except Exception:  # noqa: BLE001 - the top of every request: only that one fails, and the log says why
            _log.exception("%s %s failed", request.method, request.rel_url.raw_path)
            return answer(HTTPStatus.INTERNAL_SERVER_ERROR, *_INTERNAL)

    return middleware


def _plain(error: web.HTTPException) -> web.Response:
    status = HTTPStatus(error.status)
    code, message = _WORDS.get(status, (status.phrase.lower().replace(" ", "_"), f"{status.phrase}."))
    allow = error.headers.get("Allow")
    return answer(status, code, message, {"Allow": allow} if allow else None)
