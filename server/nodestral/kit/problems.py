"""Errors as RFC 9457 documents (`application/problem+json`).

    Problem                     carries status, stable code and a sentence for people
    ├── NotFound                404, also for what belongs to somebody else
    ├── Unauthenticated         401
    ├── Forbidden               403
    ├── Conflict                409
    ├── Invalid                 422, with the paths of the bad fields
    └── Unavailable             503 with Retry-After

One handler turns these, the framework's own errors and the database's into a document. Nothing of an unexpected error
reaches the client; it is logged.
"""

import random
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import msgspec
import psycopg
import psycopg_pool
import structlog
from litestar import Request, Response
from litestar.exceptions import HTTPException, ValidationException

from nodestral.protocol import ProblemDocument

MEDIA_TYPE = "application/problem+json"
log = structlog.get_logger()


class Problem(Exception):
    status = 500
    code = "internal"

    def __init__(
        self,
        detail: str,
        *,
        code: str | None = None,
        status: int | None = None,
        errors: list[dict[str, Any]] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.code = code or self.code
        self.status = status or self.status
        self.errors = errors or []
        self.headers = dict(headers or {})

    def document(self) -> bytes:
        title = HTTPStatus(self.status).phrase
        return msgspec.json.encode(
            ProblemDocument(
                type=f"urn:nodestral:problem:{self.code}",
                title=title,
                status=self.status,
                detail=self.detail,
                code=self.code,
                errors=self.errors,
            )
        )


class NotFound(Problem):
    status = 404
    code = "not-found"


class Unauthenticated(Problem):
    status = 401
    code = "unauthenticated"


class Forbidden(Problem):
    status = 403
    code = "forbidden"


class Conflict(Problem):
    status = 409
    code = "conflict"


class Invalid(Problem):
    status = 422
    code = "invalid"


class TooMany(Problem):
    status = 429
    code = "too-many-requests"


class Unavailable(Problem):
    status = 503
    code = "unavailable"

    def __init__(self, detail: str, *, code: str | None = None, retry_after_seconds: int = 5) -> None:
        # The jitter keeps a fleet that was refused together from coming back together.
        wait = retry_after_seconds + random.randint(0, retry_after_seconds)  # noqa: S311
        super().__init__(detail, code=code, headers={"Retry-After": str(wait)})


FRAMEWORK_CODES = {
    400: ("malformed", "The request could not be read."),
    401: ("unauthenticated", "Sign in first."),
    403: ("forbidden", "This is not allowed."),
    404: ("not-found", "There is nothing here."),
    405: ("method-not-allowed", "This address does not take this method."),
    413: ("too-large", "The request's body is too large."),
    415: ("unsupported-media-type", "The request's body is of a kind that is not taken here."),
    429: ("too-many-requests", "Too many requests; wait a little."),
}


def as_problem(error: Exception) -> Problem:
    """The problem that a client is told about for any error."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, ValidationException):
        return _from_validation(error)
    if isinstance(error, HTTPException):
        code, detail = FRAMEWORK_CODES.get(error.status_code, ("internal", "Something went wrong."))
        headers = {name: value for name, value in (error.headers or {}).items() if name.lower() != "content-type"}
        return Problem(detail, code=code, status=error.status_code, headers=headers)
    if isinstance(error, psycopg.DataError) and _is_in_the_value(error):
        return Invalid("A value cannot be stored, for example because it holds a NUL character.", code="unstorable")
    if isinstance(error, (psycopg_pool.PoolTimeout, psycopg.OperationalError, psycopg.InterfaceError)):
        return Unavailable("The database cannot be reached now.", code="database-unavailable")
    return Problem("Something went wrong on the server. It has been written to its log.")


def _is_in_the_value(error: psycopg.DataError) -> bool:
    """Class 22 is PostgreSQL's for data; psycopg itself refuses a NUL before it sends anything."""
    return (error.sqlstate or "").startswith("22") or "NUL" in str(error)


def _from_validation(error: ValidationException) -> Problem:
    extra = error.extra if isinstance(error.extra, list) else []
    errors = [
        {
            "path": str(each.get("key", "")),
            "message": str(each.get("message", "")),
            "in": str(each.get("source", "body")),
        }
        for each in extra
        if isinstance(each, dict)
    ]
    return Invalid("Some fields are not as they must be.", errors=errors)


def handle(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    problem = as_problem(error)
    if problem.status >= 500 and not isinstance(problem, Unavailable):
        log.error("request failed", method=request.method, path=request.url.path, exc_info=error)
    return Response(problem.document(), status_code=problem.status, headers=problem.headers, media_type=MEDIA_TYPE)
