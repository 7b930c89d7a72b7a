"""What Airflow's SQL check operators compare, apart from where the values come from.

Behaviour: airflow/providers/common/sql/operators/sql.py.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from runtime.exceptions import CheckFailedError, FailTask

COLUMN_CHECKS = {
    "null_check": "SUM(CASE WHEN {column} IS NULL THEN 1 ELSE 0 END)",
    "distinct_check": "COUNT(DISTINCT({column}))",
    "unique_check": "COUNT({column}) - COUNT(DISTINCT({column}))",
    "min": "MIN({column})",
    "max": "MAX({column})",
}
"""SQL of each check of a column."""

_TRUE = frozenset({"y", "yes", "t", "true", "on", "1"})
_FALSE = frozenset({"n", "no", "f", "false", "off", "0"})
RATIOS: Mapping[str, Callable[[Any, Any], Any]] = {
    "max_over_min": lambda current, past: max(current, past) / min(current, past),
    "relative_diff": lambda current, past: abs(current - past) / past,
}


def number_or_text(value: Any) -> float | str:
    """Read a number, also from text; anything else is text."""
    try:
        return float(value)
    except (TypeError, ValueError):
        return str(value)


def equals(values: Sequence[Any], expected: Any, tolerance: float | None) -> bool:
    """Tell whether every value is the expected one: a number within `tolerance` (0.1 for 10 %), or
    else the same text. Raises `ValueError` for text where a number is expected.
    """
    wanted = number_or_text(str(expected))
    if isinstance(wanted, str):
        return all(str(value) == wanted for value in values)
    numbers = [float(value) for value in values]
    if tolerance is None:
        return all(value == wanted for value in numbers)
    return all(wanted * (1 - tolerance) <= value <= wanted * (1 + tolerance) for value in numbers)


def column_passes(check: Mapping[str, Any], value: Any, *, accept_none: bool) -> bool:
    """Tell whether a column's value is within the bounds of a check (`geq_to`, `less_than`, …)."""
    if value is None and accept_none:
        value = 0
    tolerance = check.get("tolerance") or 0
    below, above = 1 - tolerance, 1 + tolerance
    passed = True
    if "geq_to" in check:
        passed = value >= check["geq_to"] * below
    elif "greater_than" in check:
        passed = value > check["greater_than"] * below
    if "leq_to" in check:
        passed = value <= check["leq_to"] * above and passed
    elif "less_than" in check:
        passed = value < check["less_than"] * above and passed
    if "equal_to" in check:
        wanted = check["equal_to"]
        near = wanted * below <= value <= wanted * above if tolerance else value == wanted
        passed = near and passed
    return bool(passed)


def is_true(value: Any) -> bool:
    """Read a truth value as databases write it. Raises `ValueError` for anything else."""
    text = str(value).lower()
    if text not in _TRUE | _FALSE:
        raise ValueError(f"{text!r} is neither true nor false.")
    return text in _TRUE


def columns_sql(
    table: str, mapping: Mapping[str, Mapping[str, Mapping[str, Any]]], partition: str | None
) -> str:
    """Give the query of the checks of columns: a row of column, check and value for each."""
    parts = [
        f"SELECT '{column}' AS col_name, '{check}' AS check_type, {column}_{check} AS check_result\n"
        f"FROM (SELECT {COLUMN_CHECKS[check].format(column=column)} AS {column}_{check}"
        f" FROM {table} {_where(partition, bounds)}) AS sq"
        for column, checks in mapping.items()
        for check, bounds in checks.items()
    ]
    union = "\nUNION ALL\n".join(parts)
    return f"SELECT col_name, check_type, check_result FROM (\n{union}\n) AS check_columns"


def table_sql(table: str, checks: Mapping[str, Mapping[str, Any]], partition: str | None) -> str:
    """Give the query of the checks of a table: a row of name and truth value for each."""
    parts = [
        f"SELECT '{name}' AS check_name, MIN({name}) AS check_result\n"
        f"FROM (SELECT CASE WHEN {check['check_statement']} THEN 1 ELSE 0 END AS {name}"
        f" FROM {table} {_where(partition, check)}) AS sq"
        for name, check in checks.items()
    ]
    union = "\nUNION ALL\n".join(parts)
    return f"SELECT check_name, check_result FROM (\n{union}\n) AS check_table"


def _where(partition: str | None, check: Mapping[str, Any]) -> str:
    clauses = [clause for clause in (partition, check.get("partition_clause")) if clause]
    return f"WHERE {' AND '.join(clauses)}" if clauses else ""


def failure(detail: str, retry_on_failure: bool) -> CheckFailedError | FailTask:
    """Give the error of a check that failed; without `retry_on_failure` no retry repeats it."""
    return CheckFailedError(detail) if retry_on_failure else FailTask(detail)
