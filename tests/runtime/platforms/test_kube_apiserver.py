"""Jobs and InferenceServices on a real kube-apiserver, whose only node is a process of the test."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml

from runtime.config import PlatformConfig
from runtime.exceptions import PlatformError, TaskTimeoutError
from runtime.platforms import (
    BasePlatform,
    ContainerSpec,
    JobIdentity,
    ModelService,
    create_platform,
)
from runtime.platforms.errors import PlatformRefusedError, WorkloadNotFoundError
from runtime.platforms.kubernetes.pod import pod_manifest
from runtime.platforms.kubernetes.settings import KubernetesSettings
from tests.runtime.platforms.kube_apiserver import (
    NAMESPACE,
    PROGRAMS,
    Cluster,
    kube_apiserver,
    program,
)
from tests.runtime.platforms.virtual_kubelet import VirtualKubelet, virtual_kubelet

_MISSING = [name for name in PROGRAMS if program(name) is None]
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        bool(_MISSING),
        reason=f"there is no {' and no '.join(_MISSING)}: name their folder by KUBEBUILDER_ASSETS",
    ),
]
CRD = os.environ.get("KSERVE_CRD")
Make = Callable[..., BasePlatform]
IDENTITY = JobIdentity(dag_id="d", task_id="t", run_id="manual__2024-01-02T00:00:00+00:00")


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with kube_apiserver(tmp_path_factory.mktemp("cluster")) as found:
        yield found


@pytest.fixture(scope="module")
def kubelet(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[VirtualKubelet]:
    with (
        cluster.client() as api,
        virtual_kubelet(api, NAMESPACE, tmp_path_factory.mktemp("node")) as found,
    ):
        yield found


@pytest.fixture
def make(cluster: Cluster) -> Make:
    def platform(kind: str = "kubernetes", **config: Any) -> BasePlatform:
        settings = {
            "config_file": str(cluster.kubeconfig),
            "namespace": NAMESPACE,
            "poll_interval_seconds": 0.05,
            **config,
        }
        return create_platform(PlatformConfig(type=kind, config=settings))

    return platform


def shell(script: str, **fields: Any) -> ContainerSpec:
    made = {"image": "acme/x:1", "name": "T_1", "command": ["sh", "-c", script], **fields}
    return ContainerSpec.model_validate(made)


def test_a_job_from_its_start_to_its_end(
    make: Make, kubelet: VirtualKubelet, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "runtime.platforms"):
        result = make().run_job(shell('echo "$A"; sleep 1; echo Grüße', env={"A": "1 2"}), IDENTITY)
    assert (result.exit_code, result.last_line) == (0, "Grüße")
    lines = [record.getMessage() for record in caplog.records]
    assert [line for line in lines if "pod" not in line] == ["1 2", "Grüße"]
    names = [pod.metadata.name for pod in kubelet.core.list_namespaced_pod(NAMESPACE).items]
    assert not [name for name in names if name.startswith("t-1-") and name not in kubelet.over]


def test_a_job_that_fails_is_kept_with_its_value_of_before(
    make: Make, kubelet: VirtualKubelet
) -> None:
    platform = make(xcom="termination_message")
    value = 'echo "{\\"rows\\": 3}" > "$MESSAGE"'
    assert platform.run_job(shell(value, returns_value=True)).value == {"rows": 3}
    kept = shell("echo why; exit 3", name="kept", random_name_suffix=False)
    kept = kept.model_copy(update={"on_finish_action": "delete_succeeded_pod"})
    result = platform.run_job(kept, IDENTITY)
    assert (result.exit_code, result.last_line) == (3, "why")
    assert platform.status("kept").state == "failed"
    assert list(platform.logs("kept")) == ["why"]
    with pytest.raises(PlatformError, match="a pod kept already in the namespace ml"):
        platform.run_job(kept, IDENTITY)
    platform.cleanup("kept")


def test_a_timeout_deletes_the_pod(make: Make, kubelet: VirtualKubelet) -> None:
    slow = shell("sleep 3", name="slow", random_name_suffix=False, timeout_seconds=1)
    with pytest.raises(TaskTimeoutError, match="slow was deleted"):
        make().run_job(slow, IDENTITY)
    platform, gone = make(), threading.Event()
    while not gone.wait(0.1):
        try:
            platform.status("slow")
        except WorkloadNotFoundError:
            gone.set()


def test_a_later_attempt_takes_the_pod_over(make: Make, kubelet: VirtualKubelet) -> None:
    left = shell("echo one; sleep 2; echo two", name="left")
    settings = KubernetesSettings(namespace=NAMESPACE)
    manifest = pod_manifest(left, IDENTITY, settings)
    kubelet.core.create_namespaced_pod(NAMESPACE, manifest)
    retry = IDENTITY.model_copy(update={"try_number": 2})
    result = make().run_job(shell("echo another", name="left"), retry)
    assert (result.exit_code, result.last_line) == (0, "two")


def test_everything_that_a_task_may_say_is_accepted(make: Make, cluster: Cluster) -> None:
    """The API server checks what no model of a client does: names, ports, selectors, mounts."""
    from kubernetes import client

    full = shell(
        "true",
        env_sources=[{"name": "IP", "valueFrom": {"fieldRef": {"fieldPath": "status.podIP"}}}],
        env_from=[{"configMapRef": {"name": "settings"}}],
        secrets=[
            {"deploy_type": "env", "deploy_target": "PW", "secret": "db", "key": "password"},
            {"deploy_type": "volume", "deploy_target": "/etc/tls", "secret": "tls"},
        ],
        resources={"requests": {"cpu": "100m"}, "limits": {"cpu": 1, "memory": "1Gi"}},
        labels={"team": "ds"},
        annotations={"note": "free text: ü"},
        image_pull_policy="Always",
        image_pull_secrets=["registry"],
        node_selector={"disk": "ssd"},
        tolerations=[{"key": "gpu", "operator": "Exists", "effect": "NoSchedule"}],
        affinity={
            "nodeAffinity": {
                "requiredDuringSchedulingIgnoredDuringExecution": {
                    "nodeSelectorTerms": [
                        {"matchExpressions": [{"key": "pool", "operator": "In", "values": ["a"]}]}
                    ]
                }
            }
        },
        volumes=[
            {"name": "data", "emptyDir": {}},
            {"name": "claim", "persistentVolumeClaim": {"claimName": "x"}},
        ],
        volume_mounts=[
            {"name": "data", "mountPath": "/data"},
            {"name": "claim", "mountPath": "/claim", "readOnly": True},
        ],
        ports=[{"name": "http", "containerPort": 8080}],
        working_dir="/data",
        pod_spec={"hostNetwork": False, "dnsPolicy": "ClusterFirst", "securityContext": {}},
        container_spec={"securityContext": {"runAsUser": 1000}},
        returns_value=True,
        termination_grace_seconds=5,
    )
    manifest = pod_manifest(full, IDENTITY, KubernetesSettings(namespace=NAMESPACE))
    with cluster.client() as api:
        core = client.CoreV1Api(api)
        made = core.create_namespaced_pod(NAMESPACE, manifest, dry_run="All")
    container = made.spec.containers[0]
    assert container.working_dir == "/data" and container.ports[0].container_port == 8080
    assert made.spec.containers[1].name == "airflow-xcom-sidecar"
    assert made.metadata.labels["run_id"].startswith("manual__2024-01-02T0000000000-")


def test_what_the_server_refuses(make: Make, cluster: Cluster) -> None:
    with pytest.raises(
        PlatformError, match=r"not accept the pod .*\(422\).*mountPath.*must be uni"
    ):
        make().run_job(
            shell(
                "true",
                volumes=[{"name": "v", "emptyDir": {}}],
                volume_mounts=[{"name": "v", "mountPath": "/x"}, {"name": "v", "mountPath": "/x"}],
            )
        )
    with pytest.raises(PlatformRefusedError, match="create the pod .*forbidden.*Role in the"):
        make(config_file=str(cluster.powerless)).run_job(shell("true"))
    with pytest.raises(WorkloadNotFoundError, match="no pod missing in the namespace ml"):
        make().status("missing")


@pytest.fixture(scope="module")
def crd(cluster: Cluster) -> Iterator[None]:
    """KServe's own definition, where KSERVE_CRD names its file."""
    from kubernetes import client

    if CRD is None:
        pytest.skip("KSERVE_CRD does not name KServe's serving.kserve.io_inferenceservices.yaml")
    document = yaml.safe_load(Path(CRD).read_text(encoding="utf-8"))
    with cluster.client() as api:
        definitions = client.ApiextensionsV1Api(api)
        definitions.create_custom_resource_definition(_without_empty_defaults(document))
        ready = threading.Event()
        while not ready.wait(0.1):
            found = definitions.read_custom_resource_definition(document["metadata"]["name"])
            conditions = {item.type: item.status for item in found.status.conditions or []}
            if conditions.get("Established") == "True":
                ready.set()
        yield


def _without_empty_defaults(document: Any) -> Any:
    """Old servers take an empty text for none, and refuse it as a default."""
    if isinstance(document, list):
        return [_without_empty_defaults(item) for item in document]
    if isinstance(document, dict):
        return {
            key: _without_empty_defaults(value)
            for key, value in document.items()
            if not (key == "default" and value == "")
        }
    return document


@pytest.mark.parametrize("mode", ["Standard", "Knative"])
def test_inference_services_under_the_official_definition(
    mode: str, make: Make, cluster: Cluster, crd: None
) -> None:
    from kubernetes import client

    platform = make("kserve", deployment_mode=mode)
    canary = {"canary_percent": 10, "min_replicas": 0} if mode == "Knative" else {}
    services = [
        ModelService(name="by-uri", model_uri="s3://models/1", env={"A": "1"}, **canary),
        ModelService(
            name="by-image",
            image="acme/server:1",
            arguments=["--x"],
            resources={"requests": {"cpu": "100m"}, "limits": {"memory": "1Gi", "cpu": 1}},
            max_replicas=3,
            service_account="models",
            labels={"team": "ds"},
        ),
    ]
    with cluster.client() as api:
        objects = client.CustomObjectsApi(api)
        at = ("serving.kserve.io", "v1beta1", NAMESPACE, "inferenceservices")
        for service in services:
            with _controller(objects, at, service.name):
                assert platform.deploy(service).url == "http://model.example.com"
            stored: Any = objects.get_namespaced_custom_object(*at, service.name)
            predictor = stored["spec"]["predictor"]
            # The server prunes what the definition lacks: all of it is still there.
            for key, value in canary.items():
                if service.name == "by-uri":
                    names = {
                        "canary_percent": "canaryTrafficPercent",
                        "min_replicas": "minReplicas",
                    }
                    assert predictor[names[key]] == value
            if service.image:
                (container,) = predictor["containers"]
                assert container["image"] == "acme/server:1" and container["args"] == ["--x"]
                assert predictor["serviceAccountName"] == "models"
            else:
                assert predictor["model"]["storageUri"] == "s3://models/1"
                assert predictor["model"]["env"] == [{"name": "A", "value": "1"}]
            assert platform.status(service.name).state == "ready"
            platform.cleanup(service.name)
            with pytest.raises(WorkloadNotFoundError):
                platform.status(service.name)


@contextmanager
def _controller(objects: Any, at: tuple[str, str, str, str], name: str) -> Iterator[None]:
    """Do what KServe's controller does in the end."""
    from kubernetes.client import ApiException

    over = threading.Event()
    conditions = [{"type": "Ready", "status": "True"}]
    body = {"status": {"url": "http://model.example.com", "conditions": conditions}}

    def make_ready() -> None:
        while not over.wait(0.1):
            try:
                objects.patch_namespaced_custom_object_status(*at, name, body)
            except ApiException as error:
                if error.status != 404:
                    raise

    thread = threading.Thread(target=make_ready)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
