"""`nodestral simulate`: many believable nodes against a server, through the protocol that real agents speak."""

import asyncio
import os

import rich_click as click
import uvloop

from nodestral.cli.failure import Failure
from nodestral.simulate import fleet
from nodestral.simulate.measure import Measure


@click.command()
@click.option("--nodes", type=click.IntRange(1, 200_000), required=True, help="How many nodes.")
@click.option("--server", "url", metavar="URL", required=True, help="The server, for example http://127.0.0.1:8600.")
@click.option(
    "--token",
    metavar="T",
    help="An install token with enough uses. The same token finds the same nodes again. [env: NODESTRAL_INSTALL_TOKEN]",
)
@click.option(
    "--interval", type=click.FloatRange(min=0.1), help="Seconds between reports. Default: what the server asks."
)
@click.option("--seconds", type=click.FloatRange(min=1), help="How long. Default: until Ctrl-C.")
@click.option(
    "--backlog",
    type=click.FloatRange(min=0.1, max=24 * 30),
    is_flag=False,
    flag_value=24.0,
    metavar="[HOURS]",
    help="Bring the last HOURS (24 if not said) of samples first, as nodes that were offline do.",
)
def command(
    nodes: int, url: str, token: str | None, interval: float | None, seconds: float | None, backlog: float | None
) -> None:
    """Drive simulated nodes: for a demonstration, or to see what a server can bear."""
    token = token or os.environ.get("NODESTRAL_INSTALL_TOKEN")
    if not token:
        raise Failure("An install token is needed: --token, or NODESTRAL_INSTALL_TOKEN. (nodestral token create)")
    plan = fleet.Plan(url.rstrip("/"), token, nodes, interval, seconds, (backlog or 0.0) * 3600)
    measure = Measure()
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(fleet.run(plan, measure, say=click.echo))
    except fleet.Unwelcome as error:
        raise Failure(f"{url} takes no such node: {error}") from None
    except ValueError as error:
        raise Failure(str(error)) from None
    except KeyboardInterrupt:
        click.echo()
    click.echo(measure.summary())
