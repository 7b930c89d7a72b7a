"""Bases for a project's own operators and sensors, and the step function that runs them.

A class that a project wrote over Airflow's `BaseOperator`, `BaseSensorOperator` or
`BaseBranchOperator` keeps its code; these classes stand in the place of Airflow's. They have what
such a class needs while it runs, and nothing of what only a scheduler knows.

Source: airflow/models/baseoperator.py, airflow/sensors/base.py, airflow/operators/branch.py (2.10).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any, TypeVar

from runtime.airflow_names import LoggingMixin
from runtime.callables import AirflowContext, airflow_context, in_context
from runtime.context import current_run, params_of
from runtime.context import task_id as running_task
from runtime.exceptions import TaskTimeoutError
from runtime.polling import WEEK_SECONDS, Polling, poll
from runtime.templates import render
from runtime.templates.objects import Dag
from runtime.templates.verbatim import Verbatim

T = TypeVar("T", bound=Callable[..., Any])


class BaseOperator(LoggingMixin):
    """Airflow's `BaseOperator`, as far as a task that is running needs it.

    Arguments that the class itself has no use for are kept as attributes, as Airflow keeps them.
    """

    template_fields: Sequence[str] = ()
    template_ext: Sequence[str] = ()

    def __init__(
        self, *, task_id: str | None = None, params: Mapping[str, Any] | None = None, **kwargs: Any
    ) -> None:
        """Take what Airflow's class takes. The task's id is that of the step that is running."""
        self.task_id = running_task()
        self.params = params_of(current_run(), params)
        for name, value in kwargs.items():
            setattr(self, name, value)

    @property
    def dag_id(self) -> str:
        """Give the id of the DAG that is running."""
        return current_run().dag_id

    @property
    def dag(self) -> Dag:
        """Give Airflow's `dag`, as far as a step knows it."""
        return Dag(self.dag_id, current_run().timezone)

    @property
    def task_type(self) -> str:
        """Give the name of the class."""
        return type(self).__name__

    def execute(self, context: AirflowContext) -> Any:
        """Do the work; what it returns is the task's result. Classes of a project define it."""
        raise NotImplementedError(f"{type(self).__name__} has no execute method.")

    def pre_execute(self, context: AirflowContext) -> None:
        """Run before `execute`; by itself it does nothing."""

    def post_execute(self, context: AirflowContext, result: Any = None) -> None:
        """Run after `execute`, with its result; by itself it does nothing."""

    def on_kill(self) -> None:
        """Run when the task is stopped by its timeout or by a signal; by itself it does nothing."""

    def render_template(
        self, content: Any, context: Mapping[str, Any], jinja_env: Any = None
    ) -> Any:
        """Give a value with every text in it rendered; `jinja_env` changes nothing."""
        return render(content, current_run(), self.task_id, extra=_unread(context))

    @staticmethod
    def xcom_push(context: Mapping[str, Any], key: str, value: Any) -> None:
        """Store a value of this task under a key."""
        context["ti"].xcom_push(key=key, value=value)

    @staticmethod
    def xcom_pull(
        context: Mapping[str, Any],
        task_ids: str | Iterable[str] | None = None,
        dag_id: str | None = None,
        key: str = "return_value",
        include_prior_dates: bool | None = None,
    ) -> Any:
        """Give what other tasks returned or pushed."""
        return context["ti"].xcom_pull(
            task_ids=task_ids,
            dag_id=dag_id,
            key=key,
            include_prior_dates=bool(include_prior_dates),
        )


class BaseSensorOperator(BaseOperator):
    """Airflow's base of sensors: asks `poke` until the answer is true or time is up."""

    def __init__(
        self,
        *,
        poke_interval: float | timedelta = 60,
        timeout: float | timedelta = WEEK_SECONDS,
        soft_fail: bool = False,
        mode: str = "poke",
        exponential_backoff: bool = False,
        max_wait: float | timedelta | None = None,
        silent_fail: bool = False,
        never_fail: bool = False,
        execution_timeout: float | timedelta | None = None,
        **kwargs: Any,
    ) -> None:
        """Take Airflow's settings of the wait; durations are seconds or a `timedelta`."""
        super().__init__(**kwargs)
        self.poke_interval = poke_interval
        self.timeout = timeout
        self.soft_fail = soft_fail
        self.mode = mode
        self.exponential_backoff = exponential_backoff
        self.max_wait = max_wait
        self.silent_fail = silent_fail
        self.never_fail = never_fail
        self.execution_timeout = execution_timeout

    @property
    def reschedule(self) -> bool:
        """Tell whether Airflow would end the task between two looks."""
        return self.mode == "reschedule"

    def poke(self, context: AirflowContext) -> Any:
        """Look once. Classes of a project define it."""
        raise NotImplementedError(f"{type(self).__name__} has no poke method.")

    def execute(self, context: AirflowContext) -> Any:
        """Wait as `runtime.polling.poll` does."""
        limit = _seconds(self.execution_timeout)
        return poll(
            lambda: self.poke(context),
            poke_interval_seconds=_seconds(self.poke_interval) or 0,
            timeout_seconds=_seconds(self.timeout) or 0,
            soft_fail=self.soft_fail,
            polling=Polling(
                timeout_spans_retries=self.reschedule,
                exponential_backoff=self.exponential_backoff,
                max_wait_seconds=_seconds(self.max_wait),
                silent_fail=self.silent_fail,
                never_fail=self.never_fail,
                execution_timeout_seconds=None if self.reschedule else limit,
                look_timeout_seconds=limit if self.reschedule else None,
            ),
        )


class BaseBranchOperator(BaseOperator):
    """Airflow's base of branches: the result names the tasks and groups to follow."""

    def choose_branch(self, context: AirflowContext) -> str | Iterable[str] | None:
        """Give the ids to follow. Classes of a project define it."""
        raise NotImplementedError(f"{type(self).__name__} has no choose_branch method.")

    def execute(self, context: AirflowContext) -> Any:
        """Give what `choose_branch` gives."""
        return self.choose_branch(context)


def apply_defaults(function: T) -> T:
    """Do nothing: Airflow's decorator of `__init__`, which does nothing since 2.0 either."""
    return function


def poke_mode_only(cls: T) -> T:
    """Do nothing: Airflow's mark of a sensor that keeps its state from look to look, as all do here."""
    return cls


def run_operator(operator: Callable[..., BaseOperator], /, **arguments: Any) -> Any:
    """Make an operator of a project, render its template fields, and execute it, inside of a step.

    What is `verbatim` in the arguments is not rendered. A process that the code ends by `sys.exit`
    ends as in `call_python`. A task that runs into its timeout, or is told to stop, has its
    `on_kill` called. Source: `TaskInstance._execute_task` in airflow/models/taskinstance.py.
    """
    kept: list[Any] = []
    made = operator(**{name: _taken(value, kept) for name, value in arguments.items()})
    _render_fields(made, {id(value) for value in kept})
    context = airflow_context(task=made, params=made.params)
    try:
        in_context(context, lambda: made.pre_execute(context))
        result = in_context(context, lambda: made.execute(context))
        in_context(context, lambda: made.post_execute(context, result))
    except BaseException as error:
        # A limit around the step interrupts it by what is no `Exception`.
        if isinstance(error, TaskTimeoutError) or not isinstance(error, Exception):
            made.on_kill()
        raise
    return result


def _render_fields(operator: BaseOperator, kept: Collection[int]) -> None:
    fields = operator.template_fields
    names = [fields] if isinstance(fields, str) else list(fields)
    missing = [name for name in names if not hasattr(operator, name)]
    if missing:
        raise AttributeError(
            f"{missing[0]!r} is configured as a template field but {type(operator).__name__} "
            "does not have this attribute."
        )
    values = {name: _protected(getattr(operator, name), kept) for name in names}
    rendered = render(
        values, current_run(), operator.task_id, extra={"params": operator.params, "task": operator}
    )
    for name, value in rendered.items():
        setattr(operator, name, value)


def _taken(value: Any, kept: list[Any]) -> Any:
    """The value itself; notes what is `verbatim` in it."""
    if isinstance(value, Verbatim):
        # A text of its own: Python may share one that stands in the code, too, as a template.
        plain = value.value
        own = plain[:1] + plain[1:] if type(plain) is str else plain
        kept.append(own)
        return own
    if isinstance(value, (list, tuple)):
        return type(value)([_taken(item, kept) for item in value])
    if isinstance(value, dict):
        return {key: _taken(item, kept) for key, item in value.items()}
    return value


def _protected(value: Any, kept: Collection[int]) -> Any:
    """The value with what was `verbatim` marked so again, wherever the operator put it."""
    if id(value) in kept:
        return Verbatim(value)
    if type(value) in (list, tuple):
        return type(value)([_protected(item, kept) for item in value])
    if type(value) is dict:
        return {key: _protected(item, kept) for key, item in value.items()}
    return value


def _unread(context: Mapping[str, Any]) -> dict[str, Any]:
    """The names of a context; what is looked up only when it is read stays so."""
    return dict(dict.items(context)) if isinstance(context, dict) else dict(context)


def _seconds(value: float | timedelta | None) -> float | None:
    return value.total_seconds() if isinstance(value, timedelta) else value
