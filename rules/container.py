"""A container that runs as it is, on the platform that is configured."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from rules.arguments import (
    call_arguments,
    constant_name,
    given,
    platform_settings,
    refused,
    same_as_default,
    step,
)
from rules.pod_environment import environment
from rules.pod_values import as_data, dict_of, is_model
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
    "random_name_suffix": "random_name_suffix",
    "base_container_name": "container_name",
    "reattach_on_restart": "reattach",
    "termination_grace_period": "termination_grace_seconds",
    "pod_template_file": "pod_template_file",
}
_OBJECTS = {
    "container_resources": "resources",
    "tolerations": "tolerations",
    "affinity": "affinity",
    "volumes": "volumes",
    "volume_mounts": "volume_mounts",
    "ports": "ports",
    "pod_template_dict": "pod_template",
    "full_pod_spec": "full_pod_spec",
}
_POD_FIELDS = {
    "hostnetwork": "hostNetwork",
    "host_aliases": "hostAliases",
    "security_context": "securityContext",
    "init_containers": "initContainers",
    "dnspolicy": "dnsPolicy",
    "dns_config": "dnsConfig",
    "hostname": "hostname",
    "subdomain": "subdomain",
    "schedulername": "schedulerName",
    "priority_class_name": "priorityClassName",
    "automount_service_account_token": "automountServiceAccountToken",
    "active_deadline_seconds": "activeDeadlineSeconds",
}
"""Arguments that are fields of the pod's spec, by their names in its manifest."""
_CONTAINER_FIELDS = {
    "container_security_context": "securityContext",
    "termination_message_policy": "terminationMessagePolicy",
}
CLUSTER = {
    "kubernetes_conn_id": "which cluster runs the container is a setting of the platform",
    "in_cluster": "which cluster runs the container is a setting of the platform",
    "config_file": "which cluster runs the container is a setting of the platform",
    "cluster_context": "which cluster runs the container is a setting of the platform",
}
_FILES = {"pod_template_file": "put the file into the emitted project, at this path below it"}
_REFERENCE = "V1LocalObjectReference"
_LOGS = (
    "get_logs",
    "log_events_on_failure",
    "log_pod_spec_on_failure",
    "logging_interval",
    "container_name_log_prefix_enabled",
)
_WAITING = (
    "deferrable",
    "poll_interval",
    "startup_check_interval_seconds",
    "xcom_push",
)
_DEFAULTS = {
    "hostnetwork": False,
    "termination_message_policy": "File",
    "container_logs": "base",
    "random_name_suffix": True,
    "base_container_name": "base",
    "reattach_on_restart": True,
}
"""Airflow's defaults, which are the step's as well."""
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


def run_container(
    task: TaskReader, to: Lowering, image: Argument | None, mode: Container
) -> StepCall:
    """The call of `run_container`: the same image, command, environment and pod.

    `image` is None where a pod template has it.
    """
    take_not_needed(task)
    platform_settings(task, to, {**CLUSTER, **_FILES})
    same_as_default(task, callbacks=[])
    if image is not None and isinstance(image.value, str) and "{{" not in image.value:
        to.settings.image(image.value, image.span, mode.command)
    kwargs = {
        **_unchanged(task, to),
        **environment(task, to),
        **_objects(task, to),
        **_manifest_fields(task, to),
        **_log_containers(task, to),
        **_legacy_resources(task, to),
        **_pull_secrets(task, to),
        **_result(task, to),
        **_on_finish(task, to),
        **skip_codes(task, to),
    }
    images = [] if image is None else [to.expr(image)]
    return step("run_container", task, *images, kwargs=kwargs)


def may_skip(task: TaskReader) -> str | None:
    """Why the container can skip its task: it names exit codes that do."""
    argument = _skip_argument(task)
    return None if argument is None or argument.value in ([], ()) else "an exit code skips the task"


def skip_codes(task: TaskReader, to: Lowering) -> dict[str, Expr]:
    """The exit codes that skip the task, reported where the pipeline knows no skipped state."""
    argument = _skip_argument(task)
    if argument is None or may_skip(task) is None:
        return {}
    if not to.mode.dynamic:
        detail = f"exit code {argument.value} skips the task in Airflow; the step fails"
        report_once(to, about("D2Z203", argument, detail, task_id=task.task_id))
    value = argument.value
    several = isinstance(value, (tuple, set, frozenset))
    return {"skip_on_exit_code": to.literal(sorted(value)) if several else to.expr(argument)}


def _skip_argument(task: TaskReader) -> Argument | None:
    """The argument, by the name that it had before or now."""
    return given(task, "skip_exit_code") or given(task, "skip_on_exit_code")


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


def _unchanged(task: TaskReader, to: Lowering) -> dict[str, Expr]:
    arguments = ((parameter, _differing(task, name)) for name, parameter in _UNCHANGED.items())
    return {parameter: to.expr(found) for parameter, found in arguments if found is not None}


def _differing(task: TaskReader, name: str) -> Argument | None:
    """The argument, None where it was not given or says what Airflow does anyway."""
    argument = given(task, name)
    if argument is None or (name in _DEFAULTS and argument.value == _DEFAULTS[name]):
        return None
    return argument


def _manifest_fields(task: TaskReader, to: Lowering) -> dict[str, Expr]:
    """What has no parameter of its own: fields of the pod's spec and of its container."""
    groups = {"pod_spec": _POD_FIELDS, "container_spec": _CONTAINER_FIELDS}
    found = {parameter: _fields_of(task, to, names) for parameter, names in groups.items()}
    return {parameter: dict_of(fields) for parameter, fields in found.items() if fields}


def _fields_of(task: TaskReader, to: Lowering, names: Mapping[str, str]) -> dict[str, Expr]:
    arguments = ((field, _differing(task, name)) for name, field in names.items())
    return {
        field: as_data(to, argument.value, argument.source)
        for field, argument in arguments
        if argument is not None and argument.value not in ([], {}, (), "")
    }


def _log_containers(task: TaskReader, to: Lowering) -> dict[str, Expr]:
    """The containers whose output is part of the log: one, several, or all of them."""
    argument = _differing(task, "container_logs")
    if argument is None:
        return {}
    value = argument.value
    if value is True:
        return {"log_containers": to.literal("all")}
    names = [value] if isinstance(value, str) else value
    if not isinstance(names, (list, tuple)) or not all(isinstance(name, str) for name in names):
        raise refused(task, argument, "container_logs is not known from the file")
    return {"log_containers": to.literal(list(names))}


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
