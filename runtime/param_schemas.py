"""JSON schemas of params: a run starts only with values that meet them, as in Airflow.

Source: `Param.resolve` and `DAG.create_dagrun` of Airflow.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from runtime.exceptions import ParamError

if TYPE_CHECKING:
    from jsonschema import FormatChecker
    from jsonschema.exceptions import ValidationError

_LONGEST = 100


def check_params(
    owner: str, params: Mapping[str, Any], schemas: Mapping[str, Mapping[str, Any]]
) -> None:
    """Hold params against their schemas; `owner` names the DAG or task.

    A param with a schema and without a value must be given. Raises `ParamError`, which names the
    param, its value and the rule that it breaks.
    """
    for name, schema in schemas.items():
        if name not in params:
            raise ParamError(
                f"The param {name!r} of {owner} has no value, and no default. "
                f"Start the run with --param {name}=VALUE."
            )
        _check(owner, name, params[name], schema)


def check_json(name: str, value: Any) -> None:
    """Raise `ParamError` for a value that JSON cannot hold, which no run can be started with."""
    from pydantic import JsonValue, TypeAdapter
    from pydantic import ValidationError as NoJson

    try:
        TypeAdapter(JsonValue).validate_python(value)
    except NoJson as error:
        raise ParamError(
            f"The param {name!r} may not be {_shown(value)}: it is no value that JSON can hold."
        ) from error


def _check(owner: str, name: str, value: Any, schema: Mapping[str, Any]) -> None:
    if not schema:
        return
    from jsonschema import validate
    from jsonschema.exceptions import SchemaError, ValidationError

    try:
        validate(value, schema, format_checker=_formats())
    except SchemaError as error:
        raise ParamError(
            f"The schema of the param {name!r} of {owner} is not a JSON schema: {error.message}. "
            "Correct it under param_schemas in the configuration."
        ) from error
    except ValidationError as error:
        if _is_iso_date(value, error):
            return
        raise ParamError(
            f"The param {name!r} of {owner} may not be {_shown(value)}: {error.message[:_LONGEST]} "
            f"(its schema has {error.validator}: {_shown(error.validator_value)}). "
            f"Start the run with --param {name}=VALUE."
        ) from error


def _is_iso_date(value: Any, error: ValidationError) -> bool:
    """Tell whether the value is a date by ISO 8601, which Airflow 2 takes besides RFC 3339."""
    schema = error.schema
    if not isinstance(schema, Mapping) or schema.get("format") != "date-time":
        return False
    if not isinstance(value, str):
        return False
    from datetime import datetime

    from pendulum.parsing import parse_iso8601
    from pendulum.parsing.exceptions import ParserError

    try:
        return isinstance(parse_iso8601(value), datetime)
    except (ParserError, ValueError):
        return False


def _formats() -> FormatChecker:
    """Give the formats that Airflow checks: jsonschema's own, and `date-time`."""
    from jsonschema import FormatChecker

    checker = FormatChecker()
    checker.checks("date-time")(_is_rfc3339)
    return checker


def _is_rfc3339(value: object) -> bool:
    if not isinstance(value, str):
        return True
    import re
    from datetime import datetime

    pattern = r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]([01]\d|2[0-3]):[0-5]\d)"
    if re.fullmatch(pattern, value, re.ASCII) is None:
        return False
    try:
        datetime.strptime(value[:10] + value[11:19], "%Y-%m-%d%H:%M:%S")
    except ValueError:
        return False
    return True


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
