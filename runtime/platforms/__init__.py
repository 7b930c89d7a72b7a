"""Where containers run and models are served: one interface, made from the configuration."""

from __future__ import annotations

from runtime.platforms.base import BasePlatform
from runtime.platforms.factory import create_platform, installed_platforms
from runtime.platforms.spec import (
    ContainerResult,
    ContainerSpec,
    JobIdentity,
    ModelService,
    WorkloadStatus,
)

__all__ = [
    "BasePlatform",
    "ContainerResult",
    "ContainerSpec",
    "JobIdentity",
    "ModelService",
    "WorkloadStatus",
    "create_platform",
    "installed_platforms",
]
