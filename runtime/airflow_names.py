"""Airflow's lookup classes, so that callables taken over from a DAG keep their bodies."""

from __future__ import annotations

from typing import Any

from runtime.connections import Connection, get_connection
from runtime.variables import REQUIRED, get_variable


class Variable:
    """Airflow's `Variable`, for reading: values come from the configuration or the environment."""

    @staticmethod
    def get(
        key: str,
        default_var: Any = REQUIRED,
        deserialize_json: bool = False,
        *,
        default: Any = REQUIRED,
    ) -> Any:
        """Give a variable; `default_var` is Airflow 2's name of the default, `default` Airflow 3's.

        Raises `VariableNotFoundError`, a `KeyError` as in Airflow, where there is neither.
        """
        fallback = default_var if default is REQUIRED else default
        return get_variable(key, fallback, deserialize_json)


class BaseHook:
    """Airflow's `BaseHook`, for reading connections."""

    @staticmethod
    def get_connection(conn_id: str) -> Connection:
        """Give a configured connection; `ConfigError` names the ones there are."""
        return get_connection(conn_id)
