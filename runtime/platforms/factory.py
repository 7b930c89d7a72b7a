"""Platforms by name: the built-in ones, and those of other packages."""

from __future__ import annotations

import difflib
import importlib
from collections.abc import Mapping
from importlib.metadata import entry_points

from runtime.config import PlatformConfig, RuntimeConfig
from runtime.platforms.base import BasePlatform
from runtime.platforms.errors import PlatformConfigError

ENTRY_POINTS = "dag2zen.platforms"
"""Entry point group of further platforms: a name, and a subclass of `BasePlatform`."""

BUILT_IN: Mapping[str, str] = {
    "kserve": "runtime.platforms.kserve.platform:KServePlatform",
    "kubernetes": "runtime.platforms.kubernetes.platform:KubernetesPlatform",
    "local": "runtime.platforms.local.platform:LocalPlatform",
    "podman": "runtime.platforms.podman.platform:PodmanPlatform",
    "snowflake_spcs": "runtime.platforms.snowflake.platform:SnowflakePlatform",
}


def create_platform(config: RuntimeConfig | PlatformConfig) -> BasePlatform:
    """Make the platform that the configuration names.

    A platform that another package installs wins over a built-in one of the same name. Raises
    `PlatformConfigError` for an unknown name, with the nearest one and all there are, and for a
    section `config` that the platform does not understand.
    """
    runtime = config if isinstance(config, RuntimeConfig) else RuntimeConfig(platform=config)
    platform = runtime.platform
    return _platform_class(platform.type).from_config(platform, runtime)


def installed_platforms() -> list[str]:
    """Give the names of all platforms that can be configured."""
    return sorted({*BUILT_IN, *(found.name for found in entry_points(group=ENTRY_POINTS))})


def _platform_class(name: str) -> type[BasePlatform]:
    for found in entry_points(group=ENTRY_POINTS, name=name):
        loaded = found.load()
        if not (isinstance(loaded, type) and issubclass(loaded, BasePlatform)):
            raise PlatformConfigError(
                f"The entry point {name} = {found.value} of the group {ENTRY_POINTS} is not a "
                "subclass of runtime.platforms.BasePlatform. Mend or uninstall its package."
            )
        return loaded
    if name not in BUILT_IN:
        known = installed_platforms()
        near = difflib.get_close_matches(name, known, n=1)
        hint = f" Did you mean {near[0]!r}?" if near else ""
        raise PlatformConfigError(
            f"There is no platform {name!r}.{hint} Installed: {', '.join(known)}. "
            "Correct `platform.type` in the configuration."
        )
    module, _, attribute = BUILT_IN[name].partition(":")
    built_in: type[BasePlatform] = getattr(importlib.import_module(module), attribute)
    return built_in
