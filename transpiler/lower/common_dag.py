"""The arguments of a DAG: each ends in the emitted module or as a finding."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from transpiler.lower.dag_argument_table import CARRIED, ROWS, SCHEDULED
from transpiler.lower.dag_callbacks import lower_dag_callbacks
from transpiler.lower.dag_run import lower_dag_run
from transpiler.lower.dates import lower_dates
from transpiler.lower.params import default_of, is_param, is_required, params_of_dag, schema_of
from transpiler.lower.reporting import about, report_once
from transpiler.lower.schedule import lower_schedule
from transpiler.model.dag import Argument, Dag, DagFile
from transpiler.model.finding import Finding, Severity, finding
from transpiler.model.pipeline import Expr, ScheduleModel
from transpiler.model.values import Value, is_known

if TYPE_CHECKING:
    from transpiler.lower.lowering import Lowering

_MAX_ACTIVE_RUNS = 16  # `[core] max_active_runs_per_dag`


@dataclass(frozen=True, slots=True)
class DagOptions:
    """What the arguments of one DAG became. `doc` is text for the module's docstring."""

    dag_id: str
    doc: str | None
    schedule: ScheduleModel
    schedule_text: str | None
    start_date: str | None
    catchup: bool
    tags: tuple[str, ...]
    tags_argument: Argument | None
    params: Mapping[str, Any]
    findings: tuple[Finding, ...] = ()
    dag_run: Mapping[str, Expr] = field(default_factory=dict)
    """Keyword arguments of `DagRun` in a dynamic pipeline."""


def lower_dag_arguments(to: Lowering) -> DagOptions:
    """Lower the arguments of `to.dag`; params also go into the configuration."""
    return _DagLowering(to).lower()


def airflow_major(dag_file: DagFile) -> int:
    """The major version of the Airflow that a file is for."""
    return dag_file.airflow.major


def _is_periodic(schedule: ScheduleModel) -> bool:
    return bool(schedule.cron or schedule.every_seconds or schedule.every)


class _DagLowering:
    def __init__(self, to: Lowering) -> None:
        self.to = to
        self.dag: Dag = to.dag
        self.findings: list[Finding] = []
        self.schemas: dict[str, Any] = {}
        self.required: set[str] = set()

    def lower(self) -> DagOptions:
        self._account()
        catchup = self._catchup()
        dates = lower_dates(self._dated("start_date"), self._dated("end_date"))
        schedule = lower_schedule(
            self._schedule_argument(),
            dates,
            catchup=catchup,
            airflow_major=airflow_major(self.to.dag_file),
            span=self.dag.span,
        )
        self.findings += schedule.findings
        schedule = replace(
            schedule, model=replace(schedule.model, max_active_runs=self._max_active_runs())
        )
        self._check_start(schedule.model)
        self._check_past(schedule.model)
        self._check_release(schedule.model)
        params = self._params()
        given = {name: value for name, value in params.items() if name not in self.required}
        self.to.settings.params(given, self.schemas)
        tags = self._tags()
        doc = self._doc()
        callbacks, found = lower_dag_callbacks(self.to)
        limits, more = lower_dag_run(self.to)
        self.findings += [*found, *more]
        report_once(self.to, *self.findings)
        return DagOptions(
            dag_id=self.dag.dag_id,
            doc=doc,
            schedule=schedule.model,
            schedule_text=schedule.text,
            start_date=dates.start,
            catchup=catchup,
            tags=tags,
            tags_argument=self.dag.arguments.get("tags"),
            params=params,
            findings=tuple(self.findings),
            dag_run={**limits, **callbacks},
        )

    def _account(self) -> None:
        """Report the arguments that are not carried over; a name that is not known at all is
        D2Z302.
        """
        rows = {row.name: row for row in ROWS}
        for name, argument in self.dag.arguments.items():
            if name in CARRIED or (self.to.mode.dynamic and name in SCHEDULED):
                continue
            row = rows.get(name)
            if row is None:
                self._find("D2Z302", argument, f"{name} is not a known argument of a DAG")
            elif argument.value not in row.silent:
                self._find(row.code, argument, f"{name}: {row.text}")

    def _schedule_argument(self) -> Argument | None:
        """Airflow 2 takes one of three names: a timetable wins, then `schedule_interval`, even if it
        is None; Airflow 3 takes `schedule` alone.
        """
        given = self.dag.arguments
        timetable = given.get("timetable")
        if timetable is not None and timetable.value is not None:
            return timetable
        newest = airflow_major(self.to.dag_file) >= 3
        names = ("schedule", "schedule_interval", "timetable")
        names = names if newest else ("schedule_interval", "schedule", "timetable")
        return next((given[name] for name in names if name in given), None)

    def _dated(self, name: str) -> Argument | None:
        own = self.dag.arguments.get(name)
        if own is not None and own.value is not None:
            return own
        return self.dag.default_args.get(name)

    def _catchup(self) -> bool:
        """`catchup`, or Airflow's default: True in version 2, False in version 3."""
        default = airflow_major(self.to.dag_file) < 3
        argument = self.dag.arguments.get("catchup")
        if argument is None or argument.value is None:
            return default
        if isinstance(argument.value, bool):
            return argument.value
        if is_known(argument.value):
            return bool(argument.value)
        self._find("D2Z216", argument, "catchup is known only when the DAG file runs")
        return default

    def _max_active_runs(self) -> int:
        argument = self.dag.arguments.get("max_active_runs")
        if argument is None or argument.value is None:
            return _MAX_ACTIVE_RUNS
        if not isinstance(argument.value, int) or argument.value < 1:
            self._find("D2Z216", argument, "max_active_runs is known only when the DAG file runs")
            return _MAX_ACTIVE_RUNS
        detail = (
            "max_active_runs limits the runs that `dag2zen listen` starts; for those that others "
            "start, the orchestrator decides"
        )
        self.findings.append(about("D2Z212", argument, detail, severity="info"))
        return argument.value

    def _check_start(self, schedule: ScheduleModel) -> None:
        argument = self._dated("start_date")
        absent = argument is None or argument.value is None
        if absent and (_is_periodic(schedule) or schedule.once or schedule.continuous):
            self.findings.append(finding("D2Z207", self.dag.span, "the DAG has no start_date"))

    def _check_release(self, schedule: ScheduleModel) -> None:
        """What the schedule means differently in the Airflow that the file was not read for."""
        read_for = self.to.dag_file.airflow
        if read_for.source is not None or not (schedule.cron or schedule.every_seconds):
            return
        given = self.dag.arguments.get("catchup")
        absent = given is None or given.value is None
        meanings = ["the dates of a run are those of the interval that ends when it starts"]
        meanings += ["catchup, which is not given, is on"] if absent else []
        detail = (
            f"nothing says which Airflow the file is for; it is read as for {read_for.shown}: "
            f"{' and '.join(meanings)}, and neither is so in Airflow 3"
        )
        severity: Severity = "warning" if absent else "info"
        self.findings.append(finding("D2Z122", self.dag.span, detail, severity=severity))

    def _check_past(self, schedule: ScheduleModel) -> None:
        if _is_periodic(schedule) and schedule.catchup:
            argument = self.dag.arguments.get("catchup")
            span = argument.span if argument is not None else self.dag.span
            detail = (
                "catchup is on: Airflow runs all past dates by itself; here `dag2zen listen` does, "
                "or `dag2zen backfill` for a range"
            )
            self.findings.append(finding("D2Z217", span, detail))
        end = self._dated("end_date")
        if end is not None and schedule.end_date is not None:
            self._find("D2Z217", end, "end_date: no date after it is scheduled")

    def _params(self) -> dict[str, Any]:
        merged: dict[str, Any] = {}
        for argument in params_of_dag(self.dag):
            if not argument.value:
                continue
            if isinstance(argument.value, dict):
                for name, value in argument.value.items():
                    merged[str(name)] = self._param(str(name), value, argument)
            else:
                self._find("D2Z216", argument, "params are known only when the DAG file runs")
        return merged

    def _param(self, name: str, value: Value, argument: Argument) -> Any:
        self.schemas.pop(name, None)
        self.required.discard(name)
        if is_param(value):
            schema = schema_of(value, airflow_major(self.to.dag_file))
            if schema is None:
                detail = f"params: the schema of {name!r} is known only when the DAG file runs"
                self._find("D2Z216", argument, detail)
            if schema or is_required(value):
                self.schemas[name] = schema or {}
            if is_required(value):
                detail = f"params: {name!r} has no default; give it when the pipeline is started"
                self._find("D2Z308", argument, detail)
                self.required.add(name)
            value = default_of(value)
        if is_known(value):
            return value
        self._find("D2Z216", argument, f"params: {name!r} is known only when the DAG file runs")
        return None

    def _tags(self) -> tuple[str, ...]:
        argument = self.dag.arguments.get("tags")
        if argument is None or not argument.value:
            return ()
        if is_known(argument.value) and isinstance(argument.value, (list, tuple, set)):
            tags = [str(tag) for tag in argument.value]
            return tuple(sorted(tags) if isinstance(argument.value, set) else tags)
        self._find("D2Z216", argument, "tags are known only when the DAG file runs")
        return ()

    def _doc(self) -> str | None:
        """Description and documentation; the docstring of a `@dag` function stands in for both."""
        texts = []
        for name in ("description", "doc_md"):
            argument = self.dag.arguments.get(name)
            if argument is None or not argument.value:
                continue
            if isinstance(argument.value, str):
                texts.append(argument.value)
            else:
                self._find("D2Z216", argument, f"{name} is known only when the DAG file runs")
        return "\n\n".join(texts) or self.dag.doc

    def _find(self, code: str, argument: Argument, detail: str) -> None:
        self.findings.append(about(code, argument, detail))
