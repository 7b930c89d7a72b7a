"""Where the demonstration's model predicts: a process, a container, KServe, or Snowflake."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import httpx

from fixtures_dags.demo.host_image import IMAGE, REPOSITORY, mounts, why_not
from fixtures_dags.demo.tool import DemoError
from fixtures_dags.demo.train import MODEL_NAME, TrainedModel, tracking_uri
from runtime.config import ConnectionConfig, MlflowConfig, PlatformConfig, RuntimeConfig
from runtime.platforms import ModelService, create_platform

PLATFORMS = ("local", "podman", "kserve", "spcs")
SERVICE = "ltv-be"
SPCS_IMAGE = "/demo/ml/images/ltv:1"
IMAGES = {SPCS_IMAGE: ["{python}", "-m", "fixtures_dags.demo.model_server"]}
_PROGRAM = [sys.executable, "-m", "fixtures_dags.demo.model_server"]


@contextmanager
def serving(
    platform: str, model: TrainedModel, connection: ConnectionConfig, state: Path
) -> Iterator[dict[str, str]]:
    """Serve the model while the block lasts; gives the environment by which pipelines find it.

    Raises `DemoError` for a platform that does not work on this machine.
    """
    mlflow = tracking_uri(state / "mlflow")
    port, uri = _free_port(), f"models:/{model.name}/{model.version}"
    arguments = ["--port", str(port), "--mlflow", mlflow, "--model", uri]
    if platform == "local":
        with _on_this_machine(uri, mlflow, state) as environment:
            yield environment
    elif platform == "podman":
        with _in_a_container(port, arguments, state) as environment:
            yield environment
    elif platform == "kserve":
        with _on_kserve(port, arguments) as environment:
            yield environment
    else:
        with _in_snowflake(port, arguments, connection) as environment:
            yield environment


@contextmanager
def _on_this_machine(uri: str, mlflow: str, state: Path) -> Iterator[dict[str, str]]:
    """Let MLflow's own server serve the model."""
    config = PlatformConfig(config={"folder": str(state / "services")})
    runtime = RuntimeConfig(platform=config, mlflow=MlflowConfig(tracking_uri=mlflow))
    with _deployed(runtime, ModelService(name=SERVICE, model_uri=uri)) as environment:
        yield environment


@contextmanager
def _in_a_container(port: int, arguments: list[str], state: Path) -> Iterator[dict[str, str]]:
    """Let KServe's server serve the model in a container of this machine's programs."""
    if reason := why_not():
        raise DemoError(f"The platform podman cannot be shown: {reason}")
    folders = [*mounts(), f"--volume={state}:{state}"]
    config = PlatformConfig(type="podman", config={"engine": "podman", "arguments": [*folders]})
    command = [sys.executable, "-m", "fixtures_dags.demo.model_server"]
    service = ModelService(
        name=SERVICE,
        image=IMAGE,
        command=command,
        arguments=["kserve", *arguments],
        env={"PYTHONPATH": str(REPOSITORY), "HOME": "/tmp"},
        port=port,
    )
    with _deployed(RuntimeConfig(platform=config), service) as environment:
        yield environment


@contextmanager
def _deployed(runtime: RuntimeConfig, service: ModelService) -> Iterator[dict[str, str]]:
    platform = create_platform(runtime)
    platform.deploy(service)
    try:
        yield _environment(runtime.platform, service.name)
    finally:
        platform.cleanup(service.name)


@contextmanager
def _on_kserve(port: int, arguments: list[str]) -> Iterator[dict[str, str]]:
    """Ask KServe's model server, which a cluster would run."""
    url = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryFile("w+") as log:
        process = subprocess.Popen(
            [*_PROGRAM, "kserve", "--name", SERVICE, *arguments],
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            _wait(process, f"{url}/v2/models/{SERVICE}/ready", log)
            yield _environment(PlatformConfig(type="kserve", config={"url": url}), SERVICE)
        finally:
            process.terminate()
            process.wait()


@contextmanager
def _in_snowflake(
    port: int, arguments: list[str], connection: ConnectionConfig
) -> Iterator[dict[str, str]]:
    settings = {"compute_pool": "DEMO_POOL", "connection": "snowflake_data_science"}
    runtime = RuntimeConfig(
        connections={"snowflake_data_science": connection},
        platform=PlatformConfig(type="snowflake_spcs", config={**settings}),
    )
    name = f"{connection.database}.{connection.schema_name}.LTV_BE"
    service = ModelService(
        name=name, image=SPCS_IMAGE, arguments=["snowflake", *arguments], port=port
    )
    with _deployed(runtime, service) as environment:
        yield environment


def _environment(platform: PlatformConfig, service: str) -> dict[str, str]:
    """Name the platform and the service by environment variables; lists are JSON."""
    prefix = "RUNTIME__PLATFORM__"
    config = {
        key: value if isinstance(value, str) else json.dumps(value)
        for key, value in platform.config.items()
    }
    return {
        f"{prefix}TYPE": platform.type,
        f"{prefix}MODELS__{MODEL_NAME.upper()}": service,
        **{f"{prefix}CONFIG__{key.upper()}": value for key, value in config.items()},
    }


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _wait(process: subprocess.Popen[bytes], url: str, log: IO[str]) -> None:
    while process.poll() is None:
        try:
            if httpx.get(url).status_code == 200:
                return
        except httpx.TransportError:
            pass  # It is still loading.
        time.sleep(0.2)
    log.seek(0)
    raise DemoError(f"The model server ended: {log.read()[-2000:]}")
