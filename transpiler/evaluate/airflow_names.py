"""Airflow's own names that build structure, over all the paths they have had."""

from __future__ import annotations

from typing import Any

from transpiler.evaluate.objects import Builtin

DAG_CLASSES = {
    "airflow.DAG", "airflow.models.DAG", "airflow.models.dag.DAG", "airflow.sdk.DAG",
    "airflow.sdk.definitions.dag.DAG",
}  # fmt: skip
GROUP_CLASSES = {
    "airflow.utils.task_group.TaskGroup", "airflow.sdk.TaskGroup", "airflow.sdk.definitions.taskgroup.TaskGroup",
    "airflow.models.taskgroup.TaskGroup",
}  # fmt: skip
DAG_DECORATORS = {"airflow.decorators.dag", "airflow.sdk.dag", "airflow.models.dag.dag"}
GROUP_DECORATORS = {
    "airflow.decorators.task_group", "airflow.sdk.task_group", "airflow.decorators.task_group.task_group",
}  # fmt: skip
TASK_DECORATORS = {
    "airflow.decorators.task",
    "airflow.sdk.task",
    "airflow.decorators.python.python_task",
}
SETUP_DECORATORS = {"airflow.decorators.setup", "airflow.sdk.setup"}
TEARDOWN_DECORATORS = {"airflow.decorators.teardown", "airflow.sdk.teardown"}
LABELS = {
    "airflow.utils.edgemodifier.Label",
    "airflow.sdk.Label",
    "airflow.sdk.definitions.edges.Label",
}
XCOM_ARGS = {
    "airflow.XComArg", "airflow.models.XComArg", "airflow.models.xcom_arg.XComArg", "airflow.sdk.XComArg",
}  # fmt: skip
ASSET_DECORATOR = "airflow.sdk.asset"
_HELPER_MODULES = (
    "airflow.models.baseoperator", "airflow.utils.helpers", "airflow.sdk", "airflow.sdk.bases.operator",
    "airflow.models",
)  # fmt: skip
_TRIGGER_RULES = (
    "all_success all_failed all_done all_skipped one_success one_failed one_done none_failed none_failed_or_skipped "
    "none_failed_min_one_success none_skipped always dummy all_done_setup_success all_done_min_one_success"
).split()
_WEIGHT_RULES = ("downstream", "upstream", "absolute")
_ENUMS = {
    "airflow.utils.trigger_rule.TriggerRule": _TRIGGER_RULES,
    "airflow.task.trigger_rule.TriggerRule": _TRIGGER_RULES,
    "airflow.sdk.TriggerRule": _TRIGGER_RULES,
    "airflow.utils.weight_rule.WeightRule": _WEIGHT_RULES,
    "airflow.sdk.WeightRule": _WEIGHT_RULES,
}


def _helpers() -> dict[str, Any]:
    from transpiler.evaluate import edges
    from transpiler.evaluate.builtins_table import REDUCE

    table = {
        "chain": edges.chain,
        "chain_linear": edges.chain_linear,
        "cross_downstream": edges.cross_downstream,
    }
    named = {
        f"{module}.{name}": Builtin(name, function, wants_site=True)
        for module in _HELPER_MODULES
        for name, function in table.items()
    }
    enums = {f"{path}.{rule.upper()}": rule for path, rules in _ENUMS.items() for rule in rules}
    return {**named, **enums, "functools.reduce": REDUCE}


AIRFLOW: dict[str, Any] = _helpers()
