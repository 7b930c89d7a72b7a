"""The section `platform.config` of the platform `podman`."""

from __future__ import annotations

from pydantic import Field

from runtime.platforms.inference.settings import InferenceSettings


class PodmanSettings(InferenceSettings):
    """How containers of this machine are run, and model servers among them asked.

    `engine` is podman, docker, or the path of a program that takes the same arguments; by default
    the first of the two that is installed. `arguments` go to every `run`, before the image.
    """

    engine: str | None = None
    network: str | None = None
    arguments: list[str] = Field(default_factory=list)
    stop_seconds: int = Field(default=5, ge=0)

    def own_arguments(self) -> list[str]:
        """Give what goes to every `run`."""
        return [*(["--network", self.network] if self.network else []), *self.arguments]
