"""`var` and `conn` of templates: configuration in place of Airflow's metadata database."""

from __future__ import annotations

from typing import Any

_MISSING: Any = object()


class VariableAccessor:
    """`var.value.NAME` and `var.json.NAME`."""

    def __init__(self, dag_id: str, *, deserialize_json: bool) -> None:
        """Look up the variables of this DAG's configuration."""
        self._dag_id = dag_id
        self._deserialize_json = deserialize_json

    def __getattr__(self, key: str) -> Any:
        """Give a variable; an unknown one is an error, as in Airflow."""
        if key.startswith("__"):
            raise AttributeError(key)
        return self.get(key)

    def get(self, key: str, default: Any = _MISSING) -> Any:
        """Give a variable, or the default where it is unknown."""
        from runtime.variables import REQUIRED, get_variable

        return get_variable(
            key,
            default=REQUIRED if default is _MISSING else default,
            deserialize_json=self._deserialize_json,
            dag_id=self._dag_id,
        )


class ConnectionAccessor:
    """`conn.ID`."""

    def __init__(self, dag_id: str) -> None:
        """Look up the connections of this DAG's configuration."""
        self._dag_id = dag_id

    def __getattr__(self, conn_id: str) -> Any:
        """Give a connection with Airflow's attribute names; an unknown one is an error."""
        if conn_id.startswith("__"):
            raise AttributeError(conn_id)
        return self.get(conn_id)

    def get(self, conn_id: str, default: Any = _MISSING) -> Any:
        """Give a connection, or the default where it is unknown."""
        from runtime.config import load_config
        from runtime.connections import get_connection

        known = load_config(self._dag_id).connections
        if conn_id not in known and default is not _MISSING:
            return default
        return get_connection(conn_id, dag_id=self._dag_id)
