"""Hand-made PipelineModels in the shapes that lowering gives."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from typing import Any

from transpiler.model.finding import Finding, finding
from transpiler.model.pipeline import (
    Comment,
    Expr,
    ForLoop,
    Import,
    PipelineModel,
    ScheduleModel,
    StepCall,
    StepsModule,
    TaskAccount,
)
from transpiler.model.span import Span

SPAN = Span("dags/orders.py", 12, 5, 12, 40)
START = "2024-01-01T00:00:00+00:00"


def text(value: Any) -> Expr:
    """A literal."""
    return Expr(repr(value))


def account(task_id: str, upstream: Iterable[str] = (), **changes: Any) -> TaskAccount:
    """A task that was mapped to one `run_bash` step."""
    account = TaskAccount(
        task_id=task_id,
        operator="airflow.operators.bash.BashOperator",
        step="runtime.steps.run_bash",
        steps=(task_id,),
        upstream=tuple(upstream),
        trigger_rule="all_success",
        retries=0,
        retry_delay_seconds=300.0,
        execution_timeout_seconds=None,
        mapped=False,
        group=None,
        disposition="mapped",
        span=SPAN,
    )
    return dataclasses.replace(account, **changes)


def bash(task_id: str, after: Iterable[str | Expr] = (), **changes: Any) -> StepCall:
    """A `run_bash` step."""
    call = StepCall(
        function="runtime.steps.run_bash",
        step_id=text(task_id),
        task_id=task_id,
        args=(text(f"echo {task_id}"),),
        after=tuple(name if isinstance(name, Expr) else text(name) for name in after),
    )
    return dataclasses.replace(call, **changes)


def pipeline_model(dag_id: str = "orders", **changes: Any) -> PipelineModel:
    """A DAG of one task; every field can be replaced."""
    model = PipelineModel(
        dag_id=dag_id,
        identifier="orders",
        mode="static",
        mode_reason="every task waits for the success of all tasks before it",
        docstring="",
        source_path="dags/orders.py",
        imports=(),
        constants=(),
        decorator={"name": text(dag_id), "enable_cache": Expr("False")},
        body=(bash("extract"),),
        schedule=ScheduleModel(cron="0 2 * * *", start_date=START),
        schedule_text="0 2 * * *",
        steps_module=None,
        sql_files={},
        config={"pipeline": dag_id},
        config_comments={},
        params={},
        tags=(),
        tasks=(account("extract"),),
        findings=(),
        span=SPAN,
        start_date=START,
    )
    return dataclasses.replace(model, **changes)


def chain() -> PipelineModel:
    """extract >> load >> report, with retries, comments and a group."""
    return pipeline_model(
        docstring="Orders of the day.\n\nOwned by the sales team.",
        constants=("# The shop's own name.\nSHOP = 'be'",),
        decorator={
            "name": text("orders"),
            "enable_cache": Expr("False"),
            "retry": Expr(
                "StepRetryConfig(max_retries=2, delay=60, backoff=1)",
                frozenset({"StepRetryConfig"}),
            ),
            "tags": Expr("[SHOP]", frozenset({"SHOP"})),
        },
        body=(
            Comment("# Night shift."),
            bash("extract", comments=("# All of yesterday.",)),
            bash("load", ["extract"], trailing_comment="# slow"),
            bash("mail.report", ["load"], options={"group": text("mail")}),
        ),
        tasks=(
            account("extract", retries=2, retry_delay_seconds=60.0),
            account("load", ["extract"], retries=2, retry_delay_seconds=60.0),
            account("mail.report", ["load"], retries=2, retry_delay_seconds=60.0, group="mail"),
        ),
        config_comments={"pipeline": "The DAG's id."},
    )


def fan_out() -> PipelineModel:
    """A loop over a constant, and a task that waits for all of its tasks."""
    tenure = frozenset({"tenure"})
    return pipeline_model(
        constants=("TENURES = [6, 12, 24]  # months since acquisition",),
        body=(
            bash("features"),
            ForLoop(
                target="tenure",
                iterable=Expr("TENURES", frozenset({"TENURES"})),
                body=(
                    bash(
                        "predict",
                        step_id=Expr('f"predict_{tenure}m"', tenure),
                        args=(Expr('f"echo {tenure}"', tenure),),
                        after=(text("features"),),
                    ),
                ),
                comments=("# One model per tenure.",),
            ),
            bash(
                "publish",
                after=(
                    Expr('*(f"predict_{tenure}m" for tenure in TENURES)', frozenset({"TENURES"})),
                ),
            ),
        ),
        tasks=(
            account("features"),
            *(account(f"predict_{tenure}m", ["features"]) for tenure in (6, 12, 24)),
            account("publish", [f"predict_{tenure}m" for tenure in (6, 12, 24)]),
        ),
    )


def task_flow() -> PipelineModel:
    """Two Python tasks joined by an artifact; the task variable has the name of its function."""
    return pipeline_model(
        steps_module=StepsModule(
            imports=(
                Import("__future__", "annotations"),
                Import("zenml", "step"),
                Import("json"),
                Import("os"),
            ),
            definitions=(
                "@step(enable_cache=False)\ndef extract() -> list:\n"
                "    # Two orders are enough.\n    return json.loads('[1, 2]')",
                "@step(enable_cache=False)\ndef total(orders: list) -> int:\n"
                "    return sum(orders)",
            ),
        ),
        body=(
            StepCall("extract", text("extract"), "extract", assign="extract"),
            StepCall(
                "total",
                text("total"),
                "total",
                kwargs={"orders": Expr("extract", frozenset({"extract"}))},
            ),
        ),
        tasks=(
            account("extract", step="extract"),
            account("total", ["extract"], step="total"),
        ),
    )


def with_parts() -> PipelineModel:
    """One task made of two steps, and a task after it."""
    return pipeline_model(
        body=(
            bash("extract"),
            bash("score.read", ["extract"]),
            bash("score", ["score.read"]),
            bash("publish", ["score"]),
        ),
        tasks=(
            account("extract"),
            account("score", ["extract"], steps=("score.read", "score")),
            account("publish", ["score"]),
        ),
    )


def unknown_operator(task_id: str = "legacy") -> Finding:
    """A finding that needs a person."""
    return finding("D2Z301", SPAN, "no rule for acme.operators.LegacyOperator", task_id=task_id)


def not_translated() -> PipelineModel:
    """A step that raises, with the original call as comment."""
    call = 'LegacyOperator(\n    task_id="legacy",\n)'
    return pipeline_model(
        body=(
            StepCall(
                "runtime.steps.not_translated",
                text("legacy"),
                "legacy",
                args=(text("D2Z301"), text("no rule for acme.operators.LegacyOperator")),
                kwargs={"source": text("dags/orders.py:12:5")},
                comments=(call,),
            ),
        ),
        tasks=(
            account(
                "legacy",
                operator="acme.operators.LegacyOperator",
                step="runtime.steps.not_translated",
                disposition="manual",
            ),
        ),
        findings=(unknown_operator(),),
    )


def scheduled() -> PipelineModel:
    """start >> choose >> [load, score] >> stop: a setup, a branch, a task of two steps, a teardown."""
    all_done = {"trigger_rule": text("all_done")}
    retry = Expr(
        "StepRetryConfig(max_retries=1, delay=60, backoff=1)", frozenset({"StepRetryConfig"})
    )
    return pipeline_model(
        mode="dynamic",
        mode_reason="a branch decides what runs",
        decorator={
            "name": text("orders"),
            "dynamic": Expr("True"),
            "enable_cache": Expr("False"),
            "execution_mode": Expr(
                "ExecutionMode.CONTINUE_ON_FAILURE", frozenset({"ExecutionMode"})
            ),
            "retry": retry,
        },
        dag_run={"max_active_tasks": text(4)},
        body=(
            bash("start", scheduling={"setup": text(True)}),
            bash("choose", ["start"], kind="branch"),
            bash("load", ["choose"], comments=("# Either this,",)),
            bash(
                "score.read",
                ["choose"],
                assign="read",
                scheduling={**all_done, "part_of": text("score")},
            ),
            StepCall(
                function="runtime.steps.select_output",
                step_id=text("score"),
                task_id="score",
                args=(Expr("read", frozenset({"read"})),),
                kwargs={"key": text("a")},
                trailing_comment="# or that.",
            ),
            bash("stop", ["start", "load", "score"], scheduling={"teardown": text(True)}),
        ),
        tasks=tuple(
            dataclasses.replace(one, retries=1, retry_delay_seconds=60.0)
            for one in (
                account("start", setup=True),
                account("choose", ["start"], kind="branch"),
                account("load", ["choose"]),
                account(
                    "score", ["choose"], steps=("score.read", "score"), trigger_rule="all_done"
                ),
                account(
                    "stop",
                    ["start", "load", "score"],
                    teardown=True,
                    trigger_rule="all_done_setup_success",
                ),
            )
        ),
    )
