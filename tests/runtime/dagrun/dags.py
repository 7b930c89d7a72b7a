"""Dynamic pipelines that the tests run."""

from __future__ import annotations

from typing import Any

from zenml import get_step_context, pipeline, step
from zenml.config.retry_config import StepRetryConfig
from zenml.enums import ExecutionMode

from runtime.context import RunContext
from runtime.dagrun import DagRun, airflow_task, each
from runtime.exceptions import FailTask, SkipTask

CALLS: list[tuple[str, str]] = []
RETRY = StepRetryConfig(max_retries=2, delay=0, backoff=1)
OPTIONS: dict[str, Any] = {
    "dynamic": True,
    "enable_cache": False,
    "execution_mode": ExecutionMode.CONTINUE_ON_FAILURE,
}


def on_failure(error: BaseException) -> None:
    """Note the failure of a step."""
    CALLS.append((get_step_context().step_name, f"failed: {error}"))


def on_success() -> None:
    """Note the success of a step."""
    CALLS.append((get_step_context().step_name, "succeeded"))


def on_skipped(context: Any) -> None:
    """Note the skip of a task."""
    CALLS.append((context["ti"].task_id, "skipped"))


def told(context: Any) -> None:
    """Note what a callback of the DAG is told."""
    CALLS.append((context["dag_run"].run_id, context["reason"]))


def broken(context: Any) -> None:
    """Raise, as callbacks may."""
    raise ValueError("a broken callback")


def broken_hook(error: BaseException) -> None:
    """Raise, as hooks may."""
    raise ValueError("a broken hook")


@step(on_success=on_success)
@airflow_task
def extract() -> dict[str, int]:
    """Give a dict."""
    return {"a": 1}


@step
@airflow_task
def choose(value: dict[str, int]) -> str:
    """Choose a task."""
    return "load"


@step
@airflow_task
def add(value: dict[str, int], n: int) -> int:
    """Use a whole result and a key of it."""
    return value["a"] + n


@step
def nothing() -> None:
    """Do nothing."""


@step
@airflow_task
def keep(*, one: Any, many: Any) -> list[Any]:
    """Give back what came in."""
    return [one, many]


@step(retry=RETRY, on_failure=on_failure, on_success=on_success)
@airflow_task(on_skipped=on_skipped)
def skips() -> int:
    """Ask to be skipped."""
    CALLS.append(("skips", "ran"))
    raise SkipTask("no data")


@step
@airflow_task(on_skipped=broken)
def skips_badly() -> None:
    """Ask to be skipped, and call back what raises."""
    raise SkipTask("no data")


@step(on_failure=broken_hook)
@airflow_task
def gives_up_badly() -> None:
    """Fail, with a hook that raises."""
    raise FailTask("bad")


@step
def skips_undecorated() -> None:
    """Ask to be skipped, without the decorator that makes a step end well by that."""
    raise SkipTask("no data")


@step(retry=RETRY, on_failure=on_failure)
@airflow_task
def gives_up() -> None:
    """Fail for good."""
    CALLS.append(("gives_up", "ran"))
    raise FailTask("bad")


@step(retry=RETRY)
@airflow_task
def second_time() -> int:
    """Fail at the first attempt."""
    if get_step_context().step_run.version == 1:
        raise ValueError("not yet")
    return 5


@step(on_failure=on_failure)
@airflow_task
def fails() -> None:
    """Fail."""
    raise ValueError("no")


@pipeline(name="states-dag", **OPTIONS)
def states_dag(run: RunContext) -> None:
    """Branch, skip, retry, clean up."""
    with DagRun(run, on_success=[broken, told], on_failure=told) as dag:
        value = dag.task(extract.with_options(extra={"multiple_outputs": True}), id="extract")
        dag.branch(choose, value, id="choose")
        dag.task(add, value, value["a"], id="load", after=["choose"])
        dag.task(nothing, id="quarantine", after=["choose"])
        dag.task(
            nothing,
            id="join",
            after=["load", "quarantine"],
            trigger_rule="none_failed_min_one_success",
        )
        skipped = dag.task(skips, id="skips")
        dag.task(keep, id="keep", trigger_rule="all_done", one=skipped, many=[value["a"], skipped])
        dag.task(skips_undecorated, id="skips_undecorated")
        dag.task(skips_badly, id="skips_badly")
        dag.task(gives_up, id="gives_up")
        dag.task(gives_up_badly, id="gives_up_badly")
        after = ["gives_up", "gives_up_badly"]
        dag.task(nothing, id="cleanup", after=after, trigger_rule="all_done")
        dag.task(second_time, id="second_time")


@step
@airflow_task
def files(names: list[str]) -> list[str] | None:
    """Give names, or nothing."""
    return names or None


@step
@airflow_task
def score(name: str, factor: int) -> str | None:
    """Give nothing for one of the files."""
    return None if name == "b" else name * factor


@step
@airflow_task
def collect(values: list[str], lost: Any = None) -> list[Any]:
    """Give what came in."""
    return [list(values), lost]


@pipeline(name="mapped-dag", **OPTIONS)
def mapped_dag(run: RunContext) -> None:
    """Map over literals and results, and reduce."""
    with DagRun(run, max_active_tasks=2) as dag:
        names = dag.task(files, ["a", "b", "c"], id="files")
        scores = dag.map(score, name=each(names), factor=2, id="score")
        dag.task(collect, scores, id="collect")
        dag.map(score, name=each([]), factor=1, id="empty")
        none = dag.task(files, [], id="none", after=["collect"])
        dag.map(score, name=each(none), factor=2, id="over_none")
        with dag.mapped_group("g", name=each(["x", "y"])) as g:
            first = dag.task(score, g.name, 3, id="g.first")
            dag.task(collect, first, g.name, id="g.second")


@step(retry=RETRY)
@airflow_task
def chooses_wrongly() -> list[str]:
    """Choose a task that does not exist."""
    return ["nowhere"]


@pipeline(name="broken-dag", **OPTIONS)
def broken_dag(run: RunContext) -> None:
    """Fail in ways that Airflow knows."""
    with DagRun(run, on_failure=told) as dag:
        dag.branch(chooses_wrongly, id="choose")
        dag.task(nothing, id="after", after=["choose"])
        value = dag.task(extract, id="extract")
        dag.task(keep, id="keep", one=value["missing"], many=1)


@pipeline(name="past-dag", **OPTIONS)
def past_dag(run: RunContext) -> None:
    """Depend on the run before."""
    with DagRun(run) as dag:
        dag.task(
            fails if run.params.get("fail") else nothing,
            id="first",
            depends_on_past=bool(run.params.get("depend")),
        )


@pipeline(name="cyclic-dag", **OPTIONS)
def cyclic_dag(run: RunContext) -> None:
    """Wait for each other."""
    with DagRun(run) as dag:
        dag.task(nothing, id="a", after=["b"])
        dag.task(nothing, id="b", after=["a"])


@step
def sleeps() -> None:
    """Sleep, in short turns."""
    import time

    CALLS.append(("sleeps", "began"))
    for _ in range(6000):
        time.sleep(0.01)


@pipeline(name="slow-dag", **OPTIONS)
def slow_dag(run: RunContext) -> None:
    """Take longer than allowed."""
    with DagRun(run, timeout_seconds=float(str(run.params["seconds"]))) as dag:
        dag.task(sleeps.with_options(retry=RETRY), id="sleeps")
        dag.task(nothing, id="after", after=["sleeps"])


@pipeline(name="no-dag", **OPTIONS)
def no_dag(run: RunContext) -> None:
    """Note nothing."""


@pipeline(name="stopping-dag", dynamic=True, enable_cache=False)
def stopping_dag(run: RunContext) -> None:
    """Declared without the execution mode that the scheduler needs."""
    with DagRun(run) as dag:
        dag.task(nothing, id="t")


@step
@airflow_task
def exits(code: int) -> None:
    """Try to end the process."""
    raise SystemExit(code)


@pipeline(name="strange-dag", **OPTIONS)
def strange_dag(run: RunContext) -> None:
    """Fail in ways that have nothing to do with the task's own work."""
    with DagRun(run) as dag:
        dag.task(exits, 3, id="exits")
        dag.task(exits, 0, id="exits_well")
        dag.map_kwargs(add, [{"value": {"a": 1}, "n": 1, "unknown": 2}], id="unknown")
        value = dag.task(extract, id="extract")
        dag.short_circuit(value_of, value, id="check")
        dag.task(nothing, id="after", after=["check"])


@step
@airflow_task
def value_of(value: dict[str, int]) -> int:
    """Give something false."""
    return value["a"] - 1
