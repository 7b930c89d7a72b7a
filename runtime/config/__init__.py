"""Configuration of a pipeline: `configs/*.yaml` of the emitted project and the environment."""

from __future__ import annotations

from runtime.config.connection import ConnectionConfig
from runtime.config.loader import load_config
from runtime.config.models import (
    AlertsConfig,
    EmailConfig,
    IncidentIoConfig,
    MlflowConfig,
    PlatformConfig,
    RuntimeConfig,
)

__all__ = [
    "AlertsConfig",
    "ConnectionConfig",
    "EmailConfig",
    "IncidentIoConfig",
    "MlflowConfig",
    "PlatformConfig",
    "RuntimeConfig",
    "load_config",
]
