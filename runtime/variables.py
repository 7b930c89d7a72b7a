"""What Airflow Variables became: `variables:` of the configuration, or the environment."""

from __future__ import annotations

import difflib
import json
import os
from typing import Any

from runtime.config import load_config
from runtime.exceptions import VariableNotFoundError

PREFIX = "RUNTIME_VAR_"
REQUIRED: Any = object()


def get_variable(
    key: str,
    default: Any = REQUIRED,
    deserialize_json: bool = False,
    *,
    dag_id: str | None = None,
) -> Any:
    """Give a variable as `Variable.get` does.

    The environment's `RUNTIME_VAR_<KEY>` wins over the configuration. Values are text unless
    `deserialize_json`; a configuration value that is not text is given as JSON text, because that
    is how Airflow stores it. Without `default`, a missing variable is a `VariableNotFoundError`;
    text that is not JSON is a `ValueError` that does not show it.
    """
    from_environment = os.environ.get(f"{PREFIX}{key.upper()}")
    variables = load_config(dag_id).variables
    if from_environment is not None:
        value: Any = from_environment
    elif key in variables:
        value = variables[key]
    elif default is not REQUIRED:
        return default
    else:
        raise VariableNotFoundError(_missing(key, list(variables)))
    if not deserialize_json:
        return value if isinstance(value, str) else json.dumps(value)
    return _parse(key, value) if isinstance(value, str) else value


def _parse(key: str, text: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise ValueError(
            f"Variable {key!r} is not JSON ({error.msg} at character {error.pos}). "
            "Correct it, or read it as text."
        ) from None


def _missing(key: str, known: list[str]) -> str:
    near = difflib.get_close_matches(key, known, n=1)
    hint = f" Did you mean {near[0]!r}?" if near else ""
    return (
        f"Variable {key!r} has no value.{hint} Set it under `variables:` in the pipeline's file "
        f"in configs/, or in the environment as {PREFIX}{key.upper()}."
    )
