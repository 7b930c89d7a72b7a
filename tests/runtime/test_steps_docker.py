"""`run_docker_container`: real processes on the local platform, pods on a cluster."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from runtime.docker_values import bytes_of, security_of, variables, volumes_of, words
from runtime.exceptions import CommandFailedError, SkipTask
from runtime.steps import run_docker_container
from tests.conftest import EmittedProject  # type: ignore[import-not-found, unused-ignore]
from tests.runtime.platforms.fake_cluster import Script, fake_cluster

InStep = Callable[[Callable[[], Any]], Any]
SHOW = (
    "import json, os, sys; print('first');"
    "print(json.dumps([sys.argv[1:], os.environ.get('A'), os.environ.get('AIRFLOW_TMP_DIR')]))"
)


@pytest.fixture
def images(emitted_project: EmittedProject) -> None:
    """A project whose images are local commands."""
    python = sys.executable
    commands = {
        "show": [python, "-c", SHOW],
        "silent": [python, "-c", ""],
        "fails": [python, "-c", "raise SystemExit(3)"],
    }
    emitted_project.write("configs/base.yaml", json.dumps({"platform": {"images": commands}}))


def test_the_last_line_is_the_result(in_step: InStep, images: None) -> None:
    def body() -> list[Any]:
        return [
            json.loads(
                run_docker_container(
                    "show",
                    "load --day '{{ ds }}'",
                    environment={"A": "{{ ds_nodash }}"},
                    private_environment={"A": "{{ kept }}"},
                )
            ),
            json.loads(
                run_docker_container(
                    "{{ 'show' }}", "['a b', '{{ ds }}']", {"A": 1}, mount_tmp_dir=False
                )
            ),
            run_docker_container("silent"),
        ]

    assert in_step(body) == [
        [["load", "--day", "2024-01-02"], "{{ kept }}", "/tmp/airflow"],
        [["a b", "2024-01-02"], "1", None],
        None,
    ]


def test_exit_codes(in_step: InStep, images: None) -> None:
    with pytest.raises(CommandFailedError, match="ended with exit code 3"):
        in_step(lambda: run_docker_container("fails", skip_on_exit_code=4))
    with pytest.raises(SkipTask, match="exit code 3"):
        in_step(lambda: run_docker_container("fails", skip_on_exit_code=[3, 4]))


def test_a_pod(in_step: InStep, emitted_project: EmittedProject, tmp_path: Path) -> None:
    with fake_cluster() as cluster:
        file = tmp_path / "kubeconfig"
        file.write_text(json.dumps(cluster.kubeconfig()), encoding="utf-8")
        config = {"config_file": str(file), "poll_interval_seconds": 0.01}
        platform = {"type": "kubernetes", "config": config}
        emitted_project.write("configs/base.yaml", json.dumps({"platform": platform}))
        cluster.scripts = [Script(lines=["one", " two "])]

        value = in_step(
            lambda: run_docker_container(
                "etl:2",
                "run --all",
                entrypoint="python -m",
                name="loader",
                working_dir="/work",
                user="1000:50",
                mounts=["/data:/data:ro", {"target": "/t", "type": "tmpfs"}],
                mem_limit="1g",
                cpus=0.5,
                network_mode="host",
                force_pull=True,
            )
        )
        (manifest,) = [body for body in cluster.bodies if body.get("kind") == "Pod"]

    assert value == "two"
    spec = manifest["spec"]
    container = spec["containers"][0]
    assert container["command"] == ["python", "-m"]
    assert container["args"] == ["run", "--all"]
    assert container["workingDir"] == "/work"
    assert container["imagePullPolicy"] == "Always"
    assert container["resources"] == {
        "limits": {"memory": str(2**30)},
        "requests": {"cpu": "0.5"},
    }
    assert container["securityContext"] == {"runAsUser": 1000, "runAsGroup": 50}
    assert container["volumeMounts"] == [
        {"name": "mount-0", "mountPath": "/data", "readOnly": True},
        {"name": "mount-1", "mountPath": "/t"},
        {"name": "tmp", "mountPath": "/tmp/airflow"},
    ]
    assert spec["volumes"] == [
        {"name": "mount-0", "hostPath": {"path": "/data"}},
        {"name": "mount-1", "emptyDir": {"medium": "Memory"}},
        {"name": "tmp", "emptyDir": {}},
    ]
    assert spec["hostNetwork"] is True
    assert manifest["metadata"]["name"].startswith("loader-")


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        (None, []),
        ("a 'b c'", ["a", "b c"]),
        (" ['a', 'b c', 1]", ["a", "b c", "1"]),
        (["a b", 2], ["a b", "2"]),
    ],
)
def test_words(command: Any, expected: list[str]) -> None:
    assert words(command) == expected


@pytest.mark.parametrize(
    ("memory", "expected"),
    [("128m", 2**27), ("1gb", 2**30), ("2K", 2048), ("5b", 5), ("7", 7), (1.5e3, 1500), ("1t", 2**40)],
)  # fmt: skip
def test_memory(memory: float | str, expected: int) -> None:
    assert bytes_of(memory) == str(expected)


def test_what_is_refused() -> None:
    with pytest.raises(ValueError, match="'much' is no amount of memory"):
        bytes_of("much")
    with pytest.raises(ValueError, match="'/t' is of type 'volume'"):
        volumes_of([{"target": "/t", "source": "v"}])
    with pytest.raises(ValueError, match="of type 'volume'"):
        volumes_of(["named:/t"])


def test_variables_and_users() -> None:
    assert variables({"A": 1, "B": None}, None, {"C": True}) == {"A": "1", "C": "True"}
    assert security_of(0) == {"runAsUser": 0}
