"""/api/v1/session: sign in, who am I, sign out."""

import hashlib
from typing import Any

from litestar import Request, Response, delete, get, post
from litestar.datastructures import Cookie, State
from litestar.params import JSONBody
from litestar.status_codes import HTTP_201_CREATED

from nodestral.accounts.schemas import Session, SignIn
from nodestral.accounts.service import Sessions, as_session
from nodestral.kit import client, policy
from nodestral.kit.edge import GivenCaller, GivenWork
from nodestral.kit.policy import AnyConnection, Principal
from nodestral.kit.problems import Unauthenticated

PATH = "/api/v1/session"


def cookie_name(*, over_https: bool) -> str:
    """Browsers take a cookie with the __Host- prefix only over HTTPS, from this very host, for all of its paths."""
    return "__Host-nodestral" if over_https else "nodestral"


def _cookie(state: State, value: str, *, seconds: int) -> Cookie:
    secure = state.settings.over_https
    return Cookie(
        key=cookie_name(over_https=secure),
        value=value,
        path="/",
        max_age=seconds,
        httponly=True,
        secure=secure,
        samesite="lax",
    )


async def authenticate(connection: AnyConnection) -> Principal:
    """The person behind the session cookie. Raises Unauthenticated."""
    state = connection.app.state
    secret = connection.cookies.get(cookie_name(over_https=state.settings.over_https))
    if not secret:
        raise Unauthenticated("Sign in first.")
    sessions: Sessions = state.sessions
    secret_sha256, row = await sessions.find(secret)
    return Principal(
        "user",
        row.organization_id,
        row.user_id,
        role=row.role,  # type: ignore[arg-type]  # the table's check allows the four roles only
        session_sha256=secret_sha256,
        expires_at=row.expires_at,
    )


@post(PATH, operation_id="signIn", tags=["session"], opt=policy.PUBLIC, status_code=HTTP_201_CREATED)
async def sign_in(data: JSONBody[SignIn], request: Request[Any, Any, Any], state: State) -> Response[Session]:
    address = client.address(request.scope, state.trusted_proxies)
    account = hashlib.sha256(data.email.strip().lower().encode("utf-8", "replace")).hexdigest()
    await state.rate_limit.hit(f"sign-in:address:{address}", limit=30, window_seconds=60)
    await state.rate_limit.hit(f"sign-in:account:{account}", limit=10, window_seconds=60)
    secret, session = await state.sessions.open(data)
    cookie = _cookie(state, secret, seconds=state.settings.session_lifetime_seconds)
    return Response(session, cookies=[cookie])


@get(PATH, operation_id="getSession", tags=["session"], opt=policy.VIEWER)
async def get_session(caller: GivenCaller, state: State) -> Session:
    return as_session(await state.sessions.by_digest(caller.session_sha256))


@delete(PATH, operation_id="signOut", tags=["session"], opt=policy.VIEWER)
async def sign_out(caller: GivenCaller, work: GivenWork, state: State) -> Response[None]:
    await state.sessions.close(work.connection, caller.session_sha256)
    return Response(None, cookies=[_cookie(state, "", seconds=0)])
