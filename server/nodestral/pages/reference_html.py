"""The API reference as HTML, from an OpenAPI 3.1 document. Everything that comes from the document is escaped."""

import re
from collections.abc import Iterator
from html import escape
from typing import Any

Document = dict[str, Any]
METHODS = ("get", "post", "put", "patch", "delete")
HEAD = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width, initial-scale=1">'
    '<title>Nodestral API</title><link rel="icon" type="image/svg+xml" href="/favicon.svg">'
    '<link rel="stylesheet" href="/docs/style.css"></head><body><div class="frame">'
)


def page(document: Document) -> str:
    """The whole page."""
    operations = list(_operations(document))
    groups: dict[str, list[tuple[str, str, Document]]] = {}
    for path, method, operation in operations:
        groups.setdefault(_group(path, operation), []).append((path, method, operation))
    schemas: dict[str, Document] = document.get("components", {}).get("schemas", {})
    parts = [HEAD, _navigation(groups, schemas), "<main>", _introduction(document)]
    for name, members in groups.items():
        parts.append(f'<h2 id="{_anchor("group", name)}">{escape(name)}</h2>')
        parts += [_operation(path, method, operation) for path, method, operation in members]
    parts.append('<h2 id="types">Types</h2>')
    parts += [_type(name, schemas[name]) for name in sorted(schemas)]
    parts.append("</main></div></body></html>")
    return "".join(parts)


def _operations(document: Document) -> Iterator[tuple[str, str, Document]]:
    for path, item in sorted(document.get("paths", {}).items()):
        for method in METHODS:
            if method in item:
                yield path, method, item[method]


def _group(path: str, operation: Document) -> str:
    tags = operation.get("tags")
    if tags:
        return str(tags[0]).capitalize()
    # /api/v1/nodes/{id} belongs to "nodes"; what has no such form goes by its first part.
    parts = [part for part in path.split("/") if part and not part.startswith("{")]
    name = parts[2] if len(parts) > 2 and parts[0] in ("api", "agent") else (parts[0] if parts else "other")
    return name.replace("-", " ").capitalize()


def _anchor(kind: str, name: str) -> str:
    return escape(f"{kind}-" + "".join(char if char.isalnum() else "-" for char in name.lower()).strip("-"))


def _navigation(groups: dict[str, list[tuple[str, str, Document]]], schemas: dict[str, Document]) -> str:
    parts = ['<nav aria-label="Contents"><a class="home" href="/">Nodestral</a>']
    for name, members in groups.items():
        parts.append(f"<h2>{escape(name)}</h2><ul>")
        for path, method, operation in members:
            parts.append(f'<li><a href="#{_anchor(method, path)}">{escape(_title(path, operation))}</a></li>')
        parts.append("</ul>")
    if schemas:
        parts.append('<h2>Types</h2><ul><li><a href="#types">All types</a></li></ul>')
    parts.append("</nav>")
    return "".join(parts)


def _introduction(document: Document) -> str:
    info = document.get("info", {})
    version, description = escape(str(info.get("version", ""))), escape(info.get("description") or "")
    return (
        f'<h1>{escape(info.get("title", "API"))} API</h1><p class="dim">Version {version}. '
        f'<a href="/docs/openapi.json">openapi.json</a> is the same for programs.</p>'
        f"<p>{description}</p>"
        "<p>Errors are <code>application/problem+json</code> (RFC 9457) with a stable <code>code</code>. Times are "
        "Unix seconds, UTC. Names carry their units.</p>"
    )


def _operation(path: str, method: str, operation: Document) -> str:
    parts = [
        f'<article id="{_anchor(method, path)}"><header><span class="method {method}">{method}</span>',
        f"<code>{escape(path)}</code><h3>{escape(_title(path, operation))}</h3></header><div>",
        f"<p>{escape(operation.get('description') or '')}</p>",
    ]
    parameters = operation.get("parameters") or []
    if parameters:
        rows = (
            (
                f"<code>{escape(each['name'])}</code>",
                _type_words(each.get("schema", {})) + _place(each),
                escape(each.get("description") or each.get("schema", {}).get("description") or ""),
            )
            for each in parameters
        )
        parts.append(f"<h4>Parameters</h4>{_table(rows)}")
    body = operation.get("requestBody")
    if body:
        parts.append(f"<h4>Body</h4><p>{_content(body)}</p>")
    rows = (
        (f"<code>{escape(str(status))}</code>", _content(answer), escape(answer.get("description") or ""))
        for status, answer in sorted(operation.get("responses", {}).items())
    )
    parts.append(f"<h4>Answers</h4>{_table(rows)}</div></article>")
    return "".join(parts)


def _title(path: str, operation: Document) -> str:
    """`ListNodes`, which the framework makes of a handler's name, reads "List nodes"."""
    summary = str(operation.get("summary") or path)
    if not summary.isalnum():
        return summary
    return re.sub(r"(?<=[a-z])[A-Z]", lambda found: " " + found[0].lower(), summary)


def _place(parameter: Document) -> str:
    required = ", required" if parameter.get("required") else ""
    return f" <span class=dim>in {escape(parameter.get('in', ''))}{required}</span>"


def _content(holder: Document) -> str:
    words = [
        f"{_type_words(media.get('schema', {}))} <span class=dim>{escape(name)}</span>"
        for name, media in (holder.get("content") or {}).items()
    ]
    return "<br>".join(words)


def _type(name: str, schema: Document) -> str:
    parts = [f'<article id="{_anchor("type", name)}"><header><h3>{escape(name)}</h3></header><div>']
    if schema.get("description"):
        parts.append(f"<p>{escape(schema['description'])}</p>")
    properties = schema.get("properties")
    if properties:
        required = set(schema.get("required", ()))
        rows = (
            (
                f"<code>{escape(key)}</code>",
                _type_words(value) + (" <span class=dim>required</span>" if key in required else ""),
                escape(value.get("description") or ""),
            )
            for key, value in properties.items()
        )
        parts.append(_table(rows))
    else:
        parts.append(f"<p>{_type_words(schema)}</p>")
    parts.append("</div></article>")
    return "".join(parts)


def _table(rows: Iterator[tuple[str, str, str]]) -> str:
    body = "".join(f"<tr><td>{first}</td><td>{second}</td><td>{third}</td></tr>" for first, second, third in rows)
    return f'<div class="scroll"><table><tbody>{body}</tbody></table></div>'


def _type_words(schema: Document) -> str:  # noqa: PLR0911 - one for each form that a schema takes
    """A schema in a few words, with links to the named types."""
    reference = schema.get("$ref")
    if reference:
        name = reference.rpartition("/")[2]
        return f'<a href="#{_anchor("type", name)}">{escape(name)}</a>'
    for joint in ("oneOf", "anyOf", "allOf"):
        if joint in schema:
            return " or ".join(_type_words(each) for each in schema[joint])
    if "const" in schema:
        return f"<code>{escape(repr(schema['const']))}</code>"
    if "enum" in schema:
        return " | ".join(f"<code>{escape(str(value))}</code>" for value in schema["enum"])
    kind = schema.get("type", "anything")
    if kind == "array":
        return f"list of {_type_words(schema.get('items', {}))}"
    if kind == "object" and isinstance(schema.get("additionalProperties"), dict):
        return f"map to {_type_words(schema['additionalProperties'])}"
    words = " or ".join(map(str, kind)) if isinstance(kind, list) else str(kind)
    return escape(words) + _bounds(schema)


def _bounds(schema: Document) -> str:
    names = {"minimum": "≥", "maximum": "≤", "minLength": "length ≥", "maxLength": "length ≤"}
    found = [f"{sign} {schema[name]}" for name, sign in names.items() if name in schema]
    return f" <span class=dim>{escape(', '.join(found))}</span>" if found else ""
