"""How a pod and its containers are, read from its status."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from runtime.platforms.spec import State

FINAL = ("Succeeded", "Failed")
HOPELESS = ("InvalidImageName", "ErrImageNeverPull")
"""Reasons of waiting that time does not mend."""
STATES: Mapping[str, State] = {
    "Pending": "pending",
    "Running": "running",
    "Succeeded": "succeeded",
    "Failed": "failed",
}

Pod = Mapping[str, Any]


def phase(pod: Pod) -> str:
    """Give the pod's phase: Pending, Running, Succeeded, Failed or Unknown."""
    return str((pod.get("status") or {}).get("phase", "Pending"))


def container_state(pod: Pod, name: str) -> Mapping[str, Any]:
    """Give the state of a container, as `{"terminated": {"exitCode": 0}}`; empty before it has one."""
    found = _status_of(pod, name).get("state") or {}
    return dict(found)


def has_started(pod: Pod, name: str) -> bool:
    """Whether the container runs or has run, or the pod is over without it."""
    state = container_state(pod, name)
    return "running" in state or "terminated" in state or phase(pod) in FINAL


def is_over(pod: Pod, name: str) -> bool:
    """Whether the container has ended, or the pod has without it."""
    return "terminated" in container_state(pod, name) or phase(pod) in FINAL


def exit_code(pod: Pod, name: str) -> int | None:
    """Give the container's exit code, None where the cluster does not know it."""
    code = (container_state(pod, name).get("terminated") or {}).get("exitCode")
    return None if code is None else int(code)


def termination_message(pod: Pod, name: str) -> str:
    """Give what the container left as its termination message."""
    return str((container_state(pod, name).get("terminated") or {}).get("message") or "")


def waiting_reason(pod: Pod) -> tuple[str, str]:
    """Give why the pod does not start: reason and message of a container, or of the scheduler."""
    status = pod.get("status") or {}
    for container in (
        *(status.get("initContainerStatuses") or []),
        *(status.get("containerStatuses") or []),
    ):
        waiting = (container.get("state") or {}).get("waiting") or {}
        if waiting.get("reason") not in (None, "ContainerCreating", "PodInitializing"):
            return str(waiting["reason"]), str(waiting.get("message") or "")
    for condition in status.get("conditions") or []:
        if condition.get("type") == "PodScheduled" and condition.get("status") == "False":
            return str(condition.get("reason")), str(condition.get("message") or "")
    return "", ""


def failure(pod: Pod, name: str) -> str:
    """Give what the cluster says about a failure: `OOMKilled`, `Evicted: The node was low on …`."""
    status = pod.get("status") or {}
    if status.get("reason"):
        return _joined(status["reason"], status.get("message"))
    for container in (
        _status_of(pod, name),
        *(status.get("initContainerStatuses") or []),
    ):
        ended = (container.get("state") or {}).get("terminated") or {}
        if ended.get("exitCode") not in (None, 0) and ended.get("reason") not in (None, "Error"):
            return str(ended["reason"])
        if ended.get("exitCode") not in (None, 0) and container.get("name") != name:
            code = ended["exitCode"]
            return f"the init container {container.get('name')} ended with exit code {code}"
    return ""


def _status_of(pod: Pod, name: str) -> Mapping[str, Any]:
    statuses = (pod.get("status") or {}).get("containerStatuses") or []
    return next((found for found in statuses if found.get("name") == name), {})


def _joined(reason: object, message: object) -> str:
    return f"{reason}: {message}" if message else str(reason)
