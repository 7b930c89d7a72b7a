"""`run_container` on the local platform: real processes."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from runtime.exceptions import (
    CommandFailedError,
    NotTranslatedError,
    PlatformError,
    SkipTask,
    TaskTimeoutError,
)
from runtime.platforms import ContainerSpec
from runtime.platforms.local import LocalPlatform
from runtime.steps import do_nothing, not_translated, run_container
from tests.conftest import EmittedProject
from tests.runtime.platforms.fake_cluster import Script, fake_cluster

InStep = Callable[[Callable[[], Any]], Any]
IMAGE = "registry.example.com:5000/ds/ltv:1.2"
SHOW = (
    "import json, os, sys; value = {'argv': sys.argv[1:], 'env': dict(os.environ)};"
    "json.dump(value, open(os.environ['RUNTIME_XCOM_RETURN_FILE'], 'w'))"
)


@pytest.fixture
def configured(emitted_project: EmittedProject) -> EmittedProject:
    """A project whose images are local commands."""
    images = {
        IMAGE: [sys.executable, "-c", SHOW],
        "own": ["{command}"],
        "fails": [sys.executable, "-c", "print('out of memory'); raise SystemExit(137)"],
        "sleeps": [sys.executable, "-c", "import time; time.sleep(60)"],
    }
    emitted_project.write("configs/base.yaml", json.dumps({"platform": {"images": images}}))
    return emitted_project


def test_arguments_environment_secrets_and_value(
    in_step: InStep, configured: EmittedProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DB_PASSWORD", "s3cret")
    monkeypatch.setenv("NOT_FOR_CONTAINERS", "x")
    value = in_step(
        lambda: run_container(
            IMAGE,
            command=["python", "-m", "inside"],
            arguments=["--date", "{{ ds }}", "--market={{ params.market }}"],
            env={"RUN": "{{ run_id }}"},
            secrets=[
                {"deploy_type": "env", "deploy_target": "DB_PASSWORD", "secret": "s", "key": "k"}
            ],
            resources={"requests": {"cpu": "1"}},
            labels={"tenure": "6m"},
            do_xcom_push=True,
        )
    )
    assert value["argv"] == ["--date", "2024-01-02", "--market=BE"]
    assert value["env"]["RUN"] == "scheduled__2024-01-02T02:00:00+00:00"
    assert value["env"]["DB_PASSWORD"] == "s3cret"
    assert "NOT_FOR_CONTAINERS" not in value["env"]


@pytest.mark.parametrize("codes", [137, [3, 137]])
def test_an_exit_code_may_skip(
    codes: int | list[int], in_step: InStep, configured: EmittedProject
) -> None:
    with pytest.raises(SkipTask, match="exit code 137, which means skip"):
        in_step(lambda: run_container("fails", skip_on_exit_code=codes))


def test_exit_code_fails_the_step(in_step: InStep, configured: EmittedProject) -> None:
    with pytest.raises(CommandFailedError, match="exit code 137.*'out of memory'"):
        in_step(lambda: run_container("fails", do_xcom_push=True))


def test_timeout(in_step: InStep, configured: EmittedProject) -> None:
    with pytest.raises(TaskTimeoutError, match="0.5 s"):
        in_step(lambda: run_container("sleeps", timeout_seconds=0.5))


def test_unknown_image_names_the_nearest(in_step: InStep, configured: EmittedProject) -> None:
    with pytest.raises(PlatformError, match="no command for the image 'failz'.*mean 'fails'"):
        in_step(lambda: run_container("failz"))


def test_a_pod_of_the_step(
    in_step: InStep, emitted_project: EmittedProject, tmp_path: Path
) -> None:
    with fake_cluster() as cluster:
        file = tmp_path / "kubeconfig"
        file.write_text(json.dumps(cluster.kubeconfig()), encoding="utf-8")
        config = {"config_file": str(file), "poll_interval_seconds": 0.01}
        platform = {"type": "kubernetes", "config": config}
        emitted_project.write("configs/base.yaml", json.dumps({"platform": platform}))
        cluster.scripts = [
            Script(lines=["x"], value=b"[3]"),
            Script(exit_code=137, reason="OOMKilled"),
        ]
        value = in_step(
            lambda: run_container(
                IMAGE,
                arguments=["--day", "{{ ds }}"],
                tolerations=[{"key": "{{ not a template }}"}],
                do_xcom_push=True,
                on_finish_action="keep_pod",
            )
        )
        (pod,) = cluster.pods.values()
        with pytest.raises(CommandFailedError, match=r"exit code 137 \(OOMKilled\)"):
            in_step(lambda: run_container(IMAGE))
    assert value == [3]
    labels, spec = pod.manifest["metadata"]["labels"], pod.manifest["spec"]
    assert (labels["dag_id"], labels["task_id"], labels["try_number"]) == (
        "probe-dag",
        "probe-task",
        "1",
    )
    assert spec["containers"][0]["args"] == ["--day", "2024-01-02"]
    assert spec["tolerations"] == [{"key": "{{ not a template }}"}]


@pytest.mark.parametrize(
    ("image", "found"),
    [
        ("r.example.com/a:1", "exact"),
        ("r.example.com/a:2", "name"),
        ("r.example.com/a@sha256:0", "name"),
        ("r.example.com/b/c:1", "longest"),
        ("r.example.com/z:1", "pattern"),
    ],
)
def test_images_are_found_by_name_and_pattern(image: str, found: str) -> None:
    platform = LocalPlatform(
        {
            "r.example.com/a:1": ["echo", "exact"],
            "r.example.com/a": ["echo", "name"],
            "r.example.com/*": ["echo", "pattern"],
            "r.example.com/b/*": ["echo", "longest"],
        }
    )
    assert platform.run_job(ContainerSpec(image=image)).last_line == found


def test_own_command_goes_where_the_configuration_says() -> None:
    platform = LocalPlatform({"own": ["{command}"], "prefix": ["echo", "{command}", "end"]})
    spec = ContainerSpec(image="own", command=["echo", "a"], arguments=["b"])
    assert platform.run_job(spec).last_line == "a b"
    prefixed = spec.model_copy(update={"image": "prefix"})
    assert platform.run_job(prefixed).last_line == "echo a end b"
    with pytest.raises(PlatformError, match="no local command"):
        platform.run_job(ContainerSpec(image="own"))


@pytest.mark.parametrize(
    ("secret", "message"),
    [
        ({"deploy_type": "volume", "secret": "s"}, "cannot mount the secret 's'"),
        ({"deploy_type": "env", "deploy_target": "NOT_SET_X", "secret": "s"}, "NOT_SET_X"),
    ],
)
def test_secrets_that_the_local_platform_does_not_have(secret: Any, message: str) -> None:
    with pytest.raises(PlatformError, match=message):
        LocalPlatform({"x": ["true"]}).run_job(ContainerSpec(image="x", secrets=[secret]))


def test_value_that_is_missing_or_no_json() -> None:
    write = 'printf %s "$1" > "$RUNTIME_XCOM_RETURN_FILE"'
    platform = LocalPlatform({"silent": ["true"], "writes": ["sh", "-c", write, "sh"]})
    with pytest.raises(PlatformError, match="wrote none"):
        platform.run_job(ContainerSpec(image="silent", returns_value=True))
    spec = ContainerSpec(image="writes", arguments=["[1]"], returns_value=True)
    assert platform.run_job(spec).value == [1]
    with pytest.raises(PlatformError, match="is not JSON"):
        platform.run_job(spec.model_copy(update={"arguments": ["{"]}))


def test_environment_is_not_shown() -> None:
    assert "s3cret" not in repr(ContainerSpec(image="x", env={"A": "s3cret"}))


def test_untranslated_task_fails_with_its_code(in_step: InStep) -> None:
    with pytest.raises(NotTranslatedError, match="D2Z301: No rule. Run `dag2zen explain D2Z301`"):
        in_step(lambda: not_translated("D2Z301", "No rule.", "FooOperator()"))


def test_empty_task_does_nothing(in_step: InStep) -> None:
    assert in_step(do_nothing) is None
