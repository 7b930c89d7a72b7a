"""Find, merge and check the configuration of a pipeline."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from runtime.config.environment import environment_layer
from runtime.config.files import config_files
from runtime.config.layers import Layer, merge_layers
from runtime.config.models import RuntimeConfig
from runtime.config.plain_secrets import plain_secrets
from runtime.config.problems import problems
from runtime.config.source import read_yaml
from runtime.exceptions import ConfigError
from runtime.project import project_root

Fingerprint = tuple[object, ...]
_overrides: list[Mapping[str, Any]] = []


@dataclass(frozen=True)
class LoadedConfig:
    """A configuration, and the layers that gave its values."""

    config: RuntimeConfig
    layers: tuple[Layer, ...]


_cache: dict[tuple[Path, str | None, str | None], tuple[Fingerprint, LoadedConfig]] = {}


def load_config(pipeline: str | None = None, environment: str | None = None) -> RuntimeConfig:
    """Give the configuration of a pipeline.

    The layers, the later the stronger: `base.yaml`, `environments/<environment>.yaml`, the
    pipeline's own file, `config_overrides`, and environment variables. `pipeline` is the DAG id;
    without it, that of the step that is running, or else no pipeline's. `environment` is by
    default that of `RUNTIME_ENVIRONMENT`.

    The result is kept as long as neither files nor environment change. Raises `ConfigError` with
    file, line and key, never with a value.
    """
    return load_layers(pipeline, environment).config


def load_layers(pipeline: str | None = None, environment: str | None = None) -> LoadedConfig:
    """Give the configuration as `load_config` does, with the layers that it was made of."""
    if pipeline is None:
        pipeline = _running_pipeline()
    folder = project_root() / "configs"
    files = config_files(folder, pipeline, environment)
    fingerprint = _fingerprint(files)
    cached = _cache.get((folder, pipeline, environment))
    if cached and cached[0] == fingerprint:
        return cached[1]
    loaded = _build([read_yaml(path) for path in files])
    _cache[folder, pipeline, environment] = (fingerprint, loaded)
    return loaded


@contextmanager
def config_overrides(values: Mapping[str, Any]) -> Iterator[None]:
    """Lay values over the files' for the block, in this process; the environment stays stronger.

    `values` is nested as the files are, e.g. `{"inference": {"batch_size": 500}}`.
    """
    _overrides.append(values)
    try:
        yield
    finally:
        # By identity: blocks of other threads may have begun or ended meanwhile.
        index = next(at for at, held in enumerate(_overrides) if held is values)
        del _overrides[index]


def _running_pipeline() -> str | None:
    from runtime.context import running_dag_id

    return running_dag_id()


def _fingerprint(files: list[Path]) -> Fingerprint:
    stats = [(path, path.stat()) for path in files]
    versions = tuple((path, stat.st_mtime_ns, stat.st_size) for path, stat in stats)
    return (*versions, repr(_overrides), frozenset(os.environ.items()))


def _build(files: list[Layer]) -> LoadedConfig:
    code = [Layer(dict(values), _code_places(values)) for values in _overrides]
    below = merge_layers([*files, *code])
    layers = (*files, *code, environment_layer(below, os.environ))
    data = merge_layers(layers)
    if found := list(plain_secrets(data, layers)):
        raise ConfigError("\n".join(found))
    try:
        return LoadedConfig(RuntimeConfig.model_validate(data), layers)
    except ValidationError as error:
        raise ConfigError("\n".join(problems(error, layers))) from None


def _code_places(values: Mapping[str, Any]) -> dict[Any, str]:
    return {(str(key),): "code (config_overrides)" for key in values}
