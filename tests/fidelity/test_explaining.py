"""Which findings tell of which differences."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from tests.fidelity.explaining import explanation
from transpiler.report.models import FileEntry
from transpiler.verify.difference import Difference


def finding(code: str, message: str, severity: str = "manual", task_id: str | None = None) -> Any:
    return {
        "code": code,
        "severity": severity,
        "message": message,
        "remedy": "",
        "file": "a.py",
        "line": 1,
        "column": 1,
        "task_id": task_id,
    }


def unread(code: str, message: str) -> FileEntry:
    content = {"path": "a.py", "error": f"{code}: {message}", "dags": []}
    return FileEntry.model_validate({**content, "findings": [finding(code, message)]})


def entry(of_file: Sequence[Any] = (), of_dag: Sequence[Any] = ()) -> FileEntry:
    dag = {
        "dag_id": "nightly",
        "pipeline": None,
        "mode": "static",
        "mode_reason": "",
        "schedule": None,
        "start_date": None,
        "catchup": False,
        "tags": [],
        "params": {},
        "tasks": [],
        "findings": list(of_dag),
        "source": {"line": 1, "column": 1},
    }
    content = {"path": "a.py", "error": None, "dags": [dag], "findings": list(of_file)}
    return FileEntry.model_validate(content)


def difference(field: str, task_id: str | None = None, dag_id: str = "nightly") -> Difference:
    return Difference("a.py", dag_id, task_id, field, 1, 2)


TOLD = {
    "structure": (difference("task_id", "a"), entry([finding("D2Z110", "a loop")])),
    "missing DAG": (difference("dag_id", dag_id="x"), entry([finding("D2Z109", "raises")])),
    "edge": (difference("upstream", "a"), entry((), [finding("D2Z116", "x", task_id="a")])),
    "schedule": (difference("schedule"), entry((), [finding("D2Z206", "assets")])),
    "named": (difference("tags"), entry((), [finding("D2Z216", "tags are known only when")])),
    "seconds": (
        difference("retry_delay_seconds", "a"),
        entry((), [finding("D2Z216", "retry_delay is known only when", task_id="a")]),
    ),
    "param": (difference("params.day"), entry((), [finding("D2Z216", "params: 'day' is known")])),
    "file not read": (difference("dag_id"), unread("D2Z216", "**more is not known here")),
    "subdag": (
        difference("dag_id", dag_id="nightly.section"),
        entry((), [finding("D2Z301", "no rule", task_id="section")]),
    ),
}
SILENT = {
    "nothing": (difference("upstream", "a"), entry()),
    "only said by the way": (difference("task_id", "a"), entry([finding("D2Z110", "", "info")])),
    "another task": (difference("upstream", "a"), entry((), [finding("D2Z116", "", task_id="b")])),
    "another field": (difference("retries", "a"), entry((), [finding("D2Z216", "tags are known")])),
    "another thing": (difference("upstream", "a"), entry((), [finding("D2Z206", "assets")])),
    "no subdag": (difference("dag_id", dag_id="x.y"), entry((), [finding("D2Z301", "no rule")])),
}


@pytest.mark.parametrize("case", TOLD.values(), ids=TOLD)
def test_told(case: tuple[Difference, FileEntry]) -> None:
    assert explanation(*case) is not None


@pytest.mark.parametrize("case", SILENT.values(), ids=SILENT)
def test_silent(case: tuple[Difference, FileEntry]) -> None:
    assert explanation(*case) is None
