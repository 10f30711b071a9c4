"""What runs on the machines: nginx and sshd from the root, and a gateway that the ordinary user openclaw keeps running.

The gateway is a unit of openclaw's own systemd, written and enabled in a session of that user, kept by linger.
"""

from e2e.machine import host
from e2e.machine.machine import Machine

USER = "openclaw"
USER_UNIT = "openclaw-gateway.service"
USER_PORT = 18789

# Restart=no is the default; it is spelt out because the tests kill the gateway and expect it to stay dead.
_UNIT = f"""[Unit]
Description=OpenClaw Gateway

[Service]
ExecStart=/usr/bin/python3 -m http.server {USER_PORT} --bind 127.0.0.1 --directory %h/gateway
Restart=no

[Install]
WantedBy=default.target
"""


def start_user_service(machine: Machine) -> None:
    machine.run(f"useradd --create-home --shell /bin/bash {USER} && loginctl enable-linger {USER}")
    host.wait_for(
        f"{machine.name}: {USER}'s own systemd",
        lambda: machine.run("systemctl --user is-system-running", user=USER, check=False).stdout.strip() == "running",
        within_seconds=60,
    )
    machine.run(
        f"""
        mkdir -p ~/gateway ~/.config/systemd/user
        cat > ~/.config/systemd/user/{USER_UNIT}
        systemctl --user daemon-reload
        systemctl --user enable --now --quiet {USER_UNIT}
        """,
        user=USER,
        stdin=_UNIT,
    )
