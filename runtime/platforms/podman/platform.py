"""Containers of podman or Docker on this machine."""

from __future__ import annotations

import logging
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from runtime.exceptions import PlatformError
from runtime.platforms.base import BasePlatform
from runtime.platforms.errors import PlatformConfigError, WorkloadNotFoundError
from runtime.platforms.kubernetes.labels import pod_name
from runtime.platforms.kubernetes.xcom import parse_value
from runtime.platforms.podman.command import (
    JOB_LABEL,
    XCOM_FOLDER,
    container_arguments,
    is_engines_own,
    job_environment,
    job_label,
    run_arguments,
)
from runtime.platforms.podman.settings import PodmanSettings
from runtime.platforms.settings import read_settings
from runtime.platforms.spec import (
    ContainerResult,
    ContainerSpec,
    JobIdentity,
    State,
    WorkloadStatus,
)
from runtime.processes import run_process

if TYPE_CHECKING:
    from typing_extensions import Self

    from runtime.config import PlatformConfig, RuntimeConfig

logger = logging.getLogger(__name__)

ENGINES = ("podman", "docker")
ENGINE_FAILED = 125
"""Exit code of `run` where the engine itself failed, as for an image that it cannot pull."""
_STATES: Mapping[str, State] = {"running": "running", "created": "pending", "configured": "pending"}


class PodmanPlatform(BasePlatform):
    """Runs containers one by one, with their environment, limits, value and timeout."""

    name = "podman"
    remedy = "Models are served by the platforms kserve and snowflake_spcs."

    def __init__(self, settings: PodmanSettings) -> None:
        """Find the engine. Raises `PlatformConfigError` where there is none."""
        self._settings = settings
        wanted = [settings.engine] if settings.engine else list(ENGINES)
        found = next(filter(None, map(shutil.which, wanted)), None)
        if found is None:
            raise PlatformConfigError(
                f"There is no program {' or '.join(wanted)} on the PATH. Install podman, or name "
                "the program by `platform.config.engine`."
            )
        self._engine = found

    @classmethod
    def from_config(cls, platform: PlatformConfig, runtime: RuntimeConfig) -> Self:
        """Take `platform.config`, which `PodmanSettings` describes; see `BasePlatform`."""
        return cls(read_settings(PodmanSettings, cls.name, platform.config))

    def run_job(self, spec: ContainerSpec, identity: JobIdentity | None = None) -> ContainerResult:
        """Run a container to its end; see `BasePlatform`.

        One that an attempt before left running is removed first, so that none runs twice.
        """
        name = pod_name(spec.name or "job", random_suffix=spec.random_name_suffix)
        environment = job_environment(spec)
        arguments = run_arguments(spec, name, identity, environment)
        if identity is not None:
            self._remove_earlier(identity)
        with tempfile.TemporaryDirectory(prefix="container-") as folder:
            files = self._file_arguments(Path(folder), spec, environment)
            command = [
                *(self._engine, "run", *arguments, *self._own_arguments(), *files),
                *(spec.image, *container_arguments(spec)),
            ]
            succeeded = False
            try:
                result = run_process(
                    command,
                    env={**os.environ, **_handed_over(environment)},
                    cwd=Path(folder),
                    on_line=lambda line: logger.info("%s", line),
                    timeout_seconds=spec.timeout_seconds,
                )
                succeeded = result.exit_code == 0
            except BaseException:
                self.cleanup(name)
                raise
            if result.exit_code == ENGINE_FAILED:
                self.cleanup(name)
                raise PlatformError(
                    f"The container {spec.image!r} was not started: {result.last_line[:500]} "
                    "Check the image's name, and that the engine can pull it."
                )
            message = "OOMKilled" if not succeeded and self._out_of_memory(name) else ""
            self._finish(name, spec, succeeded)
            file = Path(folder) / "xcom" / "return.json"
            text = file.read_text(encoding="utf-8") if spec.returns_value and file.is_file() else ""
        return ContainerResult(
            exit_code=result.exit_code,
            last_line=result.last_line,
            message=message,
            value=parse_value(text) if succeeded else None,
        )

    def status(self, name: str) -> WorkloadStatus:
        """Give the state of a container; see `BasePlatform`."""
        told = self._ask("inspect", "--format", "{{.State.Status}} {{.State.ExitCode}}", name)
        state, _, code = told.strip().partition(" ")
        found = _STATES.get(state) or ("succeeded" if code == "0" else "failed")
        return WorkloadStatus(name=name, state=found, message=f"exit code {code}")

    def logs(self, name: str) -> Iterator[str]:
        """Give what a container has printed; see `BasePlatform`."""
        yield from self._ask("logs", name).splitlines()

    def cleanup(self, name: str) -> None:
        """Stop and remove a container; see `BasePlatform`."""
        self._call("stop", "--time", str(self._settings.stop_seconds), name)
        self._call("rm", "--force", name)

    def _own_arguments(self) -> list[str]:
        network = ["--network", self._settings.network] if self._settings.network else []
        return [*network, *self._settings.arguments]

    def _file_arguments(
        self, folder: Path, spec: ContainerSpec, environment: Mapping[str, str]
    ) -> list[str]:
        """Give the arguments that name files of ours: the value's folder, and the variables that
        the engine would take for its own.
        """
        arguments = []
        own = {key: value for key, value in environment.items() if is_engines_own(key)}
        if own:
            if any("\n" in value for value in own.values()):
                raise PlatformConfigError(
                    f"None of the variables {', '.join(own)} can have more than one line."
                )
            file = folder / "environment"
            file.touch(mode=0o600)
            file.write_text("".join(f"{key}={value}\n" for key, value in own.items()), "utf-8")
            arguments += ["--env-file", str(file)]
        if spec.returns_value:
            (folder / "xcom").mkdir()
            (folder / "xcom").chmod(0o777)  # The container's user is not ours.
            arguments += ["--volume", f"{folder / 'xcom'}:{XCOM_FOLDER}:Z"]
        return arguments

    def _remove_earlier(self, identity: JobIdentity) -> None:
        label = f"label={JOB_LABEL}={job_label(identity)}"
        kept = self._ask("ps", "--quiet", "--filter", label)
        for found in kept.split():
            logger.warning("The container %s of an earlier attempt is removed.", found)
            self.cleanup(found)

    def _out_of_memory(self, name: str) -> bool:
        answer = self._call("inspect", "--format", "{{.State.OOMKilled}}", name)
        return answer.stdout.strip() == "true"

    def _finish(self, name: str, spec: ContainerSpec, succeeded: bool) -> None:
        action = spec.on_finish_action
        if action == "delete_pod" or (action == "delete_succeeded_pod" and succeeded):
            self._call("rm", "--force", name)

    def _ask(self, *arguments: str) -> str:
        answer = self._call(*arguments)
        if answer.returncode == 0:
            return answer.stdout
        text = answer.stderr.strip()
        if "no such" in text.lower():
            raise WorkloadNotFoundError(f"There is no container {arguments[-1]}: {text}")
        raise PlatformError(f"{self._engine} {arguments[0]} failed: {text[:500]}")

    def _call(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [self._engine, *arguments],
            capture_output=True,
            text=True,
            errors="backslashreplace",
            check=False,
        )


def _handed_over(environment: Mapping[str, str]) -> dict[str, str]:
    return {key: value for key, value in environment.items() if not is_engines_own(key)}
