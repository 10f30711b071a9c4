"""POST /agent/v1/reports as a plain ASGI route: of all requests this one comes often.

The node is who its token says; an id inside the report must agree. The answer leaves after the commit, never before.
"""

import hashlib
import time

import msgspec
import structlog
from litestar.handlers import ASGIRouteHandler
from litestar.types import Guard, Receive, Scope, Send

from nodestral.ingest import body, meters
from nodestral.ingest.commits import Commits
from nodestral.ingest.credentials import Credentials
from nodestral.ingest.decode import decode
from nodestral.ingest.repository import Incoming
from nodestral.ingest.telling import newest
from nodestral.kit import policy
from nodestral.kit.origin import header
from nodestral.kit.problems import MEDIA_TYPE, Forbidden, Problem, Unauthenticated, as_problem
from nodestral.protocol import AgentSettings, ReportAnswer
from nodestral.samples import flatten

log = structlog.get_logger()
encode = msgspec.json.Encoder().encode
JSON_HEADER = (b"content-type", b"application/json")


class ReportEndpoint:
    def __init__(self, credentials: Credentials, commits: Commits, settings: AgentSettings) -> None:
        self._credentials = credentials
        self._commits = commits
        self._settings = settings

    async def answer(self, scope: Scope, receive: Receive) -> bytes:
        """Raises Problem, ClientGone, and the database's errors."""
        if scope["method"] != "POST":  # type: ignore[typeddict-item]  # only HTTP comes here
            raise Problem("Reports are posted.", status=405, code="method-not-allowed", headers={"Allow": "POST"})
        credential = await self._credentials.check(header(scope, b"authorization"))
        raw = await body.read(scope, receive)
        received_at = time.time()
        report = decode(raw, received_at)
        if report.node_id is not None and report.node_id != credential.id:
            raise Forbidden("The report names another node than its token.", code="foreign-node")
        sample = newest(report)
        latest = None if sample is None else flatten.latest(sample)
        incoming = Incoming(credential, report, hashlib.sha256(raw).digest(), received_at, latest)
        stored = await self._commits.submit(incoming)
        if not stored.known:
            self._credentials.forget(credential)
            raise Unauthenticated("This node token is not known or its node was removed.", code="bad-token")
        meters.REPORTS.labels("duplicate" if stored.duplicate else "stored").inc()
        return encode(
            ReportAnswer(ack=report.seq, settings=self._settings, need=stored.need, duplicate=stored.duplicate)
        )


class CheckedWithin(ASGIRouteHandler):
    """A route whose handler checks the credential itself. The framework copies a handler for each guard at each call,
    which would cost a report as much as reading it.
    """

    def resolve_guards(self) -> list[Guard]:
        return []


@CheckedWithin("/agent/v1/reports", copy_scope=False, opt=policy.NODE)
async def reports(scope: Scope, receive: Receive, send: Send) -> None:
    endpoint: ReportEndpoint = scope["litestar_app"].state.reports
    started = time.perf_counter()
    try:
        content = await endpoint.answer(scope, receive)
        status, headers = 200, [JSON_HEADER]
    except body.ClientGone:
        return
    except Exception as error:
        problem = as_problem(error)
        if problem.status == 500:
            log.exception("report failed")
        meters.REFUSED.labels(problem.code).inc()
        content, status = problem.document(), problem.status
        headers = [(b"content-type", MEDIA_TYPE.encode())]
        headers += [(name.lower().encode(), value.encode()) for name, value in problem.headers.items()]
    meters.REPORT_SECONDS.observe(time.perf_counter() - started)
    headers.append((b"content-length", str(len(content)).encode()))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": content, "more_body": False})
