"""`nodestral settings`: every setting, from the one place that defines them. The README's table is this output."""

import textwrap

import rich_click as click

from nodestral import settings


@click.command()
@click.option("--markdown", is_flag=True, help="As a table in Markdown.")
def command(markdown: bool) -> None:
    """List every setting with its environment variable and default."""
    click.echo(as_markdown() if markdown else as_text(), nl=False)


def as_text() -> str:
    blocks = []
    for each in settings.describe():
        text = textwrap.fill(each.text, 100, initial_indent="    ", subsequent_indent="    ")
        default = f"default {each.default}" if each.default else "no default"
        blocks.append(f"{each.environment} ({each.name}, {default})\n{text}\n")
    return "\n".join(blocks)


def as_markdown() -> str:
    rows = ["| environment variable | in the file | default | what it is |", "| --- | --- | --- | --- |"]
    for each in settings.describe():
        default = f"`{each.default}`" if each.default else "none"
        rows.append(f"| `{each.environment}` | `{each.name}` | {default} | {each.text} |")
    return "\n".join(rows) + "\n"
