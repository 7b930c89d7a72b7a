"""migration.json."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta, timezone

from jsonschema import Draft202012Validator

from tests.emit import factory
from tests.report.documents import document, hostile
from transpiler.report.document import all_findings, build_document, document_json
from transpiler.report.models import MigrationDocument
from transpiler.report.result import FileResult
from transpiler.report.schema import document_schema, schema_json


def test_the_fields_of_a_file() -> None:
    data = json.loads(document_json(document()))
    assert data["schema_version"] == "1.1"
    assert [file["path"] for file in data["files"]] == [
        "dags/broken.py",
        "dags/empty.py",
        "dags/orders.py",
    ]
    broken, empty, orders = data["files"]
    assert broken["error"] == "D2Z101: invalid syntax"
    assert broken["dags"] == []
    assert [finding["code"] for finding in broken["findings"]] == ["D2Z101"]
    assert empty["dags"][0]["pipeline"] is None
    chain, legacy = orders["dags"]
    assert chain["pipeline"] == "pipelines/orders.py"
    assert chain["tasks"][1] == {
        "task_id": "load",
        "operator": "airflow.operators.bash.BashOperator",
        "step": "runtime.steps.run_bash",
        "steps": ["load"],
        "upstream": ["extract"],
        "trigger_rule": "all_success",
        "retries": 2,
        "retry_delay_seconds": 60.0,
        "execution_timeout_seconds": None,
        "mapped": False,
        "group": None,
        "disposition": "mapped",
        "kind": "task",
        "setup": False,
        "teardown": False,
        "triggers": [],
        "updates": [],
        "waits_for": [],
        "source": {"line": 12, "column": 5},
    }
    assert legacy["params"] == {"day": factory.START, "shops": ["be", "nl"]}
    assert legacy["tags"] == ["sales"]
    assert [(f["line"], f["code"], f["task_id"]) for f in legacy["findings"]] == [
        (2, "D2Z308", None),
        (3, "D2Z210", None),
        (12, "D2Z301", "legacy"),
    ]


def test_totals() -> None:
    totals = document().totals
    assert (totals.files, totals.files_with_error, totals.dags, totals.tasks) == (3, 1, 3, 4)
    assert totals.tasks_by_disposition == {
        "mapped": 3,
        "approximated": 0,
        "not_needed": 0,
        "manual": 1,
    }
    assert totals.findings_by_severity == {"manual": 3, "warning": 1, "info": 1}
    assert [(row.operator, row.tasks, row.dags) for row in totals.blocking_operators] == [
        ("acme.operators.LegacyOperator", 1, 1)
    ]
    assert len(all_findings(document())) == 5


def test_documents_fit_the_schema_and_load_again() -> None:
    validator = Draft202012Validator(document_schema())
    Draft202012Validator.check_schema(document_schema())
    for example in (document(), hostile(), build_document([])):
        validator.validate(json.loads(document_json(example)))
        assert MigrationDocument.model_validate_json(document_json(example)) == example
        assert "\u202e" not in document_json(example)


def test_the_schema_is_text_that_ends_with_a_line_break() -> None:
    assert json.loads(schema_json()) == document_schema()
    assert schema_json().endswith("}\n")


def test_params_that_json_does_not_have() -> None:
    params = {
        "date": date(2024, 1, 1),
        "moment": datetime(2024, 1, 1, tzinfo=timezone.utc),
        "delay": timedelta(minutes=1),
        "set": {"b", "a"},
        "nested": {1: [None, True, 1.5]},
        "other": b"x",
    }
    model = factory.pipeline_model(params=params)
    found = build_document([FileResult("a.py", None, (model,))]).files[0].dags[0].params
    assert found == {
        "date": "2024-01-01",
        "moment": "2024-01-01T00:00:00+00:00",
        "delay": 60.0,
        "set": ["a", "b"],
        "nested": {"1": [None, True, 1.5]},
        "other": "b'x'",
    }
