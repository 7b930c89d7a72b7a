"""Rules for features and predictions, checked batch by batch."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pandas as pd

from runtime.exceptions import PipelineRuntimeError
from runtime.inference.components import Rows, frames_of

if TYPE_CHECKING:
    from runtime.config import ColumnRule, DataRules


class DataQualityError(PipelineRuntimeError):
    """Rows break the rules of the configuration's section `validation`."""


@dataclass(frozen=True)
class Violation:
    """A rule that is broken: its column (None for the table), its name, and what was found."""

    column: str | None
    rule: str
    message: str


@dataclass
class _Column:
    rule: ColumnRule
    rows: int = 0
    nulls: int = 0
    found: dict[str, str] = field(default_factory=dict)
    seen: set[Any] = field(default_factory=set)


_TYPES = {
    "integer": pd.api.types.is_integer_dtype,
    "number": pd.api.types.is_numeric_dtype,
    "boolean": pd.api.types.is_bool_dtype,
    "timestamp": pd.api.types.is_datetime64_any_dtype,
}


def check_rules(rows: Rows, rules: DataRules) -> list[Violation]:
    """Give the rules that the rows break, the table's first, then by column.

    Of values that are not allowed an example is shown. Memory holds one batch, and the values of
    the columns that must be unique.
    """
    if not rules.columns:
        return list(_table(len(rows), rules))
    columns = {name: _Column(rule) for name, rule in rules.columns.items()}
    missing: set[str] = set()
    count = 0
    for frame in frames_of(rows):
        count += len(frame)
        for name, column in columns.items():
            if name in frame.columns:
                _add(column, frame[name])
            elif column.rule.required:
                missing.add(name)
    return [
        *_table(count, rules),
        *(_missing(name) for name in columns if name in missing),
        *(found for name, column in columns.items() for found in _violations(name, column)),
    ]


def _table(count: int, rules: DataRules) -> Iterator[Violation]:
    if count < rules.min_rows:
        yield Violation(None, "min_rows", f"{count} rows, at least {rules.min_rows} expected")
    if rules.max_rows is not None and count > rules.max_rows:
        yield Violation(None, "max_rows", f"{count} rows, at most {rules.max_rows} expected")


def _missing(name: str) -> Violation:
    return Violation(name, "required", "the column is missing")


def _add(column: _Column, values: pd.Series[Any]) -> None:
    rule = column.rule
    present = values.dropna()
    column.rows += len(values)
    column.nulls += len(values) - len(present)
    if rule.type is not None and len(present) and not _is_type(present, rule.type):
        column.found.setdefault("type", f"not of the type {rule.type}: {values.dtype}")
        return
    for name, wrong in _wrong(rule, present):
        if wrong.any():
            column.found.setdefault(name, f"a value breaks it: {present[wrong].iloc[0]!r}")
    if rule.unique:
        _unique(column, present)


def _is_type(values: pd.Series[Any], kind: str) -> bool:
    if kind == "text":
        return bool(values.map(lambda value: isinstance(value, str)).all())
    if kind == "date":
        return bool(values.map(_is_date).all())
    boolean = pd.api.types.is_bool_dtype(values)
    return bool(_TYPES[kind](values)) and boolean == (kind == "boolean")


def _is_date(value: object) -> bool:
    return isinstance(value, dt.date) and not isinstance(value, dt.datetime)


def _wrong(rule: ColumnRule, values: pd.Series[Any]) -> Iterator[tuple[str, pd.Series[bool]]]:
    if rule.minimum is not None:
        yield "minimum", values < rule.minimum
    if rule.maximum is not None:
        yield "maximum", values > rule.maximum
    if rule.allowed is not None:
        yield "allowed", ~values.isin(rule.allowed)
    if rule.pattern is not None:
        pattern = re.compile(rule.pattern)
        yield "pattern", values.map(lambda value: pattern.fullmatch(str(value)) is None).astype(
            bool
        )


def _unique(column: _Column, values: pd.Series[Any]) -> None:
    again = values.duplicated() | values.isin(column.seen)
    if again.any():
        column.found.setdefault("unique", f"a value comes twice: {values[again].iloc[0]!r}")
    column.seen.update(values)


def _violations(name: str, column: _Column) -> Iterator[Violation]:
    share = column.nulls / column.rows if column.rows else 0.0
    if share > column.rule.max_null_share:
        allowed = column.rule.max_null_share
        yield Violation(name, "max_null_share", f"{share:.1%} are missing, {allowed:.1%} may be")
    for rule, message in column.found.items():
        yield Violation(name, rule, message)
