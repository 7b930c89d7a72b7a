"""DAG and task params: the default of each `Param`."""

from __future__ import annotations

from collections.abc import Mapping

from transpiler.model.dag import Argument, Dag, Task
from transpiler.model.values import Call, Value

PARAM_CLASSES = frozenset(
    {
        "airflow.models.param.Param",
        "airflow.models.Param",
        "airflow.sdk.Param",
        "airflow.sdk.definitions.param.Param",
    }
)


def is_param(value: Value) -> bool:
    """Whether the value is a call of Airflow's `Param`."""
    return isinstance(value, Call) and value.func in PARAM_CLASSES


def default_of(param: Call) -> Value:
    """The default of a `Param(default, description, **schema)`; None where it has none."""
    return param.args[0] if param.args else param.kwargs.get("default")


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
    """Params by name, with the default in place of each `Param`; empty if not a dict."""
    if argument is None or not isinstance(argument.value, dict):
        return {}
    return {
        str(name): default_of(value) if is_param(value) else value
        for name, value in argument.value.items()
    }
