"""Rows of a query as values that an artifact keeps as they are."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from pydantic import JsonValue


def json_rows(result: Any) -> Any:
    """Make lists of rows, rows, and lists of results JSON values, however they are nested."""
    if isinstance(result, (list, tuple)):
        return [json_rows(value) for value in result]
    return json_value(result)


def json_value(value: Any) -> JsonValue:
    """Make a JSON value that a template prints as it would print the original."""
    if value is None or isinstance(value, (bool, int, float, str, dict)):
        return value
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, (bytes, bytearray, memoryview)):
        return value.hex()
    return str(value)
