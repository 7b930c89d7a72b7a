"""The labels by which a pod is found again, and names that Kubernetes accepts."""

from __future__ import annotations

import hashlib
import re
import secrets

from runtime.platforms.spec import JobIdentity

MANAGED_BY = {"app.kubernetes.io/managed-by": "dag2zen"}
"""Sets our pods apart from Airflow's, which have the same labels otherwise: both may run at a time
while a DAG moves over.
"""
CHECKED = "already_checked"
"""Marks a pod whose end was seen, so that no later attempt takes it over."""
REQUEST = "dag2zen/request"
"""Annotation with a random mark: tells the pod of our own request from another of the same name."""
MAX_LENGTH = 63
_SUFFIX_LENGTH = 8
_HASH_LENGTH = 9


def identity_labels(identity: JobIdentity) -> dict[str, str]:
    """Give Airflow's own labels of a task's pod, with the try number.

    Source: `KubernetesPodOperator._get_ti_pod_labels`.
    """
    return {**_task_labels(identity), "try_number": str(identity.try_number)}


def selector(identity: JobIdentity) -> str:
    """Give the label selector that finds the task's pod of this or an earlier attempt."""
    wanted = sorted({**_task_labels(identity), **MANAGED_BY}.items())
    return ",".join([*(f"{key}={value}" for key, value in wanted), f"{CHECKED}!=True"])


def _task_labels(identity: JobIdentity) -> dict[str, str]:
    labels = {
        "dag_id": identity.dag_id,
        "task_id": identity.task_id,
        "run_id": identity.run_id,
        **({"map_index": str(identity.map_index)} if identity.map_index >= 0 else {}),
    }
    return {key: label_value(value) for key, value in labels.items()}


def label_value(text: str) -> str:
    """Make a label value of any text: a valid one stays, others get a hash of the original.

    Source: `airflow.providers.cncf.kubernetes.pod_generator.make_safe_label_value`.
    """
    safe = re.sub(r"^[^a-z0-9A-Z]*|[^a-zA-Z0-9_\-.]|[^a-z0-9A-Z]*$", "", text)
    if len(safe) <= MAX_LENGTH and safe == text:
        return safe
    digest = hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()[:_HASH_LENGTH]
    return f"{safe[: MAX_LENGTH - _HASH_LENGTH - 1]}-{digest}"


def pod_name(name: str, *, random_suffix: bool) -> str:
    """Make a pod's name: lower case letters, digits and dashes, at most 63 characters."""
    plain = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "job"
    if not random_suffix:
        return plain[:MAX_LENGTH].rstrip("-")
    return f"{plain[: MAX_LENGTH - _SUFFIX_LENGTH - 1].rstrip('-')}-{secrets.token_hex(4)}"
