"""The arguments that every sensor has, as arguments of the steps that wait.

Names and defaults: `BaseSensorOperator.__init__` in airflow/sensors/base.py (2.x) and
airflow/sdk/bases/sensor.py (3.x).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rules.arguments import number, refused, seconds, switch
from transpiler.lower.durations import seconds_of, seconds_text
from transpiler.lower.timeouts import execution_timeout
from transpiler.model.finding import finding
from transpiler.model.pipeline import Expr, Import

if TYPE_CHECKING:
    from collections.abc import Mapping

    from transpiler.lower.lowering import Lowering
    from transpiler.lower.reader import TaskReader
    from transpiler.model.dag import Argument
    from transpiler.model.finding import Finding

POLLING = Import("runtime.polling", "Polling")
_DEFAULT_TIMEOUT_SECONDS = 7 * 24 * 3600
_MODES = ("poke", "reschedule")
_SKIPPING = {
    "soft_fail": "a sensor that fails is skipped (soft_fail)",
    "never_fail": "a sensor that fails is skipped (never_fail)",
    "skipped_states": "a sensor is skipped when what it waits for is (skipped_states)",
    "skip_when_already_exists": "a task is skipped when the run is there (skip_when_already_exists)",
}
_OWN_PROCESS = "a step of ZenML always waits in its own process"


def may_skip(task: TaskReader) -> str | None:
    """Why the sensor needs a dynamic pipeline: it can end as skipped."""
    for name, text in _SKIPPING.items():
        argument = task.task.arguments.get(name)
        if argument is not None and argument.value not in (None, False, [], ()):
            return text
    return None


def refuse_skips(task: TaskReader, to: Lowering) -> None:
    """Give the task up where it can be skipped and the pipeline is static."""
    reason = may_skip(task)
    if reason is None or to.mode.dynamic:
        return
    name = next(name for name, text in _SKIPPING.items() if text == reason)
    argument = task.take(name)
    assert argument is not None
    raise refused(task, argument, f"{reason}, which a static pipeline cannot do", "D2Z203")


def sensor_arguments(
    task: TaskReader, to: Lowering, *, in_steps_module: bool = False
) -> dict[str, Expr]:
    """`poke_interval_seconds`, `timeout_seconds`, `soft_fail` and, for what is rarer, `polling`.

    They go into the pipeline module, or into the steps module, which has no names of the DAG file.

    Raises UntranslatableError for a value that is not known from the file, and (D2Z203) for a
    sensor that can be skipped in a static pipeline.
    """
    refuse_skips(task, to)
    if _retries(task) and not to.mode.dynamic:
        task.findings.append(_attempts_after_timeout(task))
    task.not_needed(
        "mode", "deferrable", "poll_interval", "start_from_trigger", "end_from_trigger",
        "trigger_kwargs", why=_OWN_PROCESS,
    )  # fmt: skip

    def duration(name: str) -> Expr | None:
        found = seconds(task, to, name)
        if found is None or not in_steps_module or not found.names:
            return found
        return to.literal(number(seconds_of(task.value(name)) or 0))

    kwargs = {
        "poke_interval_seconds": duration("poke_interval"),
        "timeout_seconds": duration("timeout"),
        "soft_fail": Expr("True") if switch(task, "soft_fail") else None,
    }
    polling = _polling(task, duration("max_wait"))
    limit = execution_timeout(task)
    if limit is not None:
        if _one_limit_will_do(task, polling):
            kwargs["timeout_seconds"] = _shorter(task, to, kwargs["timeout_seconds"], limit)
        else:
            name = "look_timeout_seconds" if _rescheduled(task) else "execution_timeout_seconds"
            polling[name] = Expr(seconds_text(limit))
    if polling:
        if not in_steps_module:
            to.use(POLLING)
        arguments = ", ".join(f"{name}={value.code}" for name, value in polling.items())
        names = frozenset({"Polling"}).union(*(value.names for value in polling.values()))
        kwargs["polling"] = Expr(f"Polling({arguments})", names)
    return {name: value for name, value in kwargs.items() if value is not None}


def _polling(task: TaskReader, longest: Expr | None) -> dict[str, Expr]:
    """Keyword arguments of `Polling`, apart from the execution timeout."""
    polling: dict[str, Expr] = {}
    if _retries(task) and _rescheduled(task):
        polling["timeout_spans_retries"] = Expr("True")
    if switch(task, "exponential_backoff"):
        polling["exponential_backoff"] = Expr("True")
        if longest is not None:
            polling["max_wait_seconds"] = longest
    for name in ("silent_fail", "never_fail"):
        if switch(task, name):
            polling[name] = Expr("True")
    return polling


def _rescheduled(task: TaskReader) -> bool:
    """Whether Airflow ends the task between looks: then a timeout counts from the first attempt,
    and `execution_timeout` is that of one look.
    """
    mode = task.value("mode", "poke")
    if mode not in _MODES:
        argument = task.take("mode")
        assert argument is not None
        raise refused(task, argument, f"mode is {mode!r}; Airflow knows {' and '.join(_MODES)}")
    return bool(mode == "reschedule")


def _one_limit_will_do(task: TaskReader, polling: Mapping[str, Expr]) -> bool:
    """Whether running into `execution_timeout` is the same as running into `timeout`: nothing is
    retried or skipped, and both count the whole wait.
    """
    skips = switch(task, "soft_fail") or "never_fail" in polling
    return not skips and not _retries(task) and not _rescheduled(task)


def _shorter(task: TaskReader, to: Lowering, own: Expr | None, limit: float) -> Expr:
    value = task.value("timeout", _DEFAULT_TIMEOUT_SECONDS)
    total = seconds_of(value) or 0.0
    return own if own is not None and total <= limit else to.literal(number(min(limit, total)))


def _attempts_after_timeout(task: TaskReader) -> Finding:
    retries = task.task.arguments["retries"]
    detail = (
        "Airflow does not retry a sensor after its timeout; ZenML starts the remaining attempts, "
        "which fail at once"
    )
    return finding("D2Z208", retries.span, detail, task_id=task.task_id, severity="info")


def _retries(task: TaskReader) -> bool:
    argument: Argument | None = task.task.arguments.get("retries")
    return argument is not None and bool(argument.value)
