"""Arguments that say nothing: those given with the value that Airflow gives them anyway."""

from __future__ import annotations

from transpiler.account.evidence import Given
from transpiler.lower import argument_table, dag_argument_table
from transpiler.lower.retries import RETRY_ARGUMENTS

_OF_TASKS = {row.name: row for row in argument_table.ROWS}
_OF_DAGS = {row.name: row for row in dag_argument_table.ROWS}
_COMMON = frozenset(
    {
        *_OF_TASKS,
        *argument_table.STRUCTURAL,
        *RETRY_ARGUMENTS,
        "trigger_rule",
        "execution_timeout",
        "start_date",
        "end_date",
        "email",
        "email_on_failure",
        "email_on_retry",
    }
)


def is_silent(given: Given) -> bool:
    """Whether the argument is one that nothing is made of, with a value at which it does nothing."""
    argument = given.argument
    if given.task_id is None and argument.origin == "dag":
        row = _OF_DAGS.get(argument.name)
    else:
        row = _OF_TASKS.get(argument.name)
    return row is not None and argument.value in row.silent


def is_carried_by_every_task(name: str) -> bool:
    """Whether the argument is translated for a step that raises, too."""
    return name in _COMMON or (name.startswith("on_") and name.endswith("_callback"))
