"""Emitted steps and hooks, run by ZenML."""

from __future__ import annotations

from datetime import timedelta

from runtime import launch
from tests.conftest import EmittedProject
from tests.lower.emitting import write_project
from tests.lower.factory import PlainLowering, dag, dag_file, function, module, task
from transpiler.model.values import PartialRef, Ref, TaskOutput

DAG = module("""
import json
import math
from datetime import timedelta

from airflow.decorators import task
from airflow.exceptions import AirflowFailException
from airflow.models import Variable

from include.rates import to_eur

BUCKET = Variable.get("bucket")
ATTEMPTS = []


@task
def extract(country: str, rows: int = 2) -> dict:
    return {"country": country, "rows": [1] * rows}


@task
def nothing() -> None:
    print("nothing")


@task
def total(data: dict, before=None, factor: float = 2) -> float:
    assert before is None
    return len(data["rows"]) * factor


@task
def loose(value: int) -> str:
    return {"got": value}


def describe(table, ds, params=None, **context):
    return [table, ds, context["ti"].task_id, context["extra"], BUCKET, to_eur(10)]


def gather(one, two, *parts, since=None, options=None):
    return {"parts": [one, two, *parts], "since": str(since), "options": options}


def flaky():
    ATTEMPTS.append(1)
    if len(ATTEMPTS) < 3:
        raise ValueError(f"attempt {len(ATTEMPTS)}")
    return len(ATTEMPTS)


def tell(context, where, level="info"):
    with open(context["params"]["log"], "a") as log:
        log.write(f"{where} {level} {context['ti'].task_id} {context.get('exception')}\\n")


def fails(reason):
    raise AirflowFailException(reason)
""")
RATES = module(
    '''
"""Rates."""
# Euro for one unit.
RATES = {"USD": 0.5}
RATES["GBP"] = 1.25


def to_eur(amount, currency="USD"):
    return amount * RATES[currency]
''',
    "include/rates.py",
)


def test_values_flow_as_in_airflow(runnable_project: EmittedProject) -> None:
    describe, gather = function(DAG, "describe"), function(DAG, "gather")
    counted = TaskOutput("extract", "country")
    tasks = (
        task("extract", function=function(DAG, "extract"), call={"country": "be"}, variable="data"),
        task("nothing", function=function(DAG, "nothing")),
        task(
            "total",
            function=function(DAG, "total"),
            call={"data": TaskOutput("extract"), "before": TaskOutput("nothing")},
        ),
        task("loose", function=function(DAG, "loose"), call={"value": "5"}),
        task(
            "describe",
            python_callable=describe,
            op_kwargs={"table": "orders_{{ ds_nodash }}", "extra": counted},
        ),
        task(
            "gather",
            python_callable=gather,
            op_args=["{{ ds }}", TaskOutput("total")],
            op_kwargs={
                "since": timedelta(days=1),
                "options": {"all": [TaskOutput("total"), counted], "pair": (1, 2)},
            },
        ),
        task("power", python_callable=Ref("math.pow"), op_args=[2, 3]),
        task(
            "partly",
            python_callable=PartialRef(gather, ("first",), {"since": "x"}),
            op_args=["second"],
            execution_timeout=timedelta(seconds=30),
        ),
    )
    to = PlainLowering(dag(*tasks), dag_file(DAG, RATES))

    write_project(to, runnable_project, {"configs/nightly.yaml": "variables: {bucket: raw}\n"})
    report = launch.run_file(
        runnable_project.root / "pipelines/nightly.py", "2024-01-02T02:00:00+00:00", {}, {}
    )

    values = {name: one.xcom.get("return_value") for name, one in report.tasks.items()}
    assert report.state == "success"
    assert values["total"] == 4
    assert values["loose"] == {"got": "5"}
    assert values["describe"] == ["orders_20240102", "2024-01-02", "describe", "be", "raw", 5.0]
    assert values["gather"] == {
        "parts": ["2024-01-02", 4],
        "since": "1 day, 0:00:00",
        "options": {"all": [4, "be"], "pair": [1, 2]},
    }
    assert values["power"] == 8
    assert values["partly"] == {"parts": ["first", "second"], "since": "x", "options": None}


def test_hooks_fire_as_airflow_calls_back(runnable_project: EmittedProject) -> None:
    tell = function(DAG, "tell")

    def told(where: str) -> PartialRef:
        return PartialRef(tell, (), {"where": where})

    callbacks = {
        "on_failure_callback": told("failure"),
        "on_retry_callback": PartialRef(tell, (), {"where": "retry", "level": "warn"}),
        "retries": 2,
        "retry_delay": timedelta(0),
    }
    tasks = (
        task("flaky", default_args=callbacks, python_callable=function(DAG, "flaky"),
             on_success_callback=[told("success"), told("again")],
             on_execute_callback=told("start")),
        task("fails", default_args=callbacks, python_callable=function(DAG, "fails"),
             op_args=["no"]),
    )  # fmt: skip
    to = PlainLowering(dag(*tasks), dag_file(DAG, RATES))
    log = runnable_project.root / "told.txt"

    write_project(to, runnable_project)
    report = launch.run_file(
        runnable_project.root / "pipelines/nightly.py",
        "2024-01-02T02:00:00+00:00",
        {"log": str(log)},
        {},
    )

    assert report.state == "failed"
    lines = log.read_text().splitlines()
    assert [line for line in lines if " flaky " in line] == [
        "start info flaky None",
        "retry warn flaky attempt 1",
        "start info flaky None",
        "retry warn flaky attempt 2",
        "start info flaky None",
        "success info flaky None",
        "again info flaky None",
    ]
    # What fails for good is not retried, so nothing is told of retries.
    assert [line for line in lines if " fails " in line] == ["failure info fails no"]
    assert "D2Z208" in to.codes()
