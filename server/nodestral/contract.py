"""Write what the parts share from the server's own types: `python -m nodestral.contract` (--check: only tell if stale).

contract/openapi.json is the API of people and programs; contract/report.schema.json is what agents send and receive.
"""

import sys
from pathlib import Path
from typing import Any

import msgspec

from nodestral.app import create_app
from nodestral.protocol import EnrollAnswer, EnrollRequest, ProblemDocument, Report, ReportAnswer
from nodestral.settings import Settings

FOLDER = Path(__file__).parents[2] / "contract"
PROBLEM_TYPE = "application/problem+json"


def _as_text(document: dict[str, Any]) -> str:
    return msgspec.json.format(msgspec.json.encode(document), indent=2).decode() + "\n"


def openapi() -> dict[str, Any]:
    """The OpenAPI document, in which every error is a problem document."""
    document = create_app(Settings(), dsn="postgresql:///nothing").openapi_schema.to_schema()
    (_, problem_schemas) = msgspec.json.schema_components([ProblemDocument], ref_template="#/components/schemas/{name}")
    document["components"]["schemas"] |= problem_schemas
    problem = {
        "description": "What went wrong (RFC 9457).",
        "content": {PROBLEM_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemDocument"}}},
    }
    for operations in document["paths"].values():
        for operation in operations.values():
            responses = operation["responses"]
            for status in [status for status in responses if not status.startswith("2")]:
                del responses[status]
            responses["default"] = problem
    return dict(sorted(document.items()))


def report_schema() -> dict[str, Any]:
    types = [Report, ReportAnswer, EnrollRequest, EnrollAnswer, ProblemDocument]
    schemas, definitions = msgspec.json.schema_components(types, ref_template="#/$defs/{name}")
    # Python's \\Z is $ in the regular expressions of JSON Schema, where $ never stands before a line feed.
    definitions = msgspec.json.decode(msgspec.json.encode(definitions).replace(rb"\\Z", b"$"))
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "What an agent sends to /agent/v1 and is answered",
        "oneOf": list(schemas),
        "$defs": definitions,
    }


def main(arguments: list[str]) -> int:
    stale = False
    for name, document in (("openapi.json", openapi()), ("report.schema.json", report_schema())):
        path, text = FOLDER / name, _as_text(document)
        if path.exists() and path.read_text(encoding="utf-8") == text:
            continue
        stale = True
        if "--check" in arguments:
            sys.stderr.write(f"contract/{name} is stale: run ./dev contract\n")
        else:
            path.write_text(text, encoding="utf-8")
    return int(stale and "--check" in arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
