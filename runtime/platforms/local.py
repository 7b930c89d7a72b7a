"""Containers as processes of this machine: for demonstrations and tests, without isolation."""

from __future__ import annotations

import difflib
import fnmatch
import json
import logging
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import JsonValue

from runtime.exceptions import PlatformError
from runtime.platforms.base import BasePlatform
from runtime.platforms.settings import PlatformSettings, read_settings
from runtime.platforms.spec import ContainerResult, ContainerSpec, JobIdentity
from runtime.processes import run_process

if TYPE_CHECKING:
    from typing_extensions import Self

    from runtime.config import PlatformConfig, RuntimeConfig

logger = logging.getLogger(__name__)

# Where the process puts its XCom value, in place of the side car's /airflow/xcom/return.json.
RETURN_FILE_VARIABLE = "RUNTIME_XCOM_RETURN_FILE"
COMMAND_PLACE = "{command}"
# What a program needs of the host to start at all; everything else a container would not see.
_INHERITED = ("PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR", "PYTHONPATH", "VIRTUAL_ENV")


class LocalPlatform(BasePlatform):
    """Runs the command that the configuration gives for an image, with the container's arguments.

    Images are looked up by name, by name without tag or digest, and then by pattern (`*`). The
    container's own `command` goes where the configured one has `{command}`; without that it is
    left out, because it names a program inside of the image.
    """

    name = "local"

    def __init__(self, images: Mapping[str, list[str]]) -> None:
        """Take the local command of each image."""
        self._images = images

    @classmethod
    def from_config(cls, platform: PlatformConfig, runtime: RuntimeConfig) -> Self:
        """Take the commands of `platform.images`; see `BasePlatform`."""
        read_settings(PlatformSettings, cls.name, platform.config)
        return cls(platform.images)

    def run_job(self, spec: ContainerSpec, identity: JobIdentity | None = None) -> ContainerResult:
        """Run the image's command; see `BasePlatform`."""
        command = [*_fill(self._command(spec.image), spec.command), *spec.arguments]
        if not command:
            raise PlatformError(f"The image {spec.image!r} has no local command and no own one.")
        with tempfile.TemporaryDirectory(prefix="container-") as folder:
            return_file = Path(folder) / "return.json"
            inherited = {name: os.environ[name] for name in _INHERITED if name in os.environ}
            result = run_process(
                command,
                env={
                    **inherited,
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

    def _command(self, image: str) -> list[str]:
        for name in (image, _without_version(image)):
            if name in self._images:
                return self._images[name]
        patterns = [pattern for pattern in self._images if fnmatch.fnmatchcase(image, pattern)]
        if patterns:
            return self._images[max(patterns, key=len)]
        near = difflib.get_close_matches(image, self._images, n=1)
        hint = f" Did you mean {near[0]!r}?" if near else ""
        raise PlatformError(
            f"The local platform has no command for the image {image!r}.{hint} Add it to "
            f"`platform.images` in the configuration, as {image!r}: [python, -m, …]."
        )


def _fill(configured: list[str], own: list[str]) -> list[str]:
    return [part for item in configured for part in (own if item == COMMAND_PLACE else [item])]


def _without_version(image: str) -> str:
    name = image.partition("@")[0]
    folder, slash, last = name.rpartition("/")
    return f"{folder}{slash}{last.partition(':')[0]}"


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
