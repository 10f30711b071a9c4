"""A program that runs both services until it is ended: what the tests kill. It prints the two addresses."""

import signal
import sys
from pathlib import Path

from nodestral.embedded.errors import EmbeddedError
from nodestral.embedded.postgres import start_postgres
from nodestral.embedded.valkey import start_valkey


def main() -> None:
    folder = Path(sys.argv[1])
    try:
        postgres = start_postgres(folder)
        valkey = start_valkey(folder)
    except EmbeddedError as error:
        raise SystemExit(f"{type(error).__name__}: {error}") from None
    for service in (postgres, valkey):
        sys.stdout.write(f"{service.url} {service.process.pid}\n")
    sys.stdout.flush()
    signal.sigwait({signal.SIGTERM})
    valkey.stop()
    postgres.stop()


if __name__ == "__main__":
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
    main()
