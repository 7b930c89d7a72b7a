"""Emitted pipelines, compiled by ZenML in a process of their own, against migration.json."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import pytest

from tests.emit import factory
from transpiler.emit.project import emit_pipeline
from transpiler.model.pipeline import PipelineModel
from transpiler.project import write_migration
from transpiler.report.result import FileResult
from transpiler.verify.difference import Difference
from transpiler.verify.errors import VerifyError
from transpiler.verify.programs import facts
from transpiler.verify.project import verify_project

MODELS = ("chain", "fan_out", "task_flow", "with_parts", "not_translated", "scheduled")


def named(name: str, model: PipelineModel) -> PipelineModel:
    """The model under a name of its own."""
    return dataclasses.replace(
        model,
        dag_id=name,
        identifier=name,
        decorator={**model.decorator, "name": factory.text(name)},
        config={"pipeline": name},
        source_path=f"dags/{name}.py",
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, zenml_store: Path) -> Path:
    """A project with every model of the factory."""
    models = [named(name, getattr(factory, name)()) for name in MODELS]
    results = [FileResult(m.source_path, None, (m,), (), emit_pipeline(m)) for m in models]
    empty = named("empty", factory.pipeline_model(tasks=(), body=()))
    results.append(FileResult(empty.source_path, None, (empty,), (), emit_pipeline(empty)))
    root = tmp_path_factory.mktemp("verify") / "out"
    write_migration(root, results)
    return root


def test_what_was_emitted_has_no_difference(folder: Path) -> None:
    assert verify_project(folder) == []


def test_differences_are_found(folder: Path, tmp_path: Path) -> None:
    document = json.loads((folder / "migration.json").read_text())
    dags: dict[str, Any] = {
        dag["dag_id"]: dag for file in document["files"] for dag in file["dags"]
    }
    tasks = {
        f"{dag_id}.{task['task_id']}": task for dag_id, dag in dags.items() for task in dag["tasks"]
    }
    tasks["chain.load"]["upstream"] = []
    tasks["chain.extract"]["retries"] = 5
    tasks["chain.mail.report"]["retry_delay_seconds"] = 10.0
    tasks["with_parts.score"]["steps"] = ["score", "score.gone"]
    dags["task_flow"]["tasks"].pop()
    tasks["scheduled.choose"]["kind"] = "task"
    tasks["scheduled.load"]["upstream"] = []
    tasks["scheduled.score"]["trigger_rule"] = "one_done"
    tasks["scheduled.start"]["setup"] = False
    tasks["scheduled.stop"]["teardown"] = False
    dags["not_translated"]["dag_id"] = "renamed"
    dags["fan_out"]["pipeline"] = "pipelines/broken.py"
    root = tmp_path / "out"
    root.mkdir()
    for name in ("pipelines", "steps", "configs"):
        (root / name).symlink_to(folder / name)
    (folder / "pipelines" / "broken.py").write_text("1 / 0\n")
    (root / "migration.json").write_text(json.dumps(document))

    found = verify_project(root)

    (folder / "pipelines" / "broken.py").unlink()
    rows = {(d.dag_id, d.task_id, d.field): (d.expected, d.found) for d in found}
    assert rows == {
        ("chain", "load", "upstream"): ([], ["extract"]),
        ("chain", "extract", "retries"): (5, 2),
        ("chain", "mail.report", "retry_delay_seconds"): (10.0, 60),
        ("with_parts", "score", "steps"): ("score.gone", None),
        ("with_parts", "score.read", "task_id"): (None, "score.read"),
        ("task_flow", "total", "task_id"): (None, "total"),
        ("scheduled", "choose", "kind"): ("task", "branch"),
        ("scheduled", "load", "upstream"): ([], ["choose"]),
        ("scheduled", "score", "trigger_rule"): ("one_done", "all_done"),
        ("scheduled", "start", "setup"): (False, True),
        ("scheduled", "stop", "teardown"): (False, True),
        ("renamed", None, "dag_id"): ("renamed", "not_translated"),
        ("fan_out", None, "pipeline"): (
            "compiles",
            "ZeroDivisionError: division by zero at pipelines/broken.py:1",
        ),
    }
    line = "dags/chain.py:chain:load:upstream expected [], found ['extract']"
    assert line in [str(difference) for difference in found]


def test_an_environment_variable_that_is_not_set_is_named_with_its_line(
    folder: Path, tmp_path: Path
) -> None:
    document = json.loads((folder / "migration.json").read_text())
    document["files"] = document["files"][:1]
    document["files"][0]["dags"] = document["files"][0]["dags"][:1]
    document["files"][0]["dags"][0]["pipeline"] = "pipelines/asks.py"
    (tmp_path / "pipelines").mkdir()
    (tmp_path / "pipelines" / "asks.py").write_text("import os\nos.environ['NEVER_SET']\n")
    (tmp_path / "migration.json").write_text(json.dumps(document))
    (found,) = verify_project(tmp_path)
    assert found.found == (
        "NEVER_SET is not set in the environment at pipelines/asks.py:2; for this, any value will do"
    )


def test_a_difference_as_text_and_json() -> None:
    difference = Difference("a.py", "d\x1b", None, "catchup", True, False)
    assert str(difference) == "a.py:d\\u001b::catchup expected True, found False"
    assert difference.as_json()["expected"] is True


def test_a_folder_without_pipelines(tmp_path: Path) -> None:
    write_migration(tmp_path, [])
    assert verify_project(tmp_path) == []


@pytest.mark.parametrize(
    ("content", "message"), [(None, "No such file"), ("{}", "is damaged; transpile again")]
)
def test_a_document_that_cannot_be_read(tmp_path: Path, content: str | None, message: str) -> None:
    if content is not None:
        (tmp_path / "migration.json").write_text(content)
    with pytest.raises(VerifyError, match=message):
        verify_project(tmp_path)


def test_programs_that_cannot_be_run(tmp_path: Path) -> None:
    with pytest.raises(VerifyError, match="cannot be run: No such file"):
        facts(str(tmp_path / "python"), "zenml_facts.py", [])
    with pytest.raises(VerifyError, match="ended with exit code 1"):
        facts("/bin/false", "zenml_facts.py", [])
    with pytest.raises(VerifyError, match="printed something else than facts"):
        facts("/bin/echo", "zenml_facts.py", [])
