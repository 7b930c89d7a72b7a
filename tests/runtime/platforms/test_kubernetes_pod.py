"""Manifests of pods, and what is refused before anything is sent."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from runtime.platforms import ContainerSpec, JobIdentity
from runtime.platforms.errors import PlatformConfigError
from runtime.platforms.kubernetes.labels import label_value, pod_name
from runtime.platforms.kubernetes.pod import pod_manifest
from runtime.platforms.kubernetes.settings import KubernetesSettings
from runtime.platforms.kubernetes.template import lay_over
from tests.conftest import EmittedProject
from tests.runtime.platforms.fake_cluster import problems_of

SETTINGS = KubernetesSettings()


def manifest(settings: KubernetesSettings = SETTINGS, **fields: Any) -> dict[str, Any]:
    spec = ContainerSpec.model_validate({"image": "acme/x:1", "name": "n", **fields})
    made = pod_manifest(spec, None, settings)
    assert problems_of(made) == []
    return made


def container(**fields: Any) -> dict[str, Any]:
    found: dict[str, Any] = manifest(**fields)["spec"]["containers"][0]
    return found


def test_the_least_pod() -> None:
    made = manifest()
    assert made["spec"] == {
        "containers": [{"name": "base", "image": "acme/x:1"}],
        "restartPolicy": "Never",
    }
    assert made["metadata"]["namespace"] == "default"


def test_everything_that_kubernetes_pod_operator_had() -> None:
    made = manifest(
        namespace="etl",
        command=["python"],
        arguments=["-m", "x"],
        env={"A": "1"},
        env_sources=[{"name": "IP", "valueFrom": {"fieldRef": {"fieldPath": "status.podIP"}}}],
        env_from=[{"configMapRef": {"name": "c"}}],
        secrets=[
            {"deploy_type": "env", "deploy_target": "PW", "secret": "s", "key": "k"},
            {"deploy_type": "env", "secret": "all"},
            {
                "deploy_type": "volume",
                "deploy_target": "/etc/s",
                "secret": "v",
                "items": [{"key": "k", "path": "p"}],
            },
        ],
        resources={"limits": {"memory": "2Gi", "cpu": 1}},
        labels={"team": "ds"},
        annotations={"note": "x"},
        service_account="sa",
        image_pull_policy="Always",
        image_pull_secrets=["reg"],
        node_selector={"pool": "big"},
        tolerations=[{"key": "gpu", "operator": "Exists"}],
        affinity={"nodeAffinity": {}},
        volumes=[{"name": "d", "emptyDir": {}}],
        volume_mounts=[{"name": "d", "mountPath": "/d"}],
        ports=[{"containerPort": 80}],
        working_dir="/w",
        pod_spec={
            "hostNetwork": True,
            "securityContext": {"runAsUser": 1000},
            "initContainers": [{"name": "i", "image": "busybox"}],
            "activeDeadlineSeconds": 60,
        },
        container_spec={"securityContext": {"privileged": False}},
    )
    (main,) = made["spec"]["containers"]
    assert main["command"] == ["python"] and main["args"] == ["-m", "x"]
    assert [found["name"] for found in main["env"]] == ["A", "IP", "PW"]
    assert main["env"][2]["valueFrom"] == {"secretKeyRef": {"name": "s", "key": "k"}}
    assert main["envFrom"] == [{"configMapRef": {"name": "c"}}, {"secretRef": {"name": "all"}}]
    assert [found["mountPath"] for found in main["volumeMounts"]] == ["/d", "/etc/s"]
    assert main["securityContext"] == {"privileged": False}
    spec = made["spec"]
    assert spec["volumes"][1]["secret"]["items"] == [{"key": "k", "path": "p"}]
    assert spec["hostNetwork"] is True and spec["activeDeadlineSeconds"] == 60
    assert spec["imagePullSecrets"] == [{"name": "reg"}]
    assert made["metadata"]["namespace"] == "etl"
    assert made["metadata"]["labels"]["team"] == "ds"


def test_labels_are_those_of_airflow() -> None:
    identity = JobIdentity(
        dag_id="d", task_id="g.t", run_id="manual__2024-01-02T00:00:00+00:00", map_index=2
    )
    labels = pod_manifest(ContainerSpec(image="x", name="n"), identity, SETTINGS)["metadata"][
        "labels"
    ]
    assert labels == {
        "dag_id": "d",
        "task_id": "g.t",
        "run_id": "manual__2024-01-02T0000000000-d19a8be34",
        "map_index": "2",
        "try_number": "1",
        "app.kubernetes.io/managed-by": "dag2zen",
    }


@pytest.mark.parametrize(
    ("name", "expected"),
    [("Load_It", "load-it"), ("__", "job"), ("x" * 80, "x" * 63), ("é.b", "b")],
)
def test_names(name: str, expected: str) -> None:
    assert pod_name(name, random_suffix=False) == expected
    random = pod_name(name, random_suffix=True)
    assert len(random) <= 63 and random.startswith(expected[:50]) and random != expected


def test_label_values_are_valid_and_differ() -> None:
    assert label_value("plain.value_1") == "plain.value_1"
    assert label_value("a b") != label_value("ab")
    assert len(label_value("x" * 99)) == 63


def test_templates_lie_under_the_arguments(emitted_project: EmittedProject) -> None:
    emitted_project.write(
        "templates/pod.yaml",
        "metadata: {name: t, labels: {a: t, b: t}}\n"
        "spec:\n"
        "  serviceAccountName: t\n"
        "  containers:\n"
        "  - {name: t, image: t, env: [{name: T, value: t}]}\n"
        "  - {name: proxy, image: proxy}\n"
        "  volumes: [{name: t, emptyDir: {}}]\n",
    )
    made = manifest(
        image="",
        name="",
        pod_template_file="templates/pod.yaml",
        full_pod_spec={"metadata": {"labels": {"b": "f"}}, "spec": {"nodeName": "f"}},
        env={"A": "1"},
        volumes=[{"name": "own", "emptyDir": {}}],
    )
    main, proxy = made["spec"]["containers"]
    assert (main["name"], main["image"], proxy["name"]) == ("base", "t", "proxy")
    assert [found["name"] for found in main["env"]] == ["T", "A"]
    assert [found["name"] for found in made["spec"]["volumes"]] == ["t", "own"]
    assert made["spec"]["serviceAccountName"] == "t" and made["spec"]["nodeName"] == "f"
    assert made["metadata"]["labels"]["a"] == "t" and made["metadata"]["labels"]["b"] == "f"
    assert made["metadata"]["name"].startswith("t-")


def test_a_template_for_all_pods() -> None:
    settings = KubernetesSettings(pod_template={"spec": {"priorityClassName": "batch"}})
    assert manifest(settings)["spec"]["priorityClassName"] == "batch"
    assert settings.pod_template == {"spec": {"priorityClassName": "batch"}}


@pytest.mark.parametrize("text", [None, "- a", "a: [", b"\xff"])
def test_templates_that_cannot_be_read(
    text: str | bytes | None, emitted_project: EmittedProject
) -> None:
    path = emitted_project.write("t.yaml", "")
    path.unlink()
    if text is not None:
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(PlatformConfigError, match=r"pod template 't\.yaml'"):
        manifest(pod_template_file="t.yaml")


def test_an_absolute_template(tmp_path: Path) -> None:
    file = tmp_path / "t.yaml"
    file.write_text("spec: {nodeName: n}", encoding="utf-8")
    assert manifest(pod_template_file=str(file))["spec"]["nodeName"] == "n"


def test_the_sidecar_comes_last_and_shares_a_folder() -> None:
    made = manifest(returns_value=True, volumes=[{"name": "d", "emptyDir": {}}])
    main, sidecar = made["spec"]["containers"]
    assert sidecar["name"] == "airflow-xcom-sidecar"
    assert main["volumeMounts"] == sidecar["volumeMounts"]
    assert [found["name"] for found in made["spec"]["volumes"]] == ["xcom", "d"]


def test_nothing_of_the_spec_changes() -> None:
    spec = ContainerSpec(
        image="x",
        name="n",
        volumes=[{"name": "d", "emptyDir": {}}],
        pod_spec={"securityContext": {}},
        secrets=[{"deploy_type": "volume", "deploy_target": "/s", "secret": "s"}],
        returns_value=True,
    )
    before = spec.model_dump()
    pod_manifest(spec, None, SETTINGS)
    assert spec.model_dump() == before


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        (
            {"pod_spec": {"hostNetwrk": True}},
            "spec.hostNetwrk is unknown, did you mean hostNetwork",
        ),
        ({"pod_spec": {"hostNetwork": "yes"}}, "spec.hostNetwork must be bool, not str"),
        ({"tolerations": [{"key": 3}]}, r"spec.tolerations\[0\].key must be str, not int"),
        ({"volumes": [{"emptyDir": {}}]}, r"spec.volumes\[0\].name is missing"),
        ({"resources": {"limit": {}}}, "resources.limit is unknown, did you mean limits"),
        ({"resources": {"limits": {"cpu": True}}}, "limits.cpu must be quantity, not bool"),
        ({"container_spec": {"securityContext": 3}}, "securityContext must be a mapping"),
        ({"pod_spec": {"initContainers": {"a": "b"}}}, "spec.initContainers must be a list"),
        ({"pod_spec": {"nodeSelector": ["a"]}}, "spec.nodeSelector must be a mapping"),
        ({"pod_spec": {"zzz": 1}}, "spec.zzz is unknown"),
    ],
)
def test_manifests_that_kubernetes_would_not_take(fields: Any, message: str) -> None:
    with pytest.raises(PlatformConfigError, match=f"not a valid Pod: .*{message}"):
        manifest(**fields)


def test_empty_fields_say_nothing() -> None:
    base = {"metadata": {"labels": {"a": "b"}}, "spec": {"containers": [{"name": "x"}]}}
    assert lay_over(base, {"metadata": {"labels": {}}, "spec": {"containers": []}}) == base
