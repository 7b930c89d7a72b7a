"""Arguments of `@task` functions that are called like keys of Airflow's context."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.evaluate.reading import codes, edges, read

DAG3 = "from airflow.sdk import dag as made, task as work\n"
REFUSED = {
    "a default": ("def f(x, ds='2024'): ...", "f(1)"),
    "a default by keyword only": ("def f(*, ti=1): ...", "f()"),
    "a parameter after it": ("def f(ds, x): ...", "f(x=1)"),
    "a value by position": ("def f(x, ds=None): ...", "f(1, 'b')"),
}
TAKEN = {
    "no default": ("def f(x, ds): ...", "f(1)"),
    "None": ("def f(x, ds=None, ti=None): ...", "f(1)"),
    "by keyword": ("def f(x, ds=None): ...", "f(1, ds='b')"),
    "no key": ("def f(x, day='2024'): ...", "f(1, 'b')"),
}


def program(function: str, call: str, decorator: str = "@task") -> str:
    return f"{decorator}\n{function}\nwith DAG('d'): {call}\n"


@pytest.mark.parametrize(("function", "call"), REFUSED.values(), ids=REFUSED)
def test_what_airflow_refuses_is_said(tmp_path: Path, function: str, call: str) -> None:
    assert "D2Z109" in dict(codes(read(tmp_path, program(function, call))))


@pytest.mark.parametrize(("function", "call"), TAKEN.values(), ids=TAKEN)
def test_others_are_taken(tmp_path: Path, function: str, call: str) -> None:
    found = read(tmp_path, program(function, call))
    assert "D2Z109" not in dict(codes(found)) and edges(found.dags[0]) == {"f": []}


def test_airflow_3_allows_parameters_after_a_key(tmp_path: Path) -> None:
    code = program("def f(ds, x): ...", "f(x=1)", "@work")
    pins = {"requirements.txt": "apache-airflow==3.1.0\n"}
    found = read(tmp_path, DAG3 + code, pins)
    assert "D2Z109" not in dict(codes(found))


@pytest.mark.parametrize(("release", "refused"), [("2.10.5", True), ("3.1.0", False)])
def test_a_key_of_one_airflow_only(tmp_path: Path, release: str, refused: bool) -> None:
    code = program("def f(tomorrow_ds='2024'): ...", "f()")
    found = read(tmp_path, code, {"requirements.txt": f"apache-airflow=={release}\n"})
    assert ("D2Z109" in dict(codes(found))) is refused
