"""The migration config, `migration.yaml`: what the DAG files alone cannot say."""

from __future__ import annotations

from transpiler.config.loading import FILE_NAME, load_migration_config
from transpiler.config.models import (
    BatchInference,
    ConnectionMapping,
    Container,
    ContainerMode,
    MigrationConfig,
)
from transpiler.config.source import MigrationConfigError

__all__ = [
    "FILE_NAME",
    "BatchInference",
    "ConnectionMapping",
    "Container",
    "ContainerMode",
    "MigrationConfig",
    "MigrationConfigError",
    "load_migration_config",
]
