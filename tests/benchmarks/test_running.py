"""The measured graphs are the same graph on all sides, and the page made of their times."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from benchmarks.running_graphs import Graph, graphs
from benchmarks.running_measure import Running, cpu_seconds
from benchmarks.running_report import Growth, Waiting, page
from transpiler.config import MigrationConfig
from transpiler.service import analyse

CHAIN = Graph("chain", "static", 3)


def test_a_chain_and_a_fan_out() -> None:
    assert CHAIN.upstream() == {
        "task_000": [], "task_001": ["task_000"], "task_002": ["task_001"],
    }  # fmt: skip
    assert Graph("fan-out", "static", 4).upstream() == {
        "task_000": [], "task_001": ["task_000"], "task_002": ["task_000"],
        "task_003": ["task_001", "task_002"],
    }  # fmt: skip


@pytest.mark.parametrize("graph", graphs(5), ids=lambda graph: graph.name)
def test_dag_and_module_have_the_graph(graph: Graph, tmp_path: Path) -> None:
    path = tmp_path / f"{graph.name}.py"
    path.write_text(graph.airflow(), encoding="utf-8")
    (result,) = analyse([path], project_root=tmp_path, config=MigrationConfig(), jobs=1)
    (pipeline,) = result.pipelines
    assert pipeline.mode == graph.mode
    assert not [finding for finding in result.all_findings if finding.severity != "info"]
    calls = [node for node in ast.walk(ast.parse(graph.by_hand())) if isinstance(node, ast.Call)]
    steps = {
        ast.literal_eval(keyword.value): call
        for call in calls
        for keyword in call.keywords
        if keyword.arg == "id"
    }
    assert list(steps) == list(graph.upstream())
    for name, call in steps.items():
        (after,) = [keyword.value for keyword in call.keywords if keyword.arg == "after"]
        assert isinstance(after, ast.List)
        names = [ast.unparse(item).strip("'") for item in after.elts]
        assert names == graph.upstream()[name]


def test_cpu_seconds_are_those_of_the_work() -> None:
    assert cpu_seconds(lambda: sum(range(10**6))) > 0


def test_the_page_has_ratio_growth_and_cost_of_waiting() -> None:
    running = Running(CHAIN, (0.3, 0.6, 0.9), (0.5,), (0.06,))
    many = Running(Graph("chain", "static", 6), (1.5,), (1.0,))
    text = page([running, many], [Growth(CHAIN, 0.6, many.graph, 1.5)], Waiting(20, -0.01))
    assert "| chain, static | 3 | 0.200 s | 0.167 s | 1.20 | 1.15 | 0.020 s |" in text
    assert "| chain, static | 6 | 0.250 s | 0.167 s | 1.50 | 1.15 | not measured |" in text
    assert "| chain, static | 3 | 0.200 s | 6 | 0.250 s | 1.25 |" in text
    assert "waits 20 s, asking every second, takes 0.00 s of CPU" in text
