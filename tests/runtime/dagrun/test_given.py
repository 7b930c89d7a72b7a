"""Which texts of a step's arguments other tasks gave."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from runtime.dagrun.given import given_paths, inputs_of, protected
from runtime.dagrun.handles import TaskHandle
from runtime.dagrun.mapping import CrossProduct, Records
from runtime.dagrun.notes import Note
from runtime.templates.verbatim import VerbatimText


def work(a: Any = None, b: Any = None, c: Any = None) -> None:
    """Stand for a step's function."""


STEP = SimpleNamespace(entrypoint=work)
HANDLE = TaskHandle("t")

PATHS: dict[str, tuple[Note, list[list[str | int]]]] = {
    "none": (Note("n", STEP, ("x",), {"b": [1]}), []),
    "whole": (Note("n", STEP, (HANDLE,), {"b": HANDLE["k"]}), [["a"], ["b"]]),
    "in part": (
        Note("n", STEP, kwargs={"b": {"x": [1, HANDLE], "y": "z"}, "c": (HANDLE,)}),
        [["b", "x", 1], ["c", 0]],
    ),
    "mapped": (
        Note("n", STEP, expansion=CrossProduct({"a": HANDLE, "b": ["{{ ds }}"]})),
        [["a"]],
    ),
    "records": (Note("n", STEP, expansion=Records(HANDLE)), []),
}


@pytest.mark.parametrize(("note", "paths"), PATHS.values(), ids=PATHS)
def test_places(note: Note, paths: list[list[str | int]]) -> None:
    assert given_paths(note) == paths


def test_texts_at_places_are_kept() -> None:
    arguments = {"a": {"x": ["p", "q"], "y": "r"}, "b": "s", "c": ({"k": "t"}, 1)}
    made = protected(arguments, [["a", "x", 1], ["c"], ["none"], ["a", "z"], ["b", "x"]])
    assert made == arguments
    kept = [made["a"]["x"][1], made["c"][0]["k"]]
    assert all(isinstance(one, VerbatimText) for one in kept)
    rest = [made["a"]["x"][0], made["a"]["y"], made["b"]]
    assert not any(isinstance(one, VerbatimText) for one in rest)


def test_inputs_of_a_static_step() -> None:
    one, other = SimpleNamespace(input_type="step_output"), SimpleNamespace(input_type="external")
    step_run: Any = SimpleNamespace(inputs={"a": [one], "b": [other]})
    assert inputs_of(step_run) == [["a"]]
