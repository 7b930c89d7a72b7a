"""Params and their JSON schemas in what is emitted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from transpiler.config import MigrationConfig
from transpiler.project import write_migration
from transpiler.service import analyse

DAG = """
import json
import os
from datetime import datetime
from airflow import DAG
from airflow.models.param import Param
from airflow.operators.bash import BashOperator

with DAG("strict", start_date=datetime(2024, 1, 1), schedule=None, params={params}{more}):
    BashOperator(task_id="say", bash_command="echo {{{{ params.n }}}}", params={own})
"""


def emitted(folder: Path, params: str, own: str = "None", more: str = "") -> tuple[Path, Any]:
    file = folder / "dags" / "strict.py"
    file.parent.mkdir()
    file.write_text(DAG.format(params=params, own=own, more=more), "utf-8")
    results = analyse([file], project_root=folder, config=MigrationConfig(), jobs=1, emit=True)
    document, _ = write_migration(folder / "out", results)
    return folder / "out", document


def configuration(out: Path) -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load((out / "configs" / "strict.yaml").read_text("utf-8"))
    return read


def codes(document: Any) -> set[str]:
    dags = [dag for file in document.files for dag in file.dags]
    return {one.code for dag in dags for one in dag.findings}


def test_schemas_go_into_the_configuration(tmp_path: Path) -> None:
    params = """{
        "n": Param(5, "What", type="integer", minimum=1, title="N", section="S"),
        "mode": Param("a", schema={"enum": ["a", "b"]}),
        "at": Param(None, type=["null", "string"], format="date-time"),
        "market": Param(type="string", pattern="^[A-Z]${1}"),
        "any": Param(description="any value"),
        "plain": 1,
    }"""
    out, document = emitted(tmp_path, params)

    config = configuration(out)
    assert config["params"] == {"n": 5, "mode": "a", "at": None, "plain": 1}
    assert config["param_schemas"] == {
        "n": {"type": "integer", "minimum": 1},
        "mode": {"enum": ["a", "b"]},
        "at": {"type": ["null", "string"], "format": "date-time"},
        "market": {"type": "string", "pattern": "^[A-Z]$${1}"},
        "any": {},
    }
    assert codes(document) == {"D2Z308"}


def test_airflow_3_has_nothing_that_checks_date_time(tmp_path: Path) -> None:
    file = "requirements.txt"
    (tmp_path / file).write_text("apache-airflow==3.0.1\n", "utf-8")
    nested = '{"n": Param([], items={"format": "date-time", "type": "string"}, format="date-time")}'
    out, _ = emitted(tmp_path, nested)

    assert configuration(out)["param_schemas"] == {"n": {"items": {"type": "string"}}}


def test_own_params_of_a_task_keep_theirs(tmp_path: Path) -> None:
    out, document = emitted(
        tmp_path, "None", own='{"n": Param(7, maximum=8), "m": Param(type="integer"), "k": 1}'
    )

    pipeline = (out / "pipelines" / "strict.py").read_text("utf-8")
    assert '"params": {"n": 7, "k": 1}' in pipeline
    assert '"param_schemas": {"n": {"maximum": 8}, "m": {"type": "integer"}}' in pipeline
    assert "D2Z216" not in codes(document)


@pytest.mark.parametrize("own", [True, False])
def test_a_schema_that_the_file_does_not_tell(tmp_path: Path, own: bool) -> None:
    unknown = '{"n": Param(5, schema=json.loads(os.environ["SCHEMA"]))}'
    _, document = emitted(tmp_path, *(("None", unknown) if own else (unknown, "None")))

    assert "D2Z216" in codes(document)


def test_params_of_default_args_win_with_their_schemas(tmp_path: Path) -> None:
    given = '{"n": Param(type="integer"), "m": Param(1, minimum=1)}'
    out, _ = emitted(
        tmp_path, given, more=', default_args={"params": {"n": 1, "m": Param(2, minimum=2)}}'
    )

    config = configuration(out)
    assert config["params"] == {"n": 1, "m": 2}
    assert config["param_schemas"] == {"m": {"minimum": 2}}
