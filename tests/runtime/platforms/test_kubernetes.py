"""Containers as pods: the official client over HTTP against a server of our own."""

from __future__ import annotations

import json
import logging
import os
import signal
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from runtime.config import PlatformConfig
from runtime.exceptions import PlatformError, TaskTimeoutError
from runtime.platforms import BasePlatform, ContainerSpec, JobIdentity, create_platform
from runtime.platforms.errors import (
    PlatformConfigError,
    PlatformConnectionError,
    PlatformRefusedError,
    StartupTimeoutError,
    UnsupportedOperationError,
    WorkloadNotFoundError,
)
from runtime.platforms.kubernetes.labels import selector
from runtime.platforms.spec import ModelService
from runtime.termination import Terminated, ended_by_sigterm
from tests.runtime.platforms.fake_cluster import FakeCluster, Script, fake_cluster

Make = Callable[..., BasePlatform]
IDENTITY = JobIdentity(
    dag_id="ltv", task_id="load.it", run_id="scheduled__2024-01-02T02:00:00+00:00"
)
SPEC = ContainerSpec(image="acme/x:1", name="load_it")


@pytest.fixture
def cluster() -> Iterator[FakeCluster]:
    with fake_cluster() as found:
        yield found


@pytest.fixture
def make(cluster: FakeCluster, tmp_path: Path) -> Make:
    file = tmp_path / "kubeconfig"
    file.write_text(json.dumps(cluster.kubeconfig()), encoding="utf-8")

    def platform(**config: Any) -> BasePlatform:
        settings = {
            "config_file": str(file),
            "namespace": "ml",
            "poll_interval_seconds": 0.01,
            "attempts": 2,
            **config,
        }
        return create_platform(PlatformConfig(type="kubernetes", config=settings))

    return platform


def spec(**fields: Any) -> ContainerSpec:
    return ContainerSpec.model_validate({"image": "acme/x:1", "name": "load_it", **fields})


def test_runs_a_pod_and_streams_its_log(
    cluster: FakeCluster, make: Make, caplog: pytest.LogCaptureFixture
) -> None:
    cluster.scripts = [Script(lines=["one", "  two", "", "Grüße"], pending_reads=2)]
    with caplog.at_level(logging.INFO, "runtime.platforms"):
        result = make().run_job(SPEC, IDENTITY)
    assert (result.exit_code, result.last_line, result.value) == (0, "Grüße", None)
    lines = [record.getMessage() for record in caplog.records]
    assert [line for line in lines if "pod" not in line] == ["one", "  two", "", "Grüße"]
    assert len(cluster.deleted) == 1 and not cluster.pods
    assert cluster.deleted[0].startswith("load-it-")


def test_a_lost_connection_neither_loses_nor_doubles_lines(
    cluster: FakeCluster, make: Make, caplog: pytest.LogCaptureFixture
) -> None:
    texts = [f"line {at // 3}" for at in range(12)]
    cluster.scripts = [Script(lines=texts, cuts=[5, 0, 4])]
    with caplog.at_level(logging.INFO, "runtime.platforms"):
        make().run_job(SPEC)
    lines = [record.getMessage() for record in caplog.records]
    assert [line for line in lines if line.startswith("line")] == texts
    assert cluster.requests.count("GET pods/log") >= 4


def test_the_api_is_asked_again(cluster: FakeCluster, make: Make) -> None:
    cluster.failures = [("POST pods", 503), ("GET pods", 0), ("GET pods/log", 500)]
    assert make().run_job(SPEC).exit_code == 0


def test_a_log_that_cannot_be_read_at_first(
    cluster: FakeCluster, make: Make, caplog: pytest.LogCaptureFixture
) -> None:
    cluster.scripts = [Script(lines=["one"], cuts=[0])]
    cluster.failures = [("GET pods/log", 418)]
    with caplog.at_level(logging.INFO, "runtime.platforms"):
        assert make().run_job(SPEC).last_line == "one"
    assert "cannot be read yet" in caplog.text


def test_a_create_whose_answer_was_lost_makes_one_pod(cluster: FakeCluster, make: Make) -> None:
    cluster.failures = [("POST pods", -1)]
    assert make().run_job(SPEC, IDENTITY).exit_code == 0
    assert cluster.requests.count("POST pods") == 2
    assert len(cluster.deleted) == 1


def test_a_taken_name_is_an_error(cluster: FakeCluster, make: Make) -> None:
    cluster.add(
        "ml", {"metadata": {"name": "load-it"}, "spec": {"containers": [{"name": "a"}]}}, Script()
    )
    with pytest.raises(PlatformError, match="is a pod load-it already.*random suffix"):
        make().run_job(spec(random_name_suffix=False))


def test_what_the_cluster_forbids(cluster: FakeCluster, make: Make) -> None:
    cluster.failures = [("POST pods", 403)]
    with pytest.raises(PlatformRefusedError, match=r"create the pod .*403.*as the test.*a Role"):
        make().run_job(SPEC)


def test_what_the_cluster_refuses(cluster: FakeCluster, make: Make) -> None:
    with pytest.raises(PlatformError, match=r"not accept.*422.*Not found: 'data'.*Correct"):
        make().run_job(spec(volume_mounts=[{"name": "data", "mountPath": "/d"}]))


def test_a_cluster_that_is_away_leaves_the_pod(cluster: FakeCluster, make: Make) -> None:
    cluster.failures = [("GET pods", 0)] * 9
    with pytest.raises(PlatformConnectionError, match="could not read the pod.*asked 2 times"):
        make().run_job(SPEC)
    assert len(cluster.pods) == 1


def test_credentials_that_ran_out(cluster: FakeCluster, make: Make) -> None:
    cluster.failures = [("POST pods", 401)]
    with pytest.raises(PlatformConnectionError, match="not accept the credentials"):
        make().run_job(SPEC)


@pytest.mark.parametrize(
    ("script", "code", "message"),
    [
        (Script(lines=["x"], exit_code=3), 3, ""),
        (Script(exit_code=137, reason="OOMKilled"), 137, "OOMKilled"),
        (Script(evicted="low on memory"), 255, "Evicted: low on memory"),
        (Script(init_exit_code=4), 255, "the init container prepare ended with exit code 4"),
    ],
)
def test_failures_are_results(
    script: Script, code: int, message: str, cluster: FakeCluster, make: Make
) -> None:
    cluster.scripts = [script]
    result = make().run_job(spec(on_finish_action="delete_succeeded_pod"))
    assert (result.exit_code, result.message) == (code, message)
    assert cluster.deleted == [] and len(cluster.checked) == 1
    assert "GET events" in cluster.requests


def test_events_that_we_may_not_read(cluster: FakeCluster, make: Make) -> None:
    cluster.scripts = [Script(exit_code=1)]
    cluster.failures = [("GET events", 403)]
    assert make().run_job(SPEC).exit_code == 1


@pytest.mark.parametrize(
    ("script", "message"),
    [
        (Script(waiting=("ImagePullBackOff", "no such image")), "ImagePullBackOff: no such image"),
        (Script(unschedulable="0/3 nodes are available"), "Unschedulable: 0/3 nodes"),
        (Script(pending_reads=10_000), r"within 0\.1 s\. Correct"),
    ],
)
def test_a_pod_that_never_starts(
    script: Script, message: str, cluster: FakeCluster, make: Make
) -> None:
    cluster.scripts = [script]
    with pytest.raises(StartupTimeoutError, match=message):
        make().run_job(spec(startup_timeout_seconds=0.1))
    assert len(cluster.deleted) == 1


def test_an_image_name_that_time_does_not_mend(cluster: FakeCluster, make: Make) -> None:
    cluster.scripts = [Script(waiting=("InvalidImageName", "a b"))]
    with pytest.raises(PlatformError, match="cannot start: InvalidImageName: a b"):
        make().run_job(SPEC)
    assert len(cluster.deleted) == 1


def test_a_timeout_deletes_the_pod(cluster: FakeCluster, make: Make) -> None:
    cluster.scripts = [Script(lines=["x"], hangs=True)]
    with pytest.raises(TaskTimeoutError, match="was deleted: it ran longer.*0.5 s"):
        make().run_job(
            spec(timeout_seconds=0.5, on_finish_action="keep_pod", termination_grace_seconds=7)
        )
    assert len(cluster.deleted) == 1
    assert cluster.queries[cluster.requests.index("DELETE pods")] == {"gracePeriodSeconds": "7"}


def test_sigterm_deletes_the_pod(cluster: FakeCluster, make: Make) -> None:
    cluster.scripts = [Script(lines=["x"], hangs=True)]
    platform = make()

    def terminate() -> None:
        while "GET pods/log" not in cluster.requests:
            threading.Event().wait(0.02)
        os.kill(os.getpid(), signal.SIGTERM)

    with ended_by_sigterm(), pytest.raises(Terminated):
        threading.Thread(target=terminate).start()
        platform.run_job(SPEC)
    assert len(cluster.deleted) == 1


def test_a_pod_deleted_by_somebody_else(cluster: FakeCluster, make: Make) -> None:
    cluster.scripts = [Script(lines=["x"])]
    cluster.failures = [("GET pods/log", 404)]
    platform = make()
    cluster.failures += [("GET pods", 404)]
    with pytest.raises(WorkloadNotFoundError, match="it was deleted"):
        platform.run_job(SPEC)


@pytest.mark.parametrize("action", ["delete_pod", "delete_succeeded_pod"])
def test_a_succeeded_pod_is_deleted(action: str, cluster: FakeCluster, make: Make) -> None:
    make().run_job(spec(on_finish_action=action))
    assert len(cluster.deleted) == 1


def test_a_kept_pod_is_not_taken_over(cluster: FakeCluster, make: Make) -> None:
    kept = spec(on_finish_action="keep_pod")
    platform = make()
    platform.run_job(kept, IDENTITY)
    platform.run_job(kept, IDENTITY)
    assert len(cluster.pods) == 2 and cluster.deleted == []


def dies_after_create(cluster: FakeCluster, make: Make) -> str:
    from runtime.platforms.kubernetes.cluster import Cluster
    from runtime.platforms.kubernetes.pod import pod_manifest
    from runtime.platforms.kubernetes.pods import Pods

    platform: Any = make()
    manifest = pod_manifest(SPEC, IDENTITY, platform._settings)
    Pods(Cluster(platform._settings), "ml").create(manifest)
    return str(manifest["metadata"]["name"])


def test_reattach_follows_the_same_pod(cluster: FakeCluster, make: Make) -> None:
    cluster.scripts = [Script(lines=["still here"])]
    name = dies_after_create(cluster, make)
    result = make().run_job(SPEC, IDENTITY.model_copy(update={"try_number": 2}))
    assert (result.last_line, cluster.deleted) == ("still here", [name])
    assert cluster.requests.count("POST pods") == 1


def test_another_task_is_not_taken_over(cluster: FakeCluster, make: Make) -> None:
    dies_after_create(cluster, make)
    make().run_job(SPEC, IDENTITY.model_copy(update={"map_index": 0}))
    make().run_job(SPEC, IDENTITY.model_copy(update={"run_id": "other"}))
    make().run_job(SPEC)
    assert cluster.requests.count("POST pods") == 4 and len(cluster.pods) == 1


def test_without_reattach_the_old_pod_goes(cluster: FakeCluster, make: Make) -> None:
    name = dies_after_create(cluster, make)
    make().run_job(spec(reattach=False), IDENTITY)
    assert cluster.deleted[0] == name and cluster.checked == [name]
    assert cluster.requests.count("POST pods") == 2


def test_two_pods_of_one_task(cluster: FakeCluster, make: Make) -> None:
    names = sorted([dies_after_create(cluster, make), dies_after_create(cluster, make)])
    with pytest.raises(PlatformError, match=f"More than one.*{names[0]}, {names[1]}"):
        make().run_job(SPEC, IDENTITY)
    assert cluster.deleted == []


VALUE = {"rows": 3, "name": "Zoë " * 40}


@pytest.mark.parametrize("xcom", ["sidecar", "termination_message"])
def test_the_value_of_a_container(xcom: str, cluster: FakeCluster, make: Make) -> None:
    value = json.dumps(VALUE, ensure_ascii=False).encode()
    cluster.scripts = [Script(lines=["x"], value=value), Script(), Script(exit_code=1, value=value)]
    platform, wanted = make(xcom=xcom), spec(returns_value=True)
    assert platform.run_job(wanted).value == VALUE
    assert platform.run_job(wanted).value is None
    failed = platform.run_job(wanted)
    assert (failed.exit_code, failed.value) == (1, None)


def test_exec_is_tried_again(cluster: FakeCluster, make: Make, monkeypatch: Any) -> None:
    monkeypatch.setattr("runtime.platforms.kubernetes.exec._DELAY_SECONDS", 0.01)
    cluster.scripts = [Script(value=b"[1]", exec_cuts=2), Script(value=b"[1]", exec_cuts=9)]
    platform, wanted = make(), spec(returns_value=True)
    assert platform.run_job(wanted).value == [1]
    with pytest.raises(
        PlatformError, match="cannot be read from its side car.*termination_message"
    ):
        platform.run_job(wanted)


def test_exec_that_is_forbidden(cluster: FakeCluster, make: Make) -> None:
    cluster.scripts = [Script(value=b"[1]", exec_status=403)]
    with pytest.raises(PlatformRefusedError, match="pods/exec"):
        make().run_job(spec(returns_value=True))
    assert len(cluster.deleted) == 1
    cluster.scripts = [Script(exit_code=3, exec_status=403)]
    assert make().run_job(spec(returns_value=True)).exit_code == 3


def test_side_cars_that_cannot_answer(cluster: FakeCluster, make: Make, monkeypatch: Any) -> None:
    monkeypatch.setattr("runtime.platforms.kubernetes.exec._DELAY_SECONDS", 0.01)
    cluster.scripts = [Script(exec_says=b"sh: base64: not found"), Script(exec_code=127)]
    platform, wanted = make(), spec(returns_value=True)
    with pytest.raises(PlatformError, match="gave no base64. Its image needs sh and base64"):
        platform.run_job(wanted)
    with pytest.raises(PlatformError, match="the command ended with 127"):
        platform.run_job(wanted)


def test_a_silent_log_is_opened_again(cluster: FakeCluster, make: Make) -> None:
    for seconds in (1, 5, 25):  # A busy machine may not open it again within the first.
        cluster.scripts = [Script(lines=["x"], hangs=True, noise=True)]
        cluster.requests.clear()
        with pytest.raises(TaskTimeoutError):
            make(log_read_timeout_seconds=0.1).run_job(spec(timeout_seconds=seconds))
        if cluster.requests.count("GET pods/log") > 1:
            break
    assert cluster.requests.count("GET pods/log") > 1


@pytest.mark.parametrize(
    ("request_", "action", "message"),
    [
        ("GET pods", "delete_pod", "could not list pods .418."),
        ("GET  pods", "delete_pod", "could not read the pod load-it-.* .418."),
        ("DELETE pods", "delete_pod", "could not delete the pod"),
        ("PATCH pods", "keep_pod", "could not label the pod"),
    ],
)
def test_other_refusals(
    request_: str, action: str, message: str, cluster: FakeCluster, make: Make
) -> None:
    cluster.failures = [(" ".join(request_.split()), 418)]
    identity = IDENTITY if request_ == "GET pods" else None
    with pytest.raises(PlatformConnectionError, match=message):
        make().run_job(spec(on_finish_action=action), identity)


@pytest.mark.parametrize(("request_", "action"), [("DELETE", "delete_pod"), ("PATCH", "keep_pod")])
def test_a_pod_that_is_gone_at_its_end(
    request_: str, action: str, cluster: FakeCluster, make: Make
) -> None:
    cluster.failures = [(f"{request_} pods", 404)]
    assert make().run_job(spec(on_finish_action=action)).exit_code == 0


def test_values_that_are_no_json(cluster: FakeCluster, make: Make) -> None:
    cluster.scripts = [Script(value=b"{"), Script(value=json.dumps("x" * 5000).encode())]
    platform, wanted = make(xcom="termination_message"), spec(returns_value=True)
    with pytest.raises(PlatformError, match="return.json is not JSON"):
        platform.run_job(wanted)
    with pytest.raises(PlatformError, match="longer than the 4096 bytes.*sidecar"):
        platform.run_job(wanted)


def test_status_logs_and_cleanup(cluster: FakeCluster, make: Make) -> None:
    cluster.scripts = [Script(lines=["a", "b"], exit_code=2)]
    platform = make()
    platform.run_job(spec(on_finish_action="keep_pod"))
    name = str(cluster.pod.manifest["metadata"]["name"])
    assert platform.status(f"ml/{name}").state == "failed"
    assert list(platform.logs(name)) == ["a", "b"]
    platform.cleanup(name)
    platform.cleanup(name)
    with pytest.raises(WorkloadNotFoundError, match=f"no pod {name} in the namespace ml"):
        platform.status(name)
    with pytest.raises(UnsupportedOperationError, match="'kubernetes' cannot deploy.*kserve"):
        platform.deploy(ModelService(name="m"))


def test_a_pod_without_a_log_yet(cluster: FakeCluster, make: Make) -> None:
    cluster.add(
        "ml",
        {"metadata": {"name": "p"}, "spec": {"containers": [{"name": "base"}]}},
        Script(waiting=("ErrImagePull", "x")),
    )
    assert make().status("p").message == "ErrImagePull: x"
    with pytest.raises(WorkloadNotFoundError, match="has no log"):
        list(make().logs("p"))


def test_other_containers_logs(
    cluster: FakeCluster, make: Make, caplog: pytest.LogCaptureFixture
) -> None:
    cluster.scripts = [Script(lines=["x"])]
    with caplog.at_level(logging.INFO, "runtime.platforms"):
        make().run_job(
            spec(
                full_pod_spec={
                    "spec": {"containers": [{"name": "m"}, {"name": "p", "image": "p"}]}
                },
                log_containers="all",
            )
        )
    assert {"[base] x", "[p] x"} <= {record.getMessage() for record in caplog.records}


def test_no_cluster_is_configured(tmp_path: Path) -> None:
    file = tmp_path / "none"
    for config in ({"config_file": str(file)}, {"in_cluster": True}):
        platform = create_platform(PlatformConfig(type="kubernetes", config=config))
        with pytest.raises(PlatformConfigError, match="No Kubernetes cluster is configured"):
            platform.status("x")


def test_the_selector_finds_any_attempt() -> None:
    later = IDENTITY.model_copy(update={"try_number": 3})
    assert selector(IDENTITY) == selector(later)
    assert "managed-by=dag2zen" in selector(IDENTITY)
