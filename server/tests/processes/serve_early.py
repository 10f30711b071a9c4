"""The control of the crash test: a server that acknowledges before the commit. It exists in tests only."""

import asyncio

from nodestral import app
from nodestral.cli import main
from nodestral.ingest.commits import Commits
from nodestral.ingest.repository import Incoming
from nodestral.ingest.storing import Stored


class EarlyCommits(Commits):
    async def submit(self, incoming: Incoming) -> Stored:
        future: asyncio.Future[Stored] = asyncio.get_running_loop().create_future()
        self._waiting.append((incoming, future))
        self._arrived.set()
        return Stored(known=True, duplicate=False, need=[], changed=[], status_before="online")


if __name__ == "__main__":
    vars(app)["Commits"] = EarlyCommits
    main()
