"""A container that only predicts, replaced by steps that load, predict and write."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from rules.arguments import number, step
from rules.command_line import CommandLine
from rules.container import CLUSTER, take_not_needed
from rules.pod_values import dict_of
from rules.sql_connections import SNOWFLAKE, SNOWFLAKE_CONNECTION, Source, note_connection
from transpiler.lower.reporting import report_once
from transpiler.model.finding import finding
from transpiler.model.pipeline import Expr

if TYPE_CHECKING:
    from transpiler.config import BatchInference
    from transpiler.lower.lowering import Lowering
    from transpiler.lower.reader import TaskReader
    from transpiler.model.dag import Argument
    from transpiler.model.pipeline import StepCall

_NEEDED = frozenset(
    {
        "affinity",
        "container_resources",
        "env_from",
        "node_selector",
        "node_selectors",
        "priority_class_name",
        "resources",
        "service_account_name",
        "tolerations",
        "volume_mounts",
        "volumes",
    }
)
"""What the work may need wherever it runs: in ZenML, settings of the step."""
_POD = (
    "name",
    "namespace",
    "labels",
    "annotations",
    "service_account_name",
    "image_pull_policy",
    "image_pull_secrets",
    "node_selector",
    "node_selectors",
    "startup_timeout_seconds",
    "container_resources",
    "resources",
    "tolerations",
    "affinity",
    "volumes",
    "volume_mounts",
    "ports",
    "secrets",
    "env_from",
    "configmaps",
    "on_finish_action",
    "is_delete_operator_pod",
    "security_context",
    "container_security_context",
    "hostnetwork",
    "host_aliases",
    "dnspolicy",
    "dns_config",
    "hostname",
    "subdomain",
    "schedulername",
    "priority_class_name",
    "termination_grace_period",
    "termination_message_policy",
    "pod_template_file",
    "pod_template_dict",
    *CLUSTER,
)
"""Arguments that say how a pod runs; the steps have no pod."""
_WATCHING = ("base_container_name", "container_logs", "random_name_suffix", "reattach_on_restart")


def batch_inference(
    task: TaskReader, to: Lowering, image: Argument, mode: BatchInference
) -> list[StepCall]:
    """The four step calls; the last one is the task itself, and writes the predictions."""
    command_line = CommandLine(task, to)
    take_not_needed(task)
    task.not_needed(*_WATCHING, why="there is no pod to find or to watch")
    calls = _calls(task, to, mode, command_line)
    _account(task, to, image, command_line)
    note_connection(task, to, Source(mode.connection or SNOWFLAKE_CONNECTION, SNOWFLAKE))
    return calls


def _calls(
    task: TaskReader, to: Lowering, mode: BatchInference, line: CommandLine
) -> list[StepCall]:
    connection = {} if mode.connection is None else {"connection": line.expr(mode.connection)}
    parameters = {name: line.expr(value) for name, value in mode.parameters.items()}
    query = to.sql.config_query(mode.features, sorted(mode.parameters), task.span)
    features = step(
        "load_features",
        task,
        query,
        kwargs={**({"parameters": dict_of(parameters)} if parameters else {}), **connection},
    )
    model = step("load_model", task, line.expr(mode.model), kwargs=_model_version(mode, line))
    predictions = step(
        "batch_predict", task, Expr("features"), Expr("model"), kwargs=_prediction(to, mode, line)
    )
    write = step(
        "write_predictions",
        task,
        Expr("predictions"),
        line.expr(mode.output_table),
        kwargs={**_writing(to, mode, line), **connection},
    )
    return [
        replace(features, step_id=Expr(".load_features"), assign="features"),
        replace(model, step_id=Expr(".load_model"), assign="model"),
        replace(predictions, step_id=Expr(".batch_predict"), assign="predictions"),
        write,
    ]


def _model_version(mode: BatchInference, line: CommandLine) -> dict[str, Expr]:
    if mode.version is not None:
        return {"version": line.expr(mode.version)}
    return {} if mode.alias is None else {"alias": line.expr(mode.alias)}


def _prediction(to: Lowering, mode: BatchInference, line: CommandLine) -> dict[str, Expr]:
    plain = {
        "keys": mode.keys or None,
        "batch_size": mode.batch_size,
        "cap": mode.cap if mode.cap is None else number(mode.cap),
        "floor": mode.floor if mode.floor is None else number(mode.floor),
        "round_to": mode.round_to,
    }
    kwargs = {"output_column": line.expr(mode.output_column)}
    kwargs |= {name: to.literal(value) for name, value in plain.items() if value is not None}
    if mode.columns:
        kwargs["columns"] = dict_of(
            {name: line.expr(value) for name, value in mode.columns.items()}
        )
    return kwargs


def _writing(to: Lowering, mode: BatchInference, line: CommandLine) -> dict[str, Expr]:
    kwargs = {"mode": to.literal(mode.mode)}
    if mode.mode == "merge":
        kwargs["keys"] = to.literal(mode.keys)
    if mode.partition:
        kwargs["partition"] = dict_of(
            {name: line.expr(value) for name, value in mode.partition.items()}
        )
    return kwargs


def _account(task: TaskReader, to: Lowering, image: Argument, line: CommandLine) -> None:
    """Say what the replacement does not carry: it was asked for, so nobody has to act.

    What the pod needed to run at all (memory, volumes, a place) is named, too: the steps may need it.
    """
    needed = [argument.name for argument in task.untaken() if argument.name in _NEEDED]
    task.not_needed(*_POD, why="the steps that replace the container have no pod")
    detail = f"{image.value} is replaced by steps, as migration.yaml asks"
    if left := [*line.unasked(), *needed]:
        detail += f"; not carried over: {', '.join(left)}"
    report_once(to, finding("D2Z306", task.span, detail, task_id=task.task_id))
