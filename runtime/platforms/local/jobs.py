"""Containers as processes of this machine: for demonstrations and tests, without isolation."""

from __future__ import annotations

import json
import logging
import os
import tempfile
from pathlib import Path

from pydantic import JsonValue

from runtime.exceptions import PlatformError
from runtime.platforms.spec import ContainerResult, ContainerSpec
from runtime.processes import run_process

logger = logging.getLogger(__name__)

# Where the process puts its XCom value, in place of the side car's /airflow/xcom/return.json.
RETURN_FILE_VARIABLE = "RUNTIME_XCOM_RETURN_FILE"
# What a program needs of the host to start at all; everything else a container would not see.
_INHERITED = ("PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR", "PYTHONPATH", "VIRTUAL_ENV")


def run_command(command: list[str], spec: ContainerSpec) -> ContainerResult:
    """Run a container's local command to its end; see `BasePlatform.run_job`."""
    with tempfile.TemporaryDirectory(prefix="container-") as folder:
        return_file = Path(folder) / "return.json"
        result = run_process(
            command,
            env={
                **inherited_environment(),
                **spec.env,
                **_secret_environment(spec),
                RETURN_FILE_VARIABLE: str(return_file),
            },
            cwd=Path(folder),
            on_line=lambda line: logger.info("%s", line),
            timeout_seconds=spec.timeout_seconds,
        )
        succeeded = result.exit_code == 0
        value = _read_value(return_file) if spec.returns_value and succeeded else None
    return ContainerResult(exit_code=result.exit_code, last_line=result.last_line, value=value)


def inherited_environment() -> dict[str, str]:
    """Give what a process that stands in for a container sees of our environment."""
    return {name: os.environ[name] for name in _INHERITED if name in os.environ}


def _secret_environment(spec: ContainerSpec) -> dict[str, str]:
    """Give the secrets that the container has as environment, from our own environment."""
    found = {}
    for secret in spec.secrets:
        name, target = secret.get("secret"), str(secret.get("deploy_target"))
        if secret.get("deploy_type") != "env":
            raise PlatformError(
                f"The local platform cannot mount the secret {name!r} as a file. "
                "Deploy it to the environment (`deploy_type: env`)."
            )
        if target not in os.environ:
            raise PlatformError(
                f"The local platform takes the secret {name!r} from the environment variable "
                f"{target}, which is not set. Set it."
            )
        found[target] = os.environ[target]
    return found


def _read_value(file: Path) -> JsonValue:
    if not file.is_file():
        raise PlatformError(
            "The container was to return a value, but wrote none. Write JSON to the file that "
            f"the environment variable {RETURN_FILE_VARIABLE} names."
        )
    try:
        value: JsonValue = json.loads(file.read_text(encoding="utf-8"))
    except ValueError as error:
        raise PlatformError(
            f"The value that the container returned is not JSON: {error}."
        ) from error
    return value
