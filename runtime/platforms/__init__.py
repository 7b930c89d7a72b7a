"""Where containers run."""

from __future__ import annotations

from runtime.config import PlatformConfig
from runtime.exceptions import PlatformNotAvailableError
from runtime.platforms.base import ContainerPlatform, ContainerResult, ContainerSpec
from runtime.platforms.local import LocalPlatform

__all__ = ["ContainerPlatform", "ContainerResult", "ContainerSpec", "container_platform"]


def container_platform(config: PlatformConfig) -> ContainerPlatform:
    """Give the platform that the configuration names.

    Raises `PlatformNotAvailableError` for one that this version cannot drive yet.
    """
    if config.type == "local":
        return LocalPlatform(config.images)
    raise PlatformNotAvailableError(
        f"The container platform {config.type!r} is not available yet. Set `platform.type: local` "
        "in the configuration, and map each image to a local command in `platform.images`."
    )
