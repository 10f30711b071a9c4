"""A machine becomes a node once, however often it asks, and only while its token is good."""

import pytest
from server.tests.world import Person, Quiet, World, a_report, new_node_token

pytestmark = pytest.mark.anyio


async def test_a_lost_answer_costs_no_use(world: World, ann: Person) -> None:
    secret, token = await world.install_token(ann), new_node_token()

    answers = [await world.enroll(secret, token) for _ in range(3)]

    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["node_id"] for answer in answers}) == 1
    assert (await world.get(ann, "/api/v1/install-tokens"))["items"][0]["uses"] == 1


async def test_a_token_is_good_for_its_uses_only(world: World, ann: Person) -> None:
    secret = await world.install_token(ann, uses_allowed=2)
    answers = [await world.enroll(secret, new_node_token()) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [201, 201, 403]
    shown = (await world.get(ann, "/api/v1/install-tokens"))["items"][0]
    assert (shown["state"], len(shown["node_ids"])) == ("used up", 2)


async def test_an_expired_token_is_refused(world: World, ann: Person) -> None:
    secret = await world.install_token(ann)
    await world.value("UPDATE install_tokens SET expires_at = now() - interval '1 second' RETURNING 1")
    answer = await world.enroll(secret, new_node_token())
    assert (answer.status_code, answer.json()["code"]) == (403, "token-spent")


async def test_a_revoked_token_is_refused(world: World, ann: Person) -> None:
    secret = await world.install_token(ann)
    token_id = (await world.get(ann, "/api/v1/install-tokens"))["items"][0]["id"]
    revoked = await world.http.delete(f"/api/v1/install-tokens/{token_id}", headers=ann.cookies)
    assert revoked.status_code == 204
    assert (await world.enroll(secret, new_node_token())).status_code == 403


async def test_a_removed_node_s_secret_is_not_taken_again(world: World, ann: Person) -> None:
    secret, token = await world.install_token(ann, uses_allowed=5), new_node_token()
    node_id = (await world.enroll(secret, token)).json()["node_id"]
    await world.http.delete(f"/api/v1/nodes/{node_id}", headers=ann.cookies)
    assert (await world.enroll(secret, token)).status_code == 409


async def test_a_token_s_secret_is_told_once_and_kept_nowhere(world: World, ann: Person) -> None:
    made = await world.http.post("/api/v1/install-tokens", json={"name": "web"}, headers=ann.cookies)
    secret = made.json()["secret"]
    assert made.json()["command"].endswith(f"/install.sh | sh -s {secret}")
    assert secret not in (await world.http.get("/api/v1/install-tokens", headers=ann.cookies)).text
    assert (await world.enroll(secret, new_node_token())).status_code == 201


async def test_a_name_from_outside_is_made_harmless(quiet: Quiet, shared_ann: Person) -> None:
    secret = await quiet.world.install_token(shared_ann)
    answer = await quiet.world.enroll(secret, new_node_token(), "\u202ebox\r\n")
    shown = await quiet.world.get(shared_ann, f"/api/v1/nodes/{answer.json()['node_id']}")
    assert shown["hostname"] == "\ufffdbox"


async def test_a_hostname_with_nul_is_refused_or_made_harmless(quiet: Quiet, shared_ann: Person) -> None:
    secret = await quiet.world.install_token(shared_ann)
    assert (await quiet.world.enroll(secret, new_node_token(), "a\0b")).status_code in (201, 422)


async def test_reports_before_enrolment_are_refused(quiet: Quiet) -> None:
    stranger = quiet.node._replace(token=new_node_token())
    assert (await quiet.world.send(stranger, a_report())).status_code == 401
