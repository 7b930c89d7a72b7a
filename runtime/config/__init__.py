"""Configuration of a pipeline: `configs/` of the emitted project, code and the environment."""

from __future__ import annotations

from runtime.config.connection import ConnectionConfig
from runtime.config.inference import (
    ColumnRule,
    DataConfig,
    DataRules,
    InferenceConfig,
    ModelConfig,
    MonitoringConfig,
    OutputConfig,
    ValidationConfig,
)
from runtime.config.loader import config_overrides, load_config
from runtime.config.models import (
    AlertsConfig,
    EmailConfig,
    IncidentIoConfig,
    MlflowConfig,
    RuntimeConfig,
)
from runtime.config.platform import PlatformConfig

__all__ = [
    "AlertsConfig",
    "ColumnRule",
    "ConnectionConfig",
    "DataConfig",
    "DataRules",
    "EmailConfig",
    "IncidentIoConfig",
    "InferenceConfig",
    "MlflowConfig",
    "ModelConfig",
    "MonitoringConfig",
    "OutputConfig",
    "PlatformConfig",
    "RuntimeConfig",
    "ValidationConfig",
    "config_overrides",
    "load_config",
]
