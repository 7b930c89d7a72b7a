"""Where the demonstration's model predicts: in the pipeline's process, on KServe, or in Snowflake."""

from __future__ import annotations

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

from fixtures_dags.demo.tool import DemoError
from fixtures_dags.demo.train import MODEL_NAME, TrainedModel, tracking_uri
from runtime.config import ConnectionConfig, PlatformConfig, RuntimeConfig
from runtime.platforms import ModelService, create_platform

PLATFORMS = ("local", "kserve", "spcs")
SERVICE = "ltv-be"
IMAGE = "/demo/ml/images/ltv:1"
IMAGES = {IMAGE: ["{python}", "-m", "fixtures_dags.demo.model_server"]}
_PROGRAM = [sys.executable, "-m", "fixtures_dags.demo.model_server"]


@contextmanager
def serving(
    platform: str, model: TrainedModel, connection: ConnectionConfig, state: Path
) -> Iterator[dict[str, str]]:
    """Serve the model while the block lasts; gives the environment by which pipelines find it."""
    if platform == "local":
        yield {}
        return
    port = _free_port()
    arguments = ["--port", str(port), "--mlflow", tracking_uri(state / "mlflow")]
    arguments += ["--model", f"models:/{model.name}/{model.version}"]
    found = _on_kserve if platform == "kserve" else _in_snowflake
    with found(port, arguments, connection) as environment:
        yield environment


@contextmanager
def _on_kserve(
    port: int, arguments: list[str], connection: ConnectionConfig
) -> Iterator[dict[str, str]]:
    url = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryFile("w+") as log:
        process = subprocess.Popen(
            [*_PROGRAM, "kserve", "--name", SERVICE, *arguments],
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            _wait(process, f"{url}/v2/models/{SERVICE}/ready", log)
            yield _environment("kserve", SERVICE, {"URL": url})
        finally:
            process.terminate()
            process.wait()


@contextmanager
def _in_snowflake(
    port: int, arguments: list[str], connection: ConnectionConfig
) -> Iterator[dict[str, str]]:
    settings = {"compute_pool": "DEMO_POOL", "connection": "snowflake_data_science"}
    platform = create_platform(
        RuntimeConfig(
            connections={"snowflake_data_science": connection},
            platform=PlatformConfig(type="snowflake_spcs", config={**settings}),
        )
    )
    name = f"{connection.database}.{connection.schema_name}.LTV_BE"
    platform.deploy(
        ModelService(name=name, image=IMAGE, arguments=["snowflake", *arguments], port=port)
    )
    try:
        variables = {key.upper(): value for key, value in settings.items()}
        yield _environment("snowflake_spcs", name, variables)
    finally:
        platform.cleanup(name)


def _environment(platform: str, service: str, config: dict[str, str]) -> dict[str, str]:
    prefix = "RUNTIME__PLATFORM__"
    return {
        f"{prefix}TYPE": platform,
        f"{prefix}MODELS__{MODEL_NAME.upper()}": service,
        **{f"{prefix}CONFIG__{key}": value for key, value in config.items()},
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
