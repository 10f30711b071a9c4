"""The real agent, put on this machine by the one line that the dashboard shows, and run as that line would run it.

There is no systemd in many places where tests run, so the line gets `--no-service` and the agent is started here.
"""

import os
import pwd
import signal
import subprocess
from pathlib import Path
from typing import Any

# The account that runs nothing else: where root tests, the agent must not be root.
ACCOUNT = "nobody"


class RealAgent:
    """Installs by `line` below `home`, as an ordinary user."""

    def __init__(self, home: Path, line: str) -> None:
        self.home = home
        self._process: subprocess.Popen[bytes] | None = None
        self._as_user: dict[str, Any] = {}
        home.mkdir(parents=True)
        if os.geteuid() == 0:
            account = pwd.getpwnam(ACCOUNT)
            os.chown(home, account.pw_uid, account.pw_gid)
            self._as_user = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
        self._environment = {"HOME": str(home), "PATH": os.environ["PATH"], "LANG": "C.UTF-8", "USER": ACCOUNT}
        done = subprocess.run(
            ["sh", "-c", f"{line} --no-service"],
            cwd=home, env=self._environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
            timeout=120, **self._as_user,
        )  # fmt: skip
        self.output = done.stdout + done.stderr
        assert done.returncode == 0, f"the line did not work:\n{self.output}"

    def start(self) -> None:
        with (self.home / "agent.log").open("wb") as log:
            self._process = subprocess.Popen(
                [self.home / ".local/bin/nodestral-agent", "run"],
                cwd=self.home, env=self._environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True, **self._as_user,
            )  # fmt: skip

    def stop(self) -> None:
        if self._process is None:
            return
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(timeout=10)
        self._process = None
