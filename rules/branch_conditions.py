"""Branches by date and by query."""

from __future__ import annotations

from datetime import datetime, time
from typing import TYPE_CHECKING

from rules.arguments import constant_name, given, params, pass_on, present, refused, step
from rules.branching import BRANCH, deciding
from rules.registry import Example, rule
from rules.sql import one_or_list
from rules.sql_connections import source_arguments, source_of
from transpiler.lower.dates import UTC, lower_dates
from transpiler.model.dag import Argument
from transpiler.model.pipeline import Expr, StepCall
from transpiler.model.values import Call

if TYPE_CHECKING:
    from transpiler.lower.lowering import Lowering
    from transpiler.lower.reader import TaskReader

_LATEST = "only the newest run of the schedule goes on"
_FOLLOW = ("follow_task_ids_if_true", "follow_task_ids_if_false")

_LATEST_ONLY = Example(
    before="""\
from datetime import datetime

from airflow import DAG
from airflow.operators.bash import BashOperator
from airflow.operators.latest_only import LatestOnlyOperator

with DAG("nightly", start_date=datetime(2024, 1, 1), schedule="@daily", catchup=True):
    LatestOnlyOperator(task_id="newest") >> BashOperator(task_id="mail", bash_command="mail")
""",
    after="""\
dag.branch(latest_only, id="newest")
dag.task(run_bash, "mail", id="mail", after=["newest"])
""",
)

_MONDAY = Example(
    before="""\
from datetime import datetime

from airflow import DAG
from airflow.operators.bash import BashOperator
from airflow.operators.weekday import BranchDayOfWeekOperator

with DAG("nightly", start_date=datetime(2024, 1, 1), schedule="@daily", catchup=False):
    BranchDayOfWeekOperator(
        task_id="is_monday",
        week_day="Monday",
        use_task_logical_date=True,
        follow_task_ids_if_true="weekly",
        follow_task_ids_if_false="daily",
    ) >> [
        BashOperator(task_id="weekly", bash_command="weekly"),
        BashOperator(task_id="daily", bash_command="daily"),
    ]
""",
    after="""\
dag.branch(
    branch_day_of_week,
    week_day="Monday",
    follow_task_ids_if_true="weekly",
    follow_task_ids_if_false="daily",
    use_task_logical_date=True,
    id="is_monday",
)
dag.task(run_bash, "weekly", id="weekly", after=["is_monday"])
dag.task(run_bash, "daily", id="daily", after=["is_monday"])
""",
)

_OFFICE_HOURS = Example(
    before="""\
from datetime import datetime, time

from airflow import DAG
from airflow.operators.bash import BashOperator
from airflow.operators.datetime import BranchDateTimeOperator

with DAG("nightly", start_date=datetime(2024, 1, 1), schedule="@daily", catchup=False):
    BranchDateTimeOperator(
        task_id="in_time",
        target_lower=time(2, 0),
        target_upper=time(6, 0),
        follow_task_ids_if_true=["load"],
        follow_task_ids_if_false=[],
    ) >> BashOperator(task_id="load", bash_command="load")
""",
    after="""\
dag.branch(
    branch_date_time,
    follow_task_ids_if_true=["load"],
    follow_task_ids_if_false=[],
    target_lower="02:00:00",
    target_upper="06:00:00",
    id="in_time",
)
dag.task(run_bash, "load", id="load", after=["in_time"])
""",
)

_QUERY = Example(
    before="""\
from datetime import datetime

from airflow import DAG
from airflow.operators.bash import BashOperator
from airflow.providers.common.sql.operators.sql import BranchSQLOperator

with DAG("nightly", start_date=datetime(2024, 1, 1), schedule="@daily", catchup=False):
    BranchSQLOperator(
        task_id="has_orders",
        conn_id="snowflake_default",
        sql="SELECT COUNT(*) FROM RAW.ORDERS WHERE ORDERED_AT = '{{ ds }}'",
        follow_task_ids_if_true="load",
        follow_task_ids_if_false="tell",
    ) >> [
        BashOperator(task_id="load", bash_command="load"),
        BashOperator(task_id="tell", bash_command="tell"),
    ]
""",
    after="""\
dag.branch(
    branch_sql,
    "nightly/has_orders.sql",
    follow_task_ids_if_true="load",
    follow_task_ids_if_false="tell",
    id="has_orders",
)
dag.task(run_bash, "load", id="load", after=["has_orders"])
dag.task(run_bash, "tell", id="tell", after=["has_orders"])
""",
)


@rule(
    "airflow.operators.latest_only.LatestOnlyOperator",
    "airflow.operators.latest_only_operator.LatestOnlyOperator",
    "airflow.operators.LatestOnlyOperator",
    "airflow.providers.standard.operators.latest_only.LatestOnlyOperator",
    docs="https://airflow.apache.org/docs/apache-airflow-providers-standard/stable/operators/latest_only.html",
    examples=[_LATEST_ONLY],
    dynamic=_LATEST,
)
def latest_only_operator(task: TaskReader, to: Lowering) -> StepCall | list[StepCall]:
    """A branch that follows all tasks directly after it in the newest run of the schedule, and none
    in any other.
    """
    return deciding(step("latest_only", task), "branch", task, to)


@rule(
    "airflow.operators.weekday.BranchDayOfWeekOperator",
    "airflow.providers.standard.operators.weekday.BranchDayOfWeekOperator",
    docs="https://airflow.apache.org/docs/apache-airflow-providers-standard/stable/operators/datetime.html#branchdayofweekoperator",
    examples=[_MONDAY],
    dynamic=BRANCH,
)
def branch_day_of_week_operator(task: TaskReader, to: Lowering) -> StepCall | list[StepCall]:
    """A branch by the day of the week, of the logical date or of now."""
    kwargs = {"week_day": _days(task, to), **_follow(task, to), **_which_date(task, to)}
    return deciding(step("branch_day_of_week", task, kwargs=kwargs), "branch", task, to)


@rule(
    "airflow.operators.datetime.BranchDateTimeOperator",
    "airflow.providers.standard.operators.datetime.BranchDateTimeOperator",
    docs="https://airflow.apache.org/docs/apache-airflow-providers-standard/stable/operators/datetime.html#branchdatetimeoperator",
    examples=[_OFFICE_HOURS],
    dynamic=BRANCH,
)
def branch_date_time_operator(task: TaskReader, to: Lowering) -> StepCall | list[StepCall]:
    """A branch by whether the logical date, or now, lies between two moments or times of day."""
    kwargs = _follow(task, to)
    for name in ("target_lower", "target_upper"):
        argument = given(task, name)
        if argument is None:
            continue
        moment = _moment(argument)
        if moment is None:
            raise refused(task, argument, f"{name} is no date or time that is known from the file")
        kwargs[name] = to.literal(moment.isoformat())
    kwargs.update(_which_date(task, to, needs_zone=_has_naive(task)))
    return deciding(step("branch_date_time", task, kwargs=kwargs), "branch", task, to)


@rule(
    "airflow.providers.common.sql.operators.sql.BranchSQLOperator",
    "airflow.operators.sql.BranchSQLOperator",
    "airflow.operators.sql_branch_operator.BranchSQLOperator",
    "airflow.operators.sql_branch_operator.BranchSqlOperator",
    docs="https://airflow.apache.org/docs/apache-airflow-providers-common-sql/stable/operators.html",
    examples=[_QUERY],
    dynamic=BRANCH,
)
def branch_sql_operator(task: TaskReader, to: Lowering) -> StepCall | list[StepCall]:
    """A branch by the first value that a query gives."""
    source = source_of(task, to, task.require("conn_id"))
    sql = one_or_list(to.sql.names(task.require("sql"), task.task, source.dialect))
    kwargs = {
        **_follow(task, to),
        **source_arguments(task, to, source),
        **pass_on(task, to, {"parameters": "parameters"}),
        **present(params=params(task, to)),
    }
    return deciding(step("branch_sql", task, sql, kwargs=kwargs), "branch", task, to)


def _moment(argument: Argument) -> datetime | time | None:
    """The date or time of day, also that of `pendulum.time(…)`."""
    value = argument.value
    if isinstance(value, Call) and value.func == "pendulum.time":
        parts = [*value.args, *value.kwargs.values()]
        if all(isinstance(part, int) for part in parts):
            return time(*value.args, **value.kwargs)
    return value if isinstance(value, (datetime, time)) else None


def _follow(task: TaskReader, to: Lowering) -> dict[str, Expr]:
    return {name: _ids(task, to, task.require(name)) for name in _FOLLOW}


def _ids(task: TaskReader, to: Lowering, argument: Argument) -> Expr:
    """One id or a list of ids; of a set in order."""
    value = argument.value
    if isinstance(value, (set, frozenset)):
        return to.literal(sorted(value))
    return to.literal(list(value)) if isinstance(value, tuple) else to.expr(argument)


def _days(task: TaskReader, to: Lowering) -> Expr:
    """Names of days, as text or as members of Airflow's `WeekDay`."""
    argument = task.require("week_day")
    value = argument.value
    several = isinstance(value, (list, tuple, set, frozenset))
    names = [constant_name(one) for one in (value if several else [value])]
    if any(name is None for name in names):
        raise refused(task, argument, "week_day is no day that is known from the file")
    if not several:
        return to.expr(argument) if isinstance(value, str) else to.literal(names[0])
    known = [str(name) for name in names]
    return to.literal(known if isinstance(value, (list, tuple)) else sorted(known))


def _which_date(task: TaskReader, to: Lowering, needs_zone: bool | None = None) -> dict[str, Expr]:
    """Whether the logical date counts, and the DAG's time zone where it makes a difference."""
    names = ("use_task_logical_date", "use_task_execution_date", "use_task_execution_day")
    argument = next((one for name in names if (one := given(task, name)) is not None), None)
    logical = argument is not None and argument.value is not False
    found: dict[str, Expr] = {}
    if argument is not None and logical:
        found["use_task_logical_date"] = to.expr(argument)
    if needs_zone is False or (needs_zone is None and logical):
        return found
    start = to.dag.arguments.get("start_date") or to.dag.default_args.get("start_date")
    zone = lower_dates(start, None).timezone
    return found if zone == UTC else {**found, "tz": to.literal(zone)}


def _has_naive(task: TaskReader) -> bool:
    """Whether a bound has no offset, so that it is in the DAG's time zone."""
    bounds = (given(task, name) for name in ("target_lower", "target_upper"))
    moments = (_moment(bound) for bound in bounds if bound is not None)
    return any(moment is not None and moment.tzinfo is None for moment in moments)
