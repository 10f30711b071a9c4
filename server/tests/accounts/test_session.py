"""Signing in and out."""

import pytest
from server.tests.world import CHEAP, PASSWORD, Person, World, running

from nodestral.accounts import passwords
from nodestral.accounts.passwords import Passwords
from nodestral.accounts.service import create_user, set_password
from nodestral.kit.clock import Clock
from nodestral.kit.problems import Conflict
from nodestral.kit.ratelimit import RateLimit

pytestmark = pytest.mark.anyio
PATH = "/api/v1/session"


async def test_sign_in_look_and_sign_out(world: World, ann: Person) -> None:
    answer = await world.http.post(PATH, json={"email": "ANN@example.org", "password": PASSWORD})
    assert answer.status_code == 201
    assert answer.json()["user"]["email"] == ann.email
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "secure" not in cookie, "plain HTTP on loopback"
    value = {"cookie": answer.headers["set-cookie"].partition(";")[0]}

    assert (await world.http.get(PATH, headers=value)).json()["organization"]["role"] == "owner"
    assert (await world.http.delete(PATH, headers=value)).status_code == 204
    assert (await world.http.get(PATH, headers=value)).status_code == 401


async def test_over_https_the_cookie_is_of_this_host_alone(dsn: str, valkey_url: str) -> None:
    async with running(dsn, valkey_url, public_url="https://nodes.example.org") as world:
        await world.person()
        answer = await world.http.post(PATH, json={"email": "ann@example.org", "password": PASSWORD})
        cookie = answer.headers["set-cookie"]
        assert cookie.startswith("__Host-nodestral=")
        assert "secure" in cookie.lower()
        assert "path=/" in cookie.lower()
        assert "domain" not in cookie.lower()
        assert "strict-transport-security" in answer.headers


async def test_wrong_password_and_unknown_address_are_told_alike(world: World, ann: Person) -> None:
    wrong = await world.http.post(PATH, json={"email": ann.email, "password": "wrong"})
    unknown = await world.http.post(PATH, json={"email": "nobody@example.org", "password": "wrong"})
    assert wrong.status_code == unknown.status_code == 401
    assert wrong.json() == unknown.json()


class Stopped(Clock):
    def now(self) -> float:
        return 1_800_000_000.0


def stop_the_clock(world: World) -> None:
    """All attempts of a test fall into one window."""
    world.app.state.rate_limit = RateLimit(world.app.state.valkey, Stopped())


async def test_an_account_s_attempts_are_limited(world: World, ann: Person) -> None:
    stop_the_clock(world)
    statuses = [
        (await world.http.post(PATH, json={"email": ann.email, "password": "wrong"})).status_code for _ in range(11)
    ]
    assert statuses == [401] * 10 + [429]


async def test_an_address_s_attempts_are_limited_whatever_it_claims_to_be(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passwords, "NOBODY_S_HASH", CHEAP.hash("anything"))
    stop_the_clock(world)
    statuses = []
    for number in range(31):
        answer = await world.http.post(
            PATH,
            json={"email": f"{number}@example.org", "password": "wrong"},
            headers={"x-forwarded-for": f"192.0.2.{number}"},
        )
        statuses.append(answer.status_code)
    assert statuses == [401] * 30 + [429]


async def test_a_new_password_ends_all_sessions(dsn: str, valkey_url: str) -> None:
    async with running(dsn, valkey_url) as world:
        ann = await world.person()
        async with await world.database() as connection:
            await set_password(connection, Passwords(CHEAP), email=ann.email, password="another password")
        # This process has not looked the session up before; one that has asks again within three seconds.
        assert (await world.http.get(PATH, headers=ann.cookies)).status_code == 401


async def test_an_expired_session_is_none(world: World, ann: Person) -> None:
    await world.value("UPDATE sessions SET expires_at = now() - interval '1 second' RETURNING 1")
    assert (await world.http.get(PATH, headers=ann.cookies)).status_code == 401


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"email": 1}', b'{"email": "a@b.c"}', b'{"email":"a\\u0000@b"}'])
async def test_a_bad_body_is_told_in_a_problem(world: World, body: bytes) -> None:
    answer = await world.http.post(PATH, content=body, headers={"content-type": "application/json"})
    assert answer.status_code in (400, 422)
    assert answer.headers["content-type"] == "application/problem+json"


async def test_an_address_is_one_person_s(world: World, ann: Person) -> None:
    async with await world.database() as connection:
        with pytest.raises(Conflict):
            await create_user(connection, Passwords(CHEAP), email="Ann@Example.org", name="", password=PASSWORD)
