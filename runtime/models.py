"""Models from the MLflow registry, by alias or version, with their lineage.

https://mlflow.org/docs/latest/ml/model-registry/
"""

from __future__ import annotations

import importlib
import threading
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict

from runtime.exceptions import PipelineRuntimeError
from runtime.model_requirements import warn_of_differences

if TYPE_CHECKING:
    from types import ModuleType

    from mlflow import MlflowClient
    from mlflow.entities.model_registry import ModelVersion
    from mlflow.models import ModelSignature
    from mlflow.pyfunc import PyFuncModel

    from runtime.config import MlflowConfig


KEPT_MODELS = 2
"""Models that stay in memory, for the next partition or run in this process."""
_LOADING = threading.Lock()


class ModelNotFoundError(PipelineRuntimeError):
    """The registry has no such model, version or alias; the message lists what it has."""


class ModelReference(BaseModel):
    """A registered model with its version pinned: small enough to be an artifact."""

    model_config = ConfigDict(frozen=True)

    name: str
    version: str
    alias: str | None = None
    run_id: str | None = None

    @property
    def uri(self) -> str:
        """MLflow's address of this version."""
        return f"models:/{self.name}/{self.version}"


@dataclass(frozen=True)
class LoadedModel:
    """A model in memory; `model.predict(frame)` predicts."""

    model: PyFuncModel
    lineage: ModelReference

    @property
    def signature(self) -> ModelSignature | None:
        """The columns that the model declares, None where it was logged without."""
        signature: ModelSignature | None = self.model.metadata.signature
        return signature


def resolve_model(
    name: str, *, alias: str | None = None, version: str | int | None = None, config: MlflowConfig
) -> ModelReference:
    """Find a version of a registered model and pin it; a version wins over an alias.

    An alias may move while a run is under way; later steps use the version that was found first.
    Raises `ModelNotFoundError` and, where neither is given, `ValueError`.
    """
    if alias is None and version is None:
        raise ValueError(
            f"Say which version of the model {name!r} is meant: by `alias` or `version`."
        )
    client = _client(config)
    found = _find(client, name, alias, None if version is None else str(version))
    return ModelReference(
        name=found.name,
        version=str(found.version),
        alias=alias if version is None else None,
        run_id=found.run_id,
    )


def load_registered_model(
    name: str, *, alias: str | None = None, version: str | int | None = None, config: MlflowConfig
) -> LoadedModel:
    """Find a version of a registered model and load it. Raises as `resolve_model` does."""
    return load_referenced_model(
        resolve_model(name, alias=alias, version=version, config=config), config
    )


def load_referenced_model(reference: ModelReference, config: MlflowConfig) -> LoadedModel:
    """Load the version that a reference pins, once for the process: a version never changes."""
    import mlflow

    use_servers(config)
    servers = (mlflow.get_tracking_uri(), mlflow.get_registry_uri())
    # Mapped steps are threads of one process; each would load a copy at the same time.
    with _LOADING:
        return LoadedModel(_loaded(reference.uri, servers), reference)


@lru_cache(maxsize=KEPT_MODELS)
def _loaded(uri: str, servers: tuple[str, str]) -> PyFuncModel:
    from mlflow.artifacts import download_artifacts

    loader = pyfunc()
    folder = Path(download_artifacts(artifact_uri=uri))
    # MLflow's warnings are of what is checked below, at a fraction of their cost.
    model: PyFuncModel = loader.load_model(str(folder), suppress_warnings=True)
    python = model.metadata.flavors[loader.FLAVOR_NAME].get(loader.PY_VERSION)
    warn_of_differences(folder, python)
    return model


def pyfunc() -> ModuleType:
    """Import `mlflow.pyfunc` without the warning that it gives about its own classes."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "(?s).*Any type hint is inferred", UserWarning)
        return importlib.import_module("mlflow.pyfunc")


def use_servers(config: MlflowConfig) -> None:
    """Point MLflow, process-wide, at the configured servers; unset ones are left as they are."""
    import mlflow

    if config.tracking_uri is not None:
        mlflow.set_tracking_uri(config.tracking_uri)
    if config.registry_uri is not None:
        mlflow.set_registry_uri(config.registry_uri)


def _client(config: MlflowConfig) -> MlflowClient:
    from mlflow import MlflowClient

    use_servers(config)
    return MlflowClient(config.tracking_uri, config.registry_uri)


def _find(client: MlflowClient, name: str, alias: str | None, version: str | None) -> ModelVersion:
    from mlflow.exceptions import MlflowException

    try:
        if version is not None:
            return client.get_model_version(name, version)
        return client.get_model_version_by_alias(name, str(alias))
    except MlflowException as error:
        if error.error_code not in ("RESOURCE_DOES_NOT_EXIST", "INVALID_PARAMETER_VALUE"):
            raise
        wanted = f"version {version}" if version is not None else f"alias {alias!r}"
        raise ModelNotFoundError(_what_exists(client, name, wanted)) from error


def _what_exists(client: MlflowClient, name: str, wanted: str) -> str:
    from mlflow.exceptions import MlflowException

    try:
        aliases: Mapping[str, Any] = client.get_registered_model(name).aliases
    except MlflowException:
        names = sorted(model.name for model in client.search_registered_models())
        return (
            f"The registry has no model {name!r}; it has: {', '.join(names) or 'none'}. "
            "Check the name and `mlflow:` in the configuration."
        )
    versions = sorted(
        int(found.version) for found in client.search_model_versions(f"name='{name}'")
    )
    listed = ", ".join(f"{alias} (version {number})" for alias, number in sorted(aliases.items()))
    return (
        f"The model {name!r} has no {wanted}. Aliases: {listed or 'none'}. "
        f"Versions: {', '.join(map(str, versions)) or 'none'}. Register it, or move an alias."
    )
