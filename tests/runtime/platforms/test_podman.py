"""Containers of this machine: the command line that the engine gets, and its answers."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from runtime.config import PlatformConfig
from runtime.exceptions import PlatformError, TaskTimeoutError
from runtime.platforms import BasePlatform, ContainerSpec, JobIdentity, create_platform
from runtime.platforms.errors import (
    PlatformConfigError,
    UnsupportedOperationError,
    WorkloadNotFoundError,
)
from runtime.platforms.quantities import quantity

IDENTITY = JobIdentity(dag_id="d", task_id="t", run_id="r")
# Writes down what it was called with, and does what ACTION says.
STUB = """\
#!{python} -IS
import json, os, sys, time
argv, folder = sys.argv[1:], {folder!r}
files = [open(argv[i + 1]).read() for i, a in enumerate(argv) if a == "--env-file"]
with open(folder + "/calls", "a") as calls:
    print(json.dumps([argv, dict(os.environ), files]), file=calls)
answers = json.load(open(folder + "/answers"))
answer = answers.get(argv[0], {{}})
for a in argv:
    if a.endswith(":/airflow/xcom:Z") and "value" in answer:
        open(a.split(":")[0] + "/return.json", "w").write(answer["value"])
print(answer.get("out", ""), flush=True)
print(answer.get("err", ""), file=sys.stderr, flush=True)
time.sleep(answer.get("sleep", 0))
sys.exit(answer.get("code", 0))
"""


class Engine:
    """A program in podman's place."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.program = folder / "podman"
        text = STUB.format(python=sys.executable, folder=str(folder))
        self.program.write_text(text, encoding="utf-8")
        self.program.chmod(0o755)
        self.answer()

    def answer(self, **answers: dict[str, Any]) -> None:
        (self.folder / "answers").write_text(json.dumps(answers), encoding="utf-8")

    @property
    def calls(self) -> list[Any]:
        lines = (self.folder / "calls").read_text(encoding="utf-8").splitlines()
        return [json.loads(line) for line in lines]

    @property
    def run(self) -> Any:
        return next(call for call in self.calls if call[0][0] == "run")


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    return Engine(tmp_path)


@pytest.fixture
def make(engine: Engine) -> Callable[..., BasePlatform]:
    def platform(**config: Any) -> BasePlatform:
        settings = {"engine": str(engine.program), "stop_seconds": 0, **config}
        return create_platform(PlatformConfig(type="podman", config=settings))

    return platform


def spec(**fields: Any) -> ContainerSpec:
    return ContainerSpec.model_validate({"image": "acme/x:1", "name": "T_1", **fields})


def test_the_command_line(engine: Engine, make: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DB_PASSWORD", "s3cret")
    engine.answer(run={"out": "done"})
    result = make(network="none", arguments=["--userns", "host"]).run_job(
        spec(
            random_name_suffix=False,
            command=["python", "-m"],
            arguments=["x", "--day", "$(rm -rf /)"],
            env={"A": "1\n2", "PATH": "/opt/s3cret"},
            secrets=[{"deploy_type": "env", "deploy_target": "DB_PASSWORD", "secret": "s"}],
            resources={"limits": {"memory": "1Gi", "cpu": "500m", "ephemeral-storage": "1Gi"}},
            labels={"team": "ds"},
            working_dir="/w",
            image_pull_policy="Always",
            volumes=[
                {"name": "h", "hostPath": {"path": "/srv"}},
                {"name": "e", "emptyDir": {}},
            ],
            volume_mounts=[
                {"name": "h", "mountPath": "/h", "readOnly": True},
                {"name": "e", "mountPath": "/e"},
            ],
            pod_spec={"hostNetwork": True},
            tolerations=[{"key": "x"}],
        )
    )
    argv, environment, files = engine.run
    file = argv[argv.index("--env-file") + 1]
    assert argv == [
        *("run", "--name", "t-1", "--label", "team=ds", "--env", "A", "--env", "DB_PASSWORD"),
        *("--memory", "1073741824", "--cpus", "0.500", "--volume", "/srv:/h:ro", "--tmpfs", "/e"),
        *("--workdir", "/w", "--network", "host", "--pull", "always", "--entrypoint", "python"),
        *("--network", "none", "--userns", "host", "--env-file", file),
        *("acme/x:1", "-m", "x", "--day", "$(rm -rf /)"),
    ]
    assert environment["A"] == "1\n2" and environment["DB_PASSWORD"] == "s3cret"
    assert files == ["PATH=/opt/s3cret\n"] and environment["PATH"] != "/opt/s3cret"
    assert "s3cret" not in json.dumps(argv) and not Path(file).exists()
    assert (result.exit_code, result.last_line) == (0, "")
    assert engine.calls[-1][0] == ["rm", "--force", "t-1"]


def test_the_value(engine: Engine, make: Any) -> None:
    engine.answer(run={"value": '{"rows": 3}'})
    assert make().run_job(spec(returns_value=True)).value == {"rows": 3}
    engine.answer(run={})
    assert make().run_job(spec(returns_value=True)).value is None
    engine.answer(run={"value": "{"})
    with pytest.raises(PlatformError, match="is not JSON"):
        make().run_job(spec(returns_value=True))


def test_failures(engine: Engine, make: Any) -> None:
    engine.answer(run={"code": 3}, inspect={"out": "true"})
    result = make().run_job(spec(on_finish_action="delete_succeeded_pod"))
    assert (result.exit_code, result.message) == (3, "OOMKilled")
    assert [call[0][0] for call in engine.calls] == ["run", "inspect"]
    engine.answer(run={"code": 125, "err": "manifest unknown"})
    with pytest.raises(PlatformError, match="was not started.*Check the image"):
        make().run_job(spec())


def test_a_timeout_removes_the_container(engine: Engine, make: Any) -> None:
    engine.answer(run={"sleep": 60})
    with pytest.raises(TaskTimeoutError):
        make().run_job(spec(timeout_seconds=0.5, on_finish_action="keep_pod"))
    assert [call[0][0] for call in engine.calls[-2:]] == ["stop", "rm"]


def test_a_container_left_behind_is_removed_first(engine: Engine, make: Any) -> None:
    engine.answer(ps={"out": "abc123"})
    make().run_job(spec(), IDENTITY)
    commands = [call[0] for call in engine.calls]
    assert commands[0][:3] == ["ps", "--quiet", "--filter"]
    label = commands[0][3].removeprefix("label=")
    assert commands[2] == ["rm", "--force", "abc123"]
    assert label in engine.run[0]


def test_status_and_logs(engine: Engine, make: Any) -> None:
    platform = make()
    for told, state in (
        ("running 0", "running"),
        ("exited 0", "succeeded"),
        ("exited 1", "failed"),
    ):
        engine.answer(inspect={"out": told}, logs={"out": "a\nb"})
        assert platform.status("x").state == state
    assert list(platform.logs("x"))[:2] == ["a", "b"]
    engine.answer(inspect={"code": 1, "err": "Error: no such object: x"}, logs={"code": 1})
    with pytest.raises(WorkloadNotFoundError, match="no container x"):
        platform.status("x")
    with pytest.raises(PlatformError, match="logs failed"):
        list(platform.logs("x"))


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"full_pod_spec": {"spec": {}}}, "nothing for full_pod_spec"),
        ({"pod_spec": {"initContainers": [1]}}, "nothing for pod_spec.initContainers"),
        ({"env_from": [{}]}, "nothing for env_from"),
        ({"secrets": [{"deploy_type": "volume", "secret": "s"}]}, "cannot mount the secret 's'"),
        ({"resources": {"limits": {"nvidia.com/gpu": 1}}}, "cannot limit 'nvidia.com/gpu'"),
        ({"volume_mounts": [{"name": "v", "mountPath": "/v"}]}, "cannot mount the volume 'v'"),
    ],
)
def test_what_needs_a_cluster(fields: Any, message: str, make: Any) -> None:
    with pytest.raises(UnsupportedOperationError, match=message):
        make().run_job(spec(**fields))


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"image": "--privileged"}, "is no image"),
        ({"env": {"A=B": "x"}}, "is no environment variable"),
        ({"env": {"PATH": "a\nb"}}, "more than one line"),
        ({"secrets": [{"deploy_type": "env", "deploy_target": "NOT_SET_X"}]}, "NOT_SET_X"),
        ({"resources": {"limits": {"memory": "lots"}}}, "'lots' is no amount"),
        ({"resources": {"limits": 3}}, "not a mapping"),
    ],
)
def test_what_is_wrong(fields: Any, message: str, make: Any) -> None:
    with pytest.raises(PlatformConfigError, match=message):
        make().run_job(spec(**fields))


def test_no_engine() -> None:
    with pytest.raises(PlatformConfigError, match="no program no-such-engine on the PATH"):
        create_platform(PlatformConfig(type="podman", config={"engine": "no-such-engine"}))


@pytest.mark.parametrize(
    ("text", "number"), [("500m", 0.5), ("2", 2), ("1.5Gi", 1610612736), ("1k", 1000), (3, 3)]
)
def test_quantities(text: object, number: float) -> None:
    assert float(quantity(text)) == number


def _podman_works() -> bool:
    podman = shutil.which("podman")
    return (
        podman is not None and subprocess.run([podman, "info"], capture_output=True).returncode == 0
    )


@pytest.mark.slow
@pytest.mark.skipif(not _podman_works(), reason="podman is not installed, or does not work here")
def test_with_podman_itself(tmp_path: Path) -> None:
    image = os.environ.get("PODMAN_TEST_IMAGE", "docker.io/library/busybox:latest")
    script = 'echo "$A"; echo "[1]" > /airflow/xcom/return.json'
    result = create_platform(PlatformConfig(type="podman")).run_job(
        spec(
            image=image,
            command=["sh", "-c"],
            arguments=[script],
            env={"A": "b"},
            returns_value=True,
        )
    )
    assert (result.exit_code, result.last_line, result.value) == (0, "b", [1])
