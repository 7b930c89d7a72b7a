"""SARIF 2.1.0."""

from __future__ import annotations

import json
import os
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator

from tests.report.documents import HOSTILE, document, hostile
from tests.report.sarif_schema import SARIF
from transpiler.model.finding import finding
from transpiler.model.span import Span
from transpiler.model.suppression import Suppressed
from transpiler.report.document import all_findings, build_document
from transpiler.report.models import MigrationDocument
from transpiler.report.result import FileResult
from transpiler.report.sarif import sarif_json


def accepted() -> MigrationDocument:
    """One finding accepted by a comment, one in migration.yaml."""
    made = finding("D2Z212", Span("dags/a.py", 4, 2), "a pool")
    places = ("dags/a.py:4:30", "migration.yaml:3:1")
    found = tuple(
        replace(made, message=place, suppressed=Suppressed("known", place)) for place in places
    )
    return build_document([FileResult("dags/a.py", None, findings=found)])


def schemas() -> list[Any]:
    """Our reading of the standard, and OASIS's own schema where SARIF_SCHEMA names its file."""
    official = os.environ.get("SARIF_SCHEMA")
    return [SARIF, *([json.loads(Path(official).read_text())] if official else [])]


@pytest.mark.parametrize("made", [document(), hostile(), accepted(), build_document([])])
def test_it_is_valid(made: MigrationDocument) -> None:
    for schema in schemas():
        Draft7Validator.check_schema(schema)
        errors = list(Draft7Validator(schema).iter_errors(json.loads(sarif_json(made))))
        assert errors == []


def test_the_schema_refuses_what_is_wrong() -> None:
    log = json.loads(sarif_json(document()))
    log["runs"][0]["results"][0]["level"] = "fatal"
    log["runs"][0]["results"][1]["locations"][0]["physicalLocation"]["region"]["startLine"] = 0
    assert len(list(Draft7Validator(SARIF).iter_errors(log))) == 2


def test_accepted_findings_are_suppressed() -> None:
    results = json.loads(sarif_json(accepted()))["runs"][0]["results"]
    assert [result["suppressions"] for result in results] == [
        [{"kind": "inSource", "status": "accepted", "justification": "known"}],
        [{"kind": "external", "status": "accepted", "justification": "known"}],
    ]


def test_the_log() -> None:
    log = json.loads(sarif_json(document()))
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == ["D2Z101", "D2Z210", "D2Z301", "D2Z308", "D2Z503"]
    assert len(run["results"]) == len(all_findings(document()))
    by_code = {result["ruleId"]: result for result in run["results"]}
    assert by_code["D2Z301"] == {
        "ruleId": "D2Z301",
        "ruleIndex": 2,
        "level": "error",
        "message": {
            "text": "no rule for acme.operators.LegacyOperator. "
            "Write the step by hand, or a rule module for the operator."
        },
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": "dags/orders.py", "uriBaseId": "PROJECT"},
                    "region": {"startLine": 12, "startColumn": 5},
                },
                "logicalLocations": [{"name": "legacy", "kind": "task"}],
            }
        ],
    }
    assert by_code["D2Z210"]["level"] == "note"
    assert by_code["D2Z308"]["level"] == "warning"


def test_sarif_of_hostile_text_has_valid_uris() -> None:
    results: list[dict[str, Any]] = json.loads(sarif_json(hostile()))["runs"][0]["results"]
    for result in results:
        uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        assert re.fullmatch(r"[\w.~/%-]+", uri, re.ASCII)
        assert HOSTILE in result["message"]["text"]
