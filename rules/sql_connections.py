"""Which database a SQL operator talks to, and what its step needs to reach it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rules.arguments import given, pass_on, refused
from transpiler.model.values import is_known

if TYPE_CHECKING:
    from transpiler.lower.lowering import Lowering
    from transpiler.lower.reader import TaskReader
    from transpiler.model.dag import Argument
    from transpiler.model.pipeline import Expr

SNOWFLAKE = "snowflake"
SNOWFLAKE_CONNECTION = "snowflake_default"
UNKNOWN = "sql"
"""Type of a connection whose type the configuration has to say."""
_DIALECTS = {
    SNOWFLAKE: "snowflake",
    "mssql": "tsql",
    "mysql": "mysql",
    "postgres": "postgres",
    "sqlite": "sqlite",
}
"""sqlglot's name for each type of connection that `runtime.hooks` has a hook for."""
_SESSION = {
    "warehouse": "warehouse",
    "database": "database",
    "schema": "schema_name",
    "role": "role",
}
"""Parameter of the step for each setting of a Snowflake session."""
_DATABASE = {"schema": "database", "database": "database"}
"""Parameter of the step for each argument of another hook that names the database."""
_OF_SNOWFLAKE = ("airflow.providers.snowflake.", "airflow.contrib.operators.snowflake_operator.")


@dataclass(frozen=True)
class Source:
    """A connection: its Airflow id, its type (`UNKNOWN` where nothing tells), and the argument that
    names it, None where it is the operator's default.
    """

    conn_id: str
    type: str
    argument: Argument | None = None

    @property
    def is_snowflake(self) -> bool:
        """Whether it is known to be Snowflake."""
        return self.type == SNOWFLAKE

    @property
    def dialect(self) -> str | None:
        """sqlglot's name of the database, None where it is not known."""
        return _DIALECTS.get(self.type)

    def expr(self, to: Lowering) -> Expr:
        """The connection id as it is written."""
        return to.literal(self.conn_id) if self.argument is None else to.expr(self.argument)


def source_of(task: TaskReader, to: Lowering, argument: Argument) -> Source:
    """The connection that `conn_id` names.

    Airflow knows a connection's type from its database; here migration.yaml says it
    (`connections`), or else a type within the id (`snowflake_etl`, `postgres_default`). Raises
    UntranslatableError for an id that the file does not tell, and for a type without a hook.
    """
    conn_id = argument.value
    if not isinstance(conn_id, str):
        raise refused(task, argument, f"{argument.name} is not known from the file")
    known = to.config.connections.get(conn_id)
    if known is not None and known.type not in _DIALECTS:
        detail = f"the connection {conn_id!r} is of type {known.type}; {_served()} can be run"
        raise refused(task, argument, detail)
    if known is not None:
        return Source(conn_id, known.type, argument)
    named = [type_ for type_ in _DIALECTS if type_ in conn_id.lower()]
    return Source(conn_id, named[0] if len(named) == 1 else UNKNOWN, argument)


def source_arguments(task: TaskReader, to: Lowering, source: Source) -> dict[str, Expr]:
    """The arguments of a step that say which connection it asks, and in which session."""
    names = _SESSION if source.is_snowflake else _DATABASE
    settings = {**_from_hook_params(task, to, names), **pass_on(task, to, _own(task, source))}
    note_connection(task, to, source)
    if source.conn_id == SNOWFLAKE_CONNECTION:
        return settings
    return {"connection": source.expr(to), **settings}


def _own(task: TaskReader, source: Source) -> dict[str, str]:
    """Parameter of the step for each argument of the operator itself.

    What the common operators call `database` is the schema in their Snowflake hook (`get_hook` in
    `airflow.providers.common.sql.operators.sql`).
    """
    if source.is_snowflake and task.task.operator.startswith(_OF_SNOWFLAKE):
        return _SESSION
    return {"database": "schema_name" if source.is_snowflake else "database"}


def snowflake_source(argument: Argument | None) -> Source:
    """The connection of an operator of Snowflake's provider, whatever its id."""
    value = None if argument is None else argument.value
    if argument is None or value is None:
        return Source(SNOWFLAKE_CONNECTION, SNOWFLAKE)
    return Source(value if isinstance(value, str) else "", SNOWFLAKE, argument)


def note_connection(task: TaskReader, to: Lowering, source: Source) -> None:
    """Note in the settings that the task uses the connection, with what migration.yaml says about
    it.
    """
    if not source.conn_id:
        return
    mapping = to.config.connections.get(source.conn_id)
    values = {n: str(v) for n, v in mapping.settings().items() if n != "type"} if mapping else {}
    span = task.span if source.argument is None else source.argument.span
    to.settings.connection(source.conn_id, span, kind=source.type, **values)


def _from_hook_params(task: TaskReader, to: Lowering, names: dict[str, str]) -> dict[str, Expr]:
    """Settings of the session that are given to Airflow's hook."""
    argument = given(task, "hook_params")
    if argument is None:
        return {}
    value = argument.value
    if not isinstance(value, dict) or not is_known(value):
        raise refused(task, argument, "hook_params is not a dict that is known from the file")
    unknown = sorted(set(map(str, value)) - set(names))
    if unknown:
        detail = f"hook_params has {', '.join(unknown)}, which the step does not take"
        raise refused(task, argument, detail)
    return {names[name]: to.literal(item) for name, item in value.items()}


def _served() -> str:
    return ", ".join(sorted(_DIALECTS))
