"""The contract's files are what the server's types say now, and the golden reports are what they allow."""

import json
from pathlib import Path

import pytest
from jsonschema_rs import Draft202012Validator

from nodestral import contract

FOLDER = Path(__file__).parents[2] / "contract"
EXAMPLES = sorted((FOLDER / "examples").glob("*.json"))


def test_the_files_are_fresh(capsys: pytest.CaptureFixture[str]) -> None:
    assert contract.main(["--check"]) == 0, capsys.readouterr().err


@pytest.mark.parametrize("path", EXAMPLES, ids=[path.stem for path in EXAMPLES])
def test_the_golden_reports_keep_to_the_schema(path: Path) -> None:
    schema = json.loads((FOLDER / "report.schema.json").read_text(encoding="utf-8"))
    report = {"$schema": schema["$schema"], "$ref": "#/$defs/Report", "$defs": schema["$defs"]}
    golden = json.loads(path.read_text(encoding="utf-8"))
    errors = [error.message for error in Draft202012Validator(report).iter_errors(golden)]
    assert errors == []


def test_every_operation_names_its_problem_document() -> None:
    document = contract.openapi()
    operations = [operation for path in document["paths"].values() for operation in path.values()]
    assert len(operations) >= 16
    for operation in operations:
        assert list(operation["responses"]["default"]["content"]) == ["application/problem+json"]
        assert operation["operationId"]
