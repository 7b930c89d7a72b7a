"""Containers of this machine: the command line that the engine gets, and its answers."""

from __future__ import annotations

import json
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from fixtures_dags.demo.host_image import IMAGE, REPOSITORY, mounts, why_not
from runtime.config import PlatformConfig
from runtime.exceptions import PlatformError, TaskTimeoutError
from runtime.platforms import (
    BasePlatform,
    ContainerSpec,
    JobIdentity,
    ModelService,
    create_platform,
)
from runtime.platforms.errors import (
    PlatformConfigError,
    UnsupportedOperationError,
    WorkloadNotFoundError,
)
from runtime.platforms.quantities import quantity
from tests.runtime.platforms.fake_kserve import fake_models

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
        *("run", "--name", "t-1", "--label", "team=ds"),
        *("--memory", "1073741824", "--cpus", "0.500", "--volume", "/srv:/h:ro", "--tmpfs", "/e"),
        *("--workdir", "/w", "--network", "host", "--pull", "always", "--entrypoint", "python"),
        *("--network", "none", "--userns", "host"),
        *("--env", "A", "--env", "DB_PASSWORD", "--env-file", file),
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


def adder(**fields: Any) -> ModelService:
    made = {"name": "ltv", "image": "acme/server:1", "command": ["serve", "-x"], "port": 9000}
    return ModelService.model_validate({**made, "arguments": ["y"], "env": {"A": "1"}, **fields})


def test_a_model_service(engine: Engine, make: Any) -> None:
    """What the engine gets and tells; the server itself is of this process."""
    frame = pd.DataFrame({"a": [1.0, 2.0], "b": [0.25, 0.5]})
    with fake_models() as models:
        engine.answer(
            port={"out": f"9000/tcp -> 127.0.0.1:{models.port}"},
            ps={"out": "ltv-new\nltv-old"},
            inspect={"out": "running"},
            logs={"out": "serving"},
        )
        platform = make()
        resources = {"limits": {"memory": "1Ki"}}
        status = platform.deploy(adder(model_uri="s3://m", resources=resources))
        assert (status.state, status.url) == ("ready", models.url)
        assert platform.predict("ltv", frame).tolist() == [1.25, 2.5]
        assert platform.status("ltv") == status
        assert list(platform.logs("ltv")) == ["serving"]
        platform.cleanup("ltv")
    argv, environment, _ = engine.run
    name = argv[3]
    assert name.startswith("ltv-") and argv == [
        *("run", "--detach", "--name", name, "--label", "dag2zen.service=ltv"),
        *("--label", "dag2zen.port=9000", "--publish", "127.0.0.1::9000", "--memory", "1024"),
        *("--entrypoint", "serve", "--env", "MODEL_URI", "--env", "A"),
        *("acme/server:1", "-x", "y"),
    ]
    assert environment["MODEL_URI"] == "s3://m"
    removed = [call[0][-1] for call in engine.calls if call[0][0] == "rm"]
    assert removed == ["ltv-new", "ltv-old"] * 2
    engine.answer(
        ps={"out": "ltv-new"}, inspect={"out": "exited"}, logs={"out": "a\nout of memory"}
    )
    status = platform.status("ltv")
    assert (status.state, status.message) == ("failed", "out of memory")


def test_a_model_service_that_does_not_start(engine: Engine, make: Any) -> None:
    engine.answer(port={"out": "9000/tcp -> 127.0.0.1:1"}, inspect={"out": "exited"})
    with pytest.raises(PlatformError, match="ltv ended before it was ready. It printed nothing"):
        make().deploy(adder())
    engine.answer(inspect={"out": "1"}, logs={"out": "loading"})
    with pytest.raises(
        PlatformError, match="ended before it was ready. Its last lines:\n  loading"
    ):
        make(network="host").deploy(adder())
    engine.answer(run={"code": 125, "err": "no such image"})
    with pytest.raises(WorkloadNotFoundError, match="no such image"):
        make().deploy(adder())
    engine.answer()
    with pytest.raises(WorkloadNotFoundError, match="has no port that is published"):
        make().deploy(adder())
    removed = {call[0][-1] for call in engine.calls if call[0][0] == "rm"}
    assert removed == {call[0][3] for call in engine.calls if call[0][0] == "run"}
    with pytest.raises(WorkloadNotFoundError, match="no container of the service ltv. Deploy it"):
        make().predict("ltv", pd.DataFrame({"a": [1.0]}))
    with pytest.raises(PlatformConfigError, match="needs the `image` of the model server 'ltv'"):
        make().deploy(adder(image=None, model_uri="models:/x/1"))
    with pytest.raises(UnsupportedOperationError, match="cannot divide traffic"):
        make().deploy(adder(canary_percent=1))


@pytest.fixture(scope="module")
def podman() -> None:
    if reason := why_not():
        pytest.skip(reason)


def with_podman(**config: Any) -> BasePlatform:
    settings = {"engine": "podman", "arguments": mounts(), "stop_seconds": 0, **config}
    return create_platform(PlatformConfig(type="podman", config=settings))


@pytest.mark.slow
def test_a_job_of_podman_itself(podman: None) -> None:
    script = 'echo "$A"; echo "[1]" > /airflow/xcom/return.json'
    made = {"image": IMAGE, "command": ["sh", "-c"], "env": {"A": "b"}, "returns_value": True}
    result = with_podman().run_job(spec(arguments=[script], **made))
    assert (result.exit_code, result.last_line, result.value) == (0, "b", [1])
    kept = spec(
        **{**made, "returns_value": False},
        arguments=["echo why; exit 3"],
        random_name_suffix=False,
        on_finish_action="keep_pod",
    )
    assert with_podman().run_job(kept, IDENTITY).exit_code == 3
    assert with_podman().status("t-1").state == "failed"
    assert list(with_podman().logs("t-1")) == ["why"]
    with pytest.raises(TaskTimeoutError):
        slow = {**made, "arguments": ["sleep 60"], "timeout_seconds": 1}
        with_podman().run_job(spec(**slow), IDENTITY)
    assert with_podman().run_job(spec(**{**made, "arguments": ["exit 4"]})).exit_code == 4
    with_podman().cleanup("t-1")
    with pytest.raises(WorkloadNotFoundError):
        with_podman().status("t-1")


@pytest.mark.slow
@pytest.mark.parametrize("network", [None, "host"])
def test_a_model_service_of_podman_itself(network: str | None, podman: None) -> None:
    platform, port = with_podman(network=network), free_port()
    service = adder(
        name=f"adder-{network}",
        image=IMAGE,
        port=port,
        command=[sys.executable, "-m", "tests.runtime.platforms.adding_server"],
        arguments=[str(port), "v2", "serve"],
        env={"PYTHONPATH": str(REPOSITORY), "WHO": "podman", "BIND": "0.0.0.0"},
    )
    frame = pd.DataFrame({"a": [0.1, 1e-12], "b": [0.2, 0.0]})
    try:
        first = platform.deploy(service)
        assert platform.predict(service.name, frame).tolist() == (frame["a"] + frame["b"]).tolist()
        assert list(platform.logs(service.name)) == ["adding for podman"]
        if network is None:
            assert platform.deploy(service).url != first.url
        assert platform.status(service.name).state == "ready"
        broken = service.model_copy(update={"arguments": [str(port), "v2", "fail"]})
        with pytest.raises(PlatformError, match="ended before it was ready.*\n.*\n.*cannot load"):
            platform.deploy(broken)
        if network is None:
            assert platform.status(service.name).state == "ready"
    finally:
        platform.cleanup(service.name)
    with pytest.raises(WorkloadNotFoundError):
        platform.status(service.name)


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
