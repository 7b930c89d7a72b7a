"""DAG and task params: the default of each `Param`, and its JSON schema."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from transpiler.model.dag import Argument, Dag, Task
from transpiler.model.values import Call, Value, is_known

PARAM_CLASSES = frozenset(
    {
        "airflow.models.param.Param",
        "airflow.models.Param",
        "airflow.sdk.Param",
        "airflow.sdk.definitions.param.Param",
    }
)

_NO_RULES = frozenset(
    {
        "custom_html_form",
        "description",
        "description_html",
        "description_md",
        "examples",
        "section",
        "title",
        "values_display",
    }
)
"""What only the form of Airflow's pages shows."""


def is_param(value: Value) -> bool:
    """Whether the value is a call of Airflow's `Param`."""
    return isinstance(value, Call) and value.func in PARAM_CLASSES


def default_of(param: Call) -> Value:
    """The default of a `Param(default, description, **schema)`; None where it has none."""
    return param.args[0] if param.args else param.kwargs.get("default")


def is_required(param: Call) -> bool:
    """Whether a run must be given the param: it has no default, which is not the default None."""
    return not param.args and "default" not in param.kwargs


def schema_of(param: Call, airflow_major: int) -> dict[str, Any] | None:
    """The rules that values of a `Param` must meet; None where the file does not tell them.

    Airflow 3 installs nothing that checks the format `date-time`, so it is no rule there.
    """
    given = {
        name: value
        for name, value in param.kwargs.items()
        if name not in ("default", "description", "schema", "source")
    }
    schema = param.kwargs.get("schema", given)
    if schema is None:
        return {}
    if not isinstance(schema, dict) or not is_known(schema):
        return None
    rules = {str(name): value for name, value in schema.items() if name not in _NO_RULES}
    return dict(_without_dates(rules)) if airflow_major >= 3 else rules


def _without_dates(schema: Any) -> Any:
    if isinstance(schema, dict):
        return {
            key: _without_dates(value)
            for key, value in schema.items()
            if (key, value) != ("format", "date-time")
        }
    return [_without_dates(item) for item in schema] if isinstance(schema, list) else schema


def own_params(task: Task) -> Argument | None:
    """The params of the task itself. Those in the DAG's `default_args` are params of the DAG:
    Airflow moves them there (airflow/models/dag.py, `DAG.__init__`).
    """
    argument = task.arguments.get("params")
    return None if argument is None or argument.origin == "dag_default_args" else argument


def params_of_dag(dag: Dag) -> list[Argument]:
    """Where a DAG's params come from; later ones win, as in Airflow."""
    given = (dag.arguments.get("params"), dag.default_args.get("params"))
    return [argument for argument in given if argument is not None]


def plain_params(argument: Argument | None) -> Mapping[str, Value]:
    """Params that have a value, by name, with the default in place of each `Param`; empty if not a
    dict.
    """
    if argument is None or not isinstance(argument.value, dict):
        return {}
    return {
        str(name): default_of(value) if is_param(value) else value
        for name, value in argument.value.items()
        if not (is_param(value) and is_required(value))
    }


def own_schemas(argument: Argument, airflow_major: int) -> dict[str, Any] | None:
    """The schemas of a task's own params, by name; None where the file does not tell one."""
    if not isinstance(argument.value, dict):
        return {}
    schemas: dict[str, Any] = {}
    for name, value in argument.value.items():
        if is_param(value):
            schema = schema_of(value, airflow_major)
            if schema is None:
                return None
            if schema or is_required(value):
                schemas[str(name)] = schema
    return schemas
