"""Dynamic pipelines as source: tasks that are noted in a block."""

from __future__ import annotations

import dataclasses
from textwrap import dedent
from typing import Any

import pytest

from tests.emit import factory
from tests.emit.factory import bash, text
from transpiler.emit.errors import EmitError
from transpiler.emit.project import emit_pipeline
from transpiler.model.pipeline import Expr, ForLoop, GroupBlock, Import

EACH = Import("runtime.dagrun", "each")


def module(**changes: Any) -> str:
    """The pipeline module of a dynamic pipeline with the changes."""
    model = dataclasses.replace(factory.scheduled(), **changes)
    return emit_pipeline(model)["pipelines/orders.py"]


def body(**changes: Any) -> str:
    """What stands in the pipeline function."""
    source = module(**changes).split("def orders(run: RunContext) -> None:\n")[1]
    return dedent(source.split("\n\n\nif __name__")[0])


def test_tasks_are_noted_in_a_block() -> None:
    assert body() == dedent(
        """\
        with DagRun(run, max_active_tasks=4) as dag:
            dag.task(run_bash, "echo start", id="start", setup=True)
            dag.branch(run_bash, "echo choose", id="choose", after=["start"])

            # Either this,
            dag.task(run_bash, "echo load", id="load", after=["choose"])
            read = dag.task(
                run_bash,
                "echo score.read",
                id="score.read",
                after=["choose"],
                trigger_rule="all_done",
                part_of="score",
            )
            dag.task(select_output, read, key="a", id="score")  # or that.
            dag.task(run_bash, "echo stop", id="stop", after=["start", "load", "score"], teardown=True)"""
    )


def test_imports_and_decorator() -> None:
    source = module()
    assert "from zenml.enums import ExecutionMode\n" in source
    assert "from runtime.dagrun import DagRun\n" in source
    assert "    dynamic=True,\n" in source
    assert "    execution_mode=ExecutionMode.CONTINUE_ON_FAILURE,\n" in source


def test_options_stay_on_the_step() -> None:
    call = bash("a", options={"retry": Expr("RETRY", frozenset({"RETRY"}))})
    source = body(body=(call,), constants=("RETRY = None",))
    assert 'dag.task(run_bash.with_options(retry=RETRY), "echo a", id="a")' in source


def test_loops_and_mapped_groups() -> None:
    inner = bash("g.read", kwargs={"path": Expr("g.path", frozenset({"g"}))})
    group = GroupBlock(
        text("g"),
        "g",
        {"path": Expr("each(FILES)", frozenset({"each", "FILES"}))},
        (inner,),
        comments=("# One for each file.",),
    )
    alone = GroupBlock(text("h"), None, group.kwargs, (bash("h.x"),))
    loop = ForLoop("name", Expr("FILES", frozenset({"FILES"})), (bash("a"),))
    source = body(body=(loop, group, alone), constants=("FILES = ['a']",), imports=(EACH,))
    assert source == dedent("""\
        with DagRun(run, max_active_tasks=4) as dag:
            for name in FILES:
                dag.task(run_bash, "echo a", id="a")

            # One for each file.
            with dag.mapped_group("g", path=each(FILES)) as g:
                dag.task(run_bash, "echo g.read", path=g.path, id="g.read")
            with dag.mapped_group("h", path=each(FILES)):
                dag.task(run_bash, "echo h.x", id="h.x")""")
    assert "from runtime.dagrun import DagRun, each\n" in module(
        body=(group,), constants=("FILES = ['a']",), imports=(EACH,)
    )


def test_names_of_the_source_win() -> None:
    source = module(constants=("dag = DagRun = 1",))
    assert "from runtime.dagrun import DagRun as runtime_DagRun\n" in source
    assert "with runtime_DagRun(run, max_active_tasks=4) as dag_run:" in source
    assert 'dag_run.branch(run_bash, "echo choose"' in source


def test_a_group_variable_must_be_a_name() -> None:
    block = GroupBlock(text("g"), "a b", {}, (bash("g.x"),))
    with pytest.raises(EmitError, match="not a Python identifier"):
        body(body=(block,))


def test_the_emitted_test_holds_edges_and_trigger_rules() -> None:
    source = emit_pipeline(factory.scheduled())["tests/test_orders.py"]
    assert "from runtime.dagrun import plan\n" in source
    assert '"stop": {"load", "score", "start"},' in source
    assert (
        'TRIGGER_RULES = {\n    "score": "all_done",\n    "stop": "all_done_setup_success",\n}'
        in source
    )
    assert 'PARTS = {\n    "score.read": "score",\n}' in source
    assert "PARTS.get(task.id, task.id): task.trigger_rule" in source
