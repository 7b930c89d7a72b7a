"""The manifest of the pod that runs a container.

Source: `airflow.providers.cncf.kubernetes.operators.pod.KubernetesPodOperator.build_pod_request_obj`.
"""

from __future__ import annotations

import copy
import secrets
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from runtime.platforms.kubernetes.labels import MANAGED_BY, REQUEST, identity_labels, pod_name
from runtime.platforms.kubernetes.schema import check_manifest
from runtime.platforms.kubernetes.template import Manifest, lay_over, read_template
from runtime.platforms.kubernetes.xcom import with_xcom

if TYPE_CHECKING:
    from runtime.platforms.kubernetes.settings import KubernetesSettings
    from runtime.platforms.spec import ContainerSpec, JobIdentity


def pod_manifest(
    spec: ContainerSpec, identity: JobIdentity | None, settings: KubernetesSettings
) -> Manifest:
    """Make the pod's manifest: templates under the spec's own fields, then secrets and XCom.

    Raises `PlatformConfigError` for a manifest with a field or a type that Kubernetes lacks.
    """
    pod = _own(spec)
    for base in (spec.full_pod_spec, _template(spec), settings.pod_template):
        pod = lay_over(base, pod) if base else pod
    pod = copy.deepcopy(pod)
    container = _container_of(pod)
    metadata = pod["metadata"]
    named = metadata.get("name") or "job"
    metadata["name"] = pod_name(named, random_suffix=spec.random_name_suffix)
    metadata["labels"] = {
        **(metadata.get("labels") or {}),
        **({} if identity is None else identity_labels(identity)),
        **MANAGED_BY,
    }
    metadata["annotations"] = {
        **(metadata.get("annotations") or {}),
        REQUEST: secrets.token_hex(8),
    }
    metadata.setdefault("namespace", settings.namespace)
    for number, secret in enumerate(spec.secrets):
        _attach(secret, pod["spec"], container, number)
    if spec.returns_value:
        with_xcom(pod["spec"], container, settings)
    check_manifest(pod, "V1Pod")
    return pod


def _own(spec: ContainerSpec) -> Manifest:
    """What the spec says itself, without what it leaves empty."""
    container = {
        "name": spec.container_name,
        "image": spec.image,
        "command": spec.command,
        "args": spec.arguments,
        "workingDir": spec.working_dir,
        "env": [{"name": key, "value": value} for key, value in spec.env.items()]
        + spec.env_sources,
        "envFrom": spec.env_from,
        "resources": spec.resources,
        "volumeMounts": spec.volume_mounts,
        "ports": spec.ports,
        "imagePullPolicy": spec.image_pull_policy,
        **spec.container_spec,
    }
    pod_spec = {
        "containers": [_said(container)],
        "volumes": spec.volumes,
        "serviceAccountName": spec.service_account,
        "imagePullSecrets": [{"name": name} for name in spec.image_pull_secrets],
        "nodeSelector": spec.node_selector,
        "tolerations": spec.tolerations,
        "affinity": spec.affinity,
        "restartPolicy": "Never",
        **spec.pod_spec,
    }
    metadata = {
        "name": spec.name,
        "namespace": spec.namespace,
        "labels": spec.labels,
        "annotations": spec.annotations,
    }
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": _said(metadata),
        "spec": _said(pod_spec),
    }


def _template(spec: ContainerSpec) -> Manifest:
    return read_template(spec.pod_template_file) if spec.pod_template_file else spec.pod_template


def _container_of(pod: Manifest) -> Manifest:
    """The container that does the work: the first one, as with Airflow's XCom and secrets."""
    container: Manifest = pod["spec"]["containers"][0]
    return container


def _said(fields: Mapping[str, Any]) -> Manifest:
    return {key: value for key, value in fields.items() if value not in (None, "", [], {})}


def _attach(
    secret: Mapping[str, Any], pod_spec: Manifest, container: Manifest, number: int
) -> None:
    """Give the container a secret. Source: `airflow.providers.cncf.kubernetes.secret.Secret`."""
    name, target, key = secret.get("secret"), secret.get("deploy_target"), secret.get("key")
    if secret.get("deploy_type") == "volume":
        volume = f"secret-{number}"
        source = {"secretName": name, **_said({"items": secret.get("items")})}
        pod_spec.setdefault("volumes", []).append({"name": volume, "secret": source})
        mount = {"name": volume, "mountPath": target, "readOnly": True}
        container.setdefault("volumeMounts", []).append(mount)
    elif key is None:
        container.setdefault("envFrom", []).append({"secretRef": {"name": name}})
    else:
        reference = {"secretKeyRef": {"name": name, "key": key}}
        container.setdefault("env", []).append({"name": target, "valueFrom": reference})
