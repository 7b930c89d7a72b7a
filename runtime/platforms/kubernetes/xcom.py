"""The value that a container leaves in /airflow/xcom/return.json.

Source: `airflow.providers.cncf.kubernetes.utils.xcom_sidecar` and `PodManager.extract_xcom`.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from pydantic import JsonValue

from runtime.exceptions import PlatformError
from runtime.platforms.kubernetes.template import Manifest

if TYPE_CHECKING:
    from runtime.platforms.kubernetes.settings import KubernetesSettings

SIDECAR = "airflow-xcom-sidecar"
FOLDER = "/airflow/xcom"
FILE = f"{FOLDER}/return.json"
MESSAGE_BYTES = 4096
"""What Kubernetes keeps of a termination message:
https://kubernetes.io/docs/tasks/debug/debug-application/determine-reason-pod-failure/
"""
_WAIT = 'trap "exit 0" INT TERM; while true; do sleep 1; done;'
# In base64, because the client decodes each piece of the answer by itself, which breaks characters.
READ = ["sh", "-c", f"if [ -s {FILE} ]; then base64 {FILE}; fi"]
END = ["sh", "-c", "kill -s INT 1"]


def with_xcom(pod_spec: Manifest, container: Manifest, settings: KubernetesSettings) -> None:
    """Add what keeps the value until it is read: a side car, or the termination message."""
    if settings.xcom == "termination_message":
        container["terminationMessagePath"] = FILE
        container["terminationMessagePolicy"] = "File"
        return
    mount = {"name": "xcom", "mountPath": FOLDER}
    pod_spec.setdefault("volumes", []).insert(0, {"name": "xcom", "emptyDir": {}})
    container.setdefault("volumeMounts", []).insert(0, mount)
    pod_spec["containers"].append(
        {
            "name": SIDECAR,
            "image": settings.xcom_image,
            "command": ["sh", "-c", _WAIT],
            "volumeMounts": [mount],
            "resources": settings.xcom_resources,
        }
    )


def parse_value(text: str) -> JsonValue:
    """Read the value; a file that is empty or missing is None, as in Airflow.

    Raises `PlatformError` for what is not JSON.
    """
    if not text.strip():
        return None
    try:
        value: JsonValue = json.loads(text)
    except ValueError as error:
        if len(text.encode()) >= MESSAGE_BYTES:
            raise PlatformError(
                f"The container's value is longer than the {MESSAGE_BYTES} bytes that a termination "
                "message holds. Set `platform.config.xcom: sidecar`, or return less."
            ) from error
        raise PlatformError(
            f"What the container wrote to {FILE} is not JSON: {error}. Write JSON, or nothing."
        ) from error
    return value
