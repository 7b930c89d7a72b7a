"""Decorators of the project around callables: names, parameters and what is emitted."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.evaluate.reading import edges, read_dag

HEAD = """
import functools
def retrying(times=2):
    def wrap(fn):
        @functools.wraps(fn)
        def inner(*args, **kwargs):
            return fn(*args, **kwargs)
        return inner
    return wrap
def logged(fn):
    def inner(*args, **kwargs):
        return fn(*args, **kwargs)
    return functools.update_wrapper(inner, fn)
def bare(fn):
    def inner(*args, **kwargs):
        return fn(*args, **kwargs)
    return inner
def team_task(**options):
    options.setdefault("retries", 4)
    return task(**options)
"""


@pytest.mark.parametrize(
    ("decorators", "task_id"),
    [
        ("@task\n@retrying()", "fetch"),
        ("@task\n@logged", "fetch"),
        ("@task\n@logged\n@retrying(3)", "fetch"),
        ("@team_task(pool='p')\n@retrying()", "fetch"),
        ("@task\n@bare", "inner"),
    ],
)
def test_a_task_has_the_name_that_its_wrapper_shows(
    tmp_path: Path, decorators: str, task_id: str
) -> None:
    code = f"{HEAD}{decorators}\ndef fetch(n=1):\n    return n\nwith DAG('d'):\n    fetch(n=2)\n"
    (task,) = read_dag(tmp_path, code).tasks
    assert task.task_id == task_id


def test_arguments_are_bound_to_the_wrapped_parameters(tmp_path: Path) -> None:
    code = f"{HEAD}@task\n@retrying()\ndef fetch(n, m=1):\n    return n\nwith DAG('d'):\n    fetch(5)\n"
    (task,) = read_dag(tmp_path, code).tasks
    assert [(one.name, one.value) for one in task.call_arguments] == [("n", 5)]


def test_the_code_of_a_wrapper_is_its_definition_with_its_own_decorators(tmp_path: Path) -> None:
    code = f"{HEAD}@team_task()\n@retrying()\ndef fetch():\n    return 1\nwith DAG('d'):\n    fetch()\n"
    (task,) = read_dag(tmp_path, code).tasks
    assert task.function is not None
    assert (task.function.name, task.function.task_decorators) == ("fetch", 1)
    assert len(task.function.node.decorators) == 2  # type: ignore[union-attr]
    assert edges(read_dag(tmp_path, code)) == {"fetch": []}


def test_a_wrapper_that_is_no_decorator_keeps_its_own_code(tmp_path: Path) -> None:
    code = f"{HEAD}def fetch():\n    return 1\nwith DAG('d'):\n    task(retrying()(fetch))()\n"
    (task,) = read_dag(tmp_path, code).tasks
    assert task.task_id == "fetch"
    assert task.function is not None
    assert task.function.node.name.value == "inner"  # type: ignore[union-attr]
