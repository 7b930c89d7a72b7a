"""SLAs (Airflow 2) and deadline alerts (Airflow 3), as `extra` of the pipeline: the process that
starts a run watches them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from transpiler.lower.alert_emails import addresses_of
from transpiler.lower.callback_values import arguments_of_partial, callback_names, shown
from transpiler.lower.callbacks import DROP, KEEP
from transpiler.lower.errors import UntranslatableError
from transpiler.lower.python_literals import NotALiteralError
from transpiler.lower.reporting import about, report_once
from transpiler.model.dag import Argument, Task
from transpiler.model.values import Call, FunctionRef, Ref, Value, is_known

if TYPE_CHECKING:
    from transpiler.lower.lowering import Lowering

_WATCHED = "the process that starts the run watches it"
_REFERENCES = {"DAGRUN_LOGICAL_DATE": "logical_date", "DAGRUN_QUEUED_AT": "queued_at"}
_PARAMETERS = ("reference", "interval", "callback", "name")


def lower_deadlines(to: Lowering) -> Mapping[str, Any]:
    """What the pipeline's `extra` says; findings are reported."""
    lowering = _Deadlines(to)
    extra: dict[str, Any] = {}
    if sla := lowering.sla():
        extra["sla"] = sla
    if deadlines := lowering.deadlines():
        extra["deadlines"] = deadlines
    return extra


class _Deadlines:
    def __init__(self, to: Lowering) -> None:
        self._to = to

    def sla(self) -> dict[str, Any]:
        """SLAs of tasks, whom they tell, and whom Airflow writes to."""
        told = self._to.dag.arguments.get("sla_miss_callback")
        callback = told if told is not None and told.value else None
        if self._to.dag_file.airflow.major >= 3:
            self._without_meaning(callback)
            return {}
        tasks = {task.task_id: seconds for task, seconds in self._seconds()}
        if not tasks:
            if callback is not None:
                self._find("D2Z209", callback, "sla_miss_callback: no task has an sla", "info")
            return {}
        found: dict[str, Any] = {"tasks": tasks}
        if callback is not None:
            callbacks = [self._callback(callback, one) for one in _listed(callback.value)]
            found["callbacks"] = [one for one in callbacks if one is not None]
        email = {task: to for task in tasks if (to := self._email(task))}
        return {**found, "email": email} if email else found

    def deadlines(self) -> list[dict[str, Any]]:
        """Deadline alerts of the DAG."""
        argument = self._to.dag.arguments.get("deadline")
        if argument is None or not argument.value:
            return []
        found = [self._deadline(argument, one) for one in _listed(argument.value)]
        return [one for one in found if one is not None]

    def _without_meaning(self, callback: Argument | None) -> None:
        given = [task.arguments.get("sla") for task in self._to.dag.tasks]
        for argument in (*given, callback):
            if argument is not None and argument.value:
                self._find("D2Z209", argument, f"{argument.name}: Airflow 3 has no SLAs", "info")

    def _seconds(self) -> Iterator[tuple[Task, float]]:
        for task in self._to.dag.tasks:
            argument = task.arguments.get("sla")
            if argument is None or not argument.value:
                continue
            if isinstance(argument.value, timedelta):
                detail = f"sla: {_WATCHED}, and `dag2zen listen` runs that never start"
                found = about("D2Z209", argument, detail, task_id=task.task_id, severity="info")
                report_once(self._to, found)
                yield task, _number(argument.value)
            else:
                self._find("D2Z209", argument, "sla is not a timedelta known from the file")

    def _email(self, task_id: str) -> list[str]:
        argument = next(
            task.arguments.get("email") for task in self._to.dag.tasks if task.task_id == task_id
        )
        if argument is None or not argument.value:
            return []
        addresses = addresses_of(argument)
        if addresses is None:
            self._find("D2Z215", argument, "email: the addresses for missed SLAs are not known")
            return []
        self._to.settings.email(argument.span, alerts_only=True)
        texts = [addresses] if isinstance(addresses, str) else addresses
        parts = (part.strip() for text in texts for part in re.split("[,;]", text))
        return [part for part in parts if part]

    def _deadline(self, argument: Argument, alert: Value) -> dict[str, Any] | None:
        given = _arguments(alert, "DeadlineAlert", _PARAMETERS)
        reference = _reference(given.get("reference"))
        interval = _interval(given.get("interval"))
        if reference is None or interval is None:
            what = "reference" if reference is None else "interval"
            self._find("D2Z209", argument, f"deadline: its {what} cannot be carried over")
            return None
        callback = given.get("callback")
        plain = _arguments(callback, "AsyncCallback", ("callback_callable", "kwargs"))
        plain = plain or _arguments(callback, "SyncCallback", ("callback_callable", "kwargs"))
        called = self._callback(argument, plain.get("callback_callable"), plain.get("kwargs"))
        if called is None:
            return None
        if "variable" in interval:
            self._to.settings.variable(interval["variable"], argument.span)
        self._find("D2Z209", argument, f"deadline: {_WATCHED}", "info")
        return {"reference": reference, **interval, "callback": called}

    def _callback(
        self, argument: Argument, callback: Value, kwargs: Value = None
    ) -> dict[str, Any] | None:
        mapped = next(
            (found for name in callback_names(callback) if (found := self._mapped(name))), None
        )
        if mapped == DROP:
            self._find("D2Z309", argument, f"{argument.name} is left out, as migration.yaml asks")
            return None
        try:
            if mapped not in (None, KEEP):
                return {"path": mapped}
            with self._to.callables.space.undone_on_error():
                path, own = self._path(argument, callback)
            given = {**own, **kwargs} if isinstance(kwargs, dict) else own
            if kwargs is not None and not isinstance(kwargs, dict):
                raise NotALiteralError("its arguments are not known from the file")
            if not _is_json(given):
                raise NotALiteralError("its arguments are no plain data")
        except (UntranslatableError, NotALiteralError) as error:
            why = error.finding.message if isinstance(error, UntranslatableError) else str(error)
            detail = f"{argument.name}: {shown(callback)} is not called: {why}"
            self._find("D2Z310", argument, detail)
            return None
        return {"path": path, "kwargs": given} if given else {"path": path}

    def _mapped(self, name: str) -> str | None:
        return self._to.config.callback(name)

    def _path(self, argument: Argument, callback: Value) -> tuple[str, dict[str, Value]]:
        target, args, kwargs = arguments_of_partial(callback)
        if args:
            raise NotALiteralError("a partial fills it in by position")
        wanted = argument.name.removesuffix("_callback")
        if isinstance(target, FunctionRef):
            name = self._to.callables.plain(target, argument.span, wanted)
            return (
                f"steps.{self._to.callables.identifier}.{name.removesuffix('.entrypoint')}",
                kwargs,
            )
        if isinstance(target, Ref) and "." in target.qualified_name:
            target = target.qualified_name
        if isinstance(target, str) and target.strip() and not target.startswith("airflow."):
            detail = f"{argument.name}: {target} is called by its path, where that can be imported"
            self._find("D2Z309", argument, detail, "warning")
            return target.strip(), kwargs
        raise NotALiteralError("it is not a function of the project")

    def _find(self, code: str, argument: Argument, detail: str, severity: Any = None) -> None:
        report_once(self._to, about(code, argument, detail, severity=severity))


def _listed(value: Value) -> list[Value]:
    return list(value) if isinstance(value, (list, tuple)) else [value]


def _arguments(value: Value, name: str, parameters: tuple[str, ...]) -> dict[str, Value]:
    """The arguments of a call of a class of Airflow's, by name; empty for anything else."""
    if not isinstance(value, Call) or value.func.rpartition(".")[2] != name:
        return {}
    return {**dict(zip(parameters, value.args, strict=False)), **value.kwargs}


def _reference(value: Value) -> Any:
    if isinstance(value, Ref):
        return _REFERENCES.get(value.qualified_name.rpartition(".")[2])
    fixed = _arguments(value, "FIXED_DATETIME", ("dt",)).get("dt")
    if isinstance(fixed, datetime):
        return {"datetime": fixed.isoformat()}
    if isinstance(value, Call) and value.func.endswith(".AVERAGE_RUNTIME"):
        given = _arguments(value, "AVERAGE_RUNTIME", ("max_runs", "min_runs"))
        counts = {name: count for name, count in given.items() if count}
        if all(type(count) is int for count in counts.values()):
            return {"max_runs": 10, **counts}
    return None


def _number(interval: timedelta) -> float:
    seconds = interval.total_seconds()
    return int(seconds) if seconds.is_integer() else seconds


def _interval(value: Value) -> dict[str, Any] | None:
    if isinstance(value, timedelta):
        return {"seconds": _number(value)}
    variable = _arguments(value, "VariableInterval", ("key",)).get("key")
    return {"variable": variable} if isinstance(variable, str) else None


def _is_json(value: Value) -> bool:
    if isinstance(value, dict):
        return all(isinstance(key, str) and _is_json(item) for key, item in value.items())
    if isinstance(value, list):
        return all(map(_is_json, value))
    return is_known(value) and isinstance(value, (str, int, float, bool, type(None)))
