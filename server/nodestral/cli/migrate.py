"""`nodestral migrate`: the schema of this version, in the database of the settings or the embedded one."""

import psycopg
import rich_click as click

from nodestral import migrations
from nodestral.cli import options, stores
from nodestral.cli.failure import Failure


@click.command()
@options.data_dir_option
@options.config_option
def command(data_dir: str | None, config: str | None) -> None:
    """Bring the database to this version's schema. Safe to run again, and from several machines at once."""
    settings = options.load_settings(config, data_dir=data_dir)
    with stores.database(settings) as dsn:
        try:
            migrations.migrate(dsn)
        except psycopg.OperationalError as error:
            raise Failure(f"The database cannot be used: {error}") from None
    click.echo(f"The schema is up to date ({migrations.newest()}).")
