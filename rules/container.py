"""A container that runs as it is, on the platform that is configured."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rules.arguments import (
    call_arguments,
    constant_name,
    given,
    pass_on,
    platform_settings,
    refused,
    same_as_default,
    step,
)
from rules.pod_environment import environment
from rules.pod_values import as_data, is_model
from transpiler.lower.reporting import about, report_once
from transpiler.model.values import Call

if TYPE_CHECKING:
    from transpiler.config import Container
    from transpiler.lower.lowering import Lowering
    from transpiler.lower.reader import TaskReader
    from transpiler.model.dag import Argument
    from transpiler.model.pipeline import Expr, StepCall

_UNCHANGED = {
    "cmds": "command",
    "arguments": "arguments",
    "name": "name",
    "namespace": "namespace",
    "labels": "labels",
    "annotations": "annotations",
    "service_account_name": "service_account",
    "image_pull_policy": "image_pull_policy",
    "node_selector": "node_selector",
    "node_selectors": "node_selector",
    "startup_timeout_seconds": "startup_timeout_seconds",
    "working_dir": "working_dir",
}
_OBJECTS = {
    "container_resources": "resources",
    "tolerations": "tolerations",
    "affinity": "affinity",
    "volumes": "volumes",
    "volume_mounts": "volume_mounts",
    "ports": "ports",
}
CLUSTER = {
    "kubernetes_conn_id": "which cluster runs the container is a setting of the platform",
    "in_cluster": "which cluster runs the container is a setting of the platform",
    "config_file": "which cluster runs the container is a setting of the platform",
    "cluster_context": "which cluster runs the container is a setting of the platform",
}
_REFERENCE = "V1LocalObjectReference"
_LOGS = (
    "get_logs",
    "container_logs",
    "log_events_on_failure",
    "log_pod_spec_on_failure",
    "logging_interval",
    "base_container_name",
)
_WAITING = (
    "deferrable",
    "poll_interval",
    "reattach_on_restart",
    "random_name_suffix",
    "startup_check_interval_seconds",
    "xcom_push",
)
_DEFAULTS = {
    "hostnetwork": False,
    "host_aliases": [],
    "security_context": {},
    "container_security_context": {},
    "init_containers": [],
    "pod_runtime_info_envs": [],
    "full_pod_spec": None,
    "pod_template_file": None,
    "pod_template_dict": None,
    "termination_message_policy": "File",
    "callbacks": [],
}
_LEGACY_RESOURCES = {
    "request_memory": ("requests", "memory"),
    "request_cpu": ("requests", "cpu"),
    "request_ephemeral_storage": ("requests", "ephemeral-storage"),
    "limit_memory": ("limits", "memory"),
    "limit_cpu": ("limits", "cpu"),
    "limit_gpu": ("limits", "nvidia.com/gpu"),
    "limit_ephemeral_storage": ("limits", "ephemeral-storage"),
}
"""Keys of `resources` before provider version 2: airflow/kubernetes/pod.py of 1.10."""


def run_container(task: TaskReader, to: Lowering, image: Argument, mode: Container) -> StepCall:
    """The call of `run_container`: the same image, command, environment and pod."""
    take_not_needed(task)
    platform_settings(task, to, CLUSTER)
    same_as_default(task, **_DEFAULTS)
    if isinstance(image.value, str) and "{{" not in image.value:
        to.settings.image(image.value, image.span, mode.command)
    kwargs = {
        **pass_on(task, to, _UNCHANGED),
        **environment(task, to),
        **_objects(task, to),
        **_legacy_resources(task, to),
        **_pull_secrets(task, to),
        **_result(task, to),
        **_on_finish(task, to),
        **_skip_codes(task, to),
    }
    return step("run_container", task, to.expr(image), kwargs=kwargs)


def may_skip(task: TaskReader) -> str | None:
    """Why the container can skip its task: it names exit codes that do."""
    argument = given(task, "skip_on_exit_code")
    return None if argument is None or argument.value in ([], ()) else "an exit code skips the task"


def _skip_codes(task: TaskReader, to: Lowering) -> dict[str, Expr]:
    argument = given(task, "skip_on_exit_code")
    if argument is None or may_skip(task) is None:
        return {}
    if not to.mode.dynamic:
        detail = f"exit code {argument.value} skips the task in Airflow; the step fails"
        report_once(to, about("D2Z203", argument, detail, task_id=task.task_id))
    value = argument.value
    several = isinstance(value, (tuple, set, frozenset))
    return {"skip_on_exit_code": to.literal(sorted(value)) if several else to.expr(argument)}


def take_not_needed(task: TaskReader) -> None:
    """Take what concerns Airflow's waiting for the pod, and its log."""
    task.not_needed(*_LOGS, why="the container's output is always part of the step's log")
    task.not_needed(*_WAITING, why="the step waits for the container in its own process")


def _objects(task: TaskReader, to: Lowering) -> dict[str, Expr]:
    arguments = ((parameter, given(task, name)) for name, parameter in _OBJECTS.items())
    return {
        parameter: as_data(to, argument.value, argument.source)
        for parameter, argument in arguments
        if argument is not None and argument.value not in ([], {}, ())
    }


def _legacy_resources(task: TaskReader, to: Lowering) -> dict[str, Expr]:
    """`resources` of older operators: V1ResourceRequirements, or a dict with keys of its own."""
    argument = given(task, "resources")
    if argument is None:
        return {}
    value = argument.value
    if not isinstance(value, dict) or not set(value) <= set(_LEGACY_RESOURCES):
        if not isinstance(value, dict) and not is_model(value, "V1ResourceRequirements"):
            raise refused(task, argument, "resources is not known from the file")
        return {"resources": as_data(to, value, argument.source)}
    resources: dict[str, dict[str, object]] = {}
    for key, amount in value.items():
        section, name = _LEGACY_RESOURCES[key]
        resources.setdefault(section, {})[name] = amount
    return {"resources": to.literal(resources)}


def _pull_secrets(task: TaskReader, to: Lowering) -> dict[str, Expr]:
    """Names of secrets: `a,b` in older operators, V1LocalObjectReferences in newer ones."""
    argument = given(task, "image_pull_secrets")
    if argument is None:
        return {}
    value = argument.value
    names = value.split(",") if isinstance(value, str) else value
    if not isinstance(names, (list, tuple)):
        raise refused(task, argument, "image_pull_secrets is not known from the file")
    plain = [
        (
            call_arguments(item, ("name",)).get("name")
            if isinstance(item, Call) and is_model(item, _REFERENCE)
            else item
        )
        for item in names
    ]
    if not all(isinstance(name, str) for name in plain):
        raise refused(
            task, argument, "image_pull_secrets is not a list of names that is known from the file"
        )
    return {"image_pull_secrets": to.literal(plain)} if plain else {}


def _result(task: TaskReader, to: Lowering) -> dict[str, Expr]:
    return {"do_xcom_push": to.literal(True)} if task.value("do_xcom_push", False) else {}


def _on_finish(task: TaskReader, to: Lowering) -> dict[str, Expr]:
    """`on_finish_action`, or the flag `is_delete_operator_pod` that it replaced."""
    keep = given(task, "is_delete_operator_pod")
    action = given(task, "on_finish_action")
    if keep is not None:
        return {} if keep.value else {"on_finish_action": to.literal("keep_pod")}
    if action is None:
        return {}
    name = constant_name(action.value)
    if name is None:
        raise refused(task, action, "on_finish_action is not known from the file")
    return {} if name == "delete_pod" else {"on_finish_action": to.literal(name)}
