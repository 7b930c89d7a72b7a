"""Find, merge and check the configuration of a pipeline."""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from runtime.config.environment import overlay_environment
from runtime.config.fields import valid_keys
from runtime.config.models import RuntimeConfig
from runtime.config.source import KeyPath, YamlSource, read_yaml
from runtime.exceptions import ConfigError
from runtime.project import pipeline_identifier, project_root

BASE = "base.yaml"
_PIPELINE_KEY = re.compile(r"^pipeline:[ \t]*(.*)$", re.MULTILINE)
Fingerprint = tuple[object, ...]
_cache: dict[tuple[Path, str | None], tuple[Fingerprint, RuntimeConfig]] = {}


def load_config(pipeline: str | None = None) -> RuntimeConfig:
    """Give the configuration of a pipeline: `base.yaml`, its own file, the environment.

    Each is laid over the one before it.

    `pipeline` is the DAG id; without it, that of the step that is running, or else no pipeline's.
    The result is kept as long as neither files nor environment change. Raises `ConfigError` with
    file, line and key, never with a value.
    """
    if pipeline is None:
        pipeline = _running_pipeline()
    folder = project_root() / "configs"
    files = _files(folder, pipeline)
    fingerprint = _fingerprint(files)
    cached = _cache.get((folder, pipeline))
    if cached and cached[0] == fingerprint:
        return cached[1]
    config = _build([read_yaml(path) for path in files])
    _cache[folder, pipeline] = (fingerprint, config)
    return config


def _running_pipeline() -> str | None:
    from runtime.context import running_dag_id

    return running_dag_id()


def _files(folder: Path, pipeline: str | None) -> list[Path]:
    files = [path for path in (folder / BASE,) if path.is_file()]
    own = _own_file(folder, pipeline) if pipeline is not None else None
    return files if own is None else [*files, own]


def _own_file(folder: Path, pipeline: str) -> Path | None:
    """The file whose `pipeline:` is the DAG id; one without that key counts by its name."""
    by_name = folder / f"{pipeline_identifier(pipeline)}.yaml"
    if by_name.is_file() and _owner(by_name) in (None, pipeline):
        return by_name
    others = (path for path in sorted(folder.glob("*.yaml")) if path.name != BASE)
    return next((path for path in others if _owner(path) == pipeline), None)


def _owner(path: Path) -> str | None:
    """The top-level key `pipeline` of a file, read without the rest of it."""
    found = _PIPELINE_KEY.search(path.read_text(encoding="utf-8", errors="replace"))
    if found is None:
        return None
    try:
        value = yaml.safe_load(found[1])
    except yaml.YAMLError as error:
        raise ConfigError(f"{path}: the value of `pipeline` is not valid YAML.") from error
    return None if value is None else str(value)


def _fingerprint(files: list[Path]) -> Fingerprint:
    stats = [(path, path.stat()) for path in files]
    versions = tuple((path, stat.st_mtime_ns, stat.st_size) for path, stat in stats)
    return (*versions, frozenset(os.environ.items()))


def _build(sources: list[YamlSource]) -> RuntimeConfig:
    data: dict[str, Any] = {}
    for source in sources:
        data = _merge(data, source.data)
    data = overlay_environment(data, os.environ)
    try:
        return RuntimeConfig.model_validate(data)
    except ValidationError as error:
        raise ConfigError("\n".join(_problems(error, sources))) from None


def _merge(under: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    merged = dict(under)
    for key, value in over.items():
        below = merged.get(key)
        both = isinstance(below, dict) and isinstance(value, dict)
        merged[key] = _merge(below, value) if both and below is not None else value
    return merged


def _problems(error: ValidationError, sources: list[YamlSource]) -> Iterator[str]:
    for problem in error.errors(include_input=False, include_url=False, include_context=False):
        at: KeyPath = tuple(str(part) if isinstance(part, str) else part for part in problem["loc"])
        key = ".".join(str(part) for part in at)
        if problem["type"] == "extra_forbidden":
            yield f"{_where(at, sources)}: unknown key {key!r}.{_nearest(at)}"
        else:
            yield f"{_where(at, sources)}: {key}: {problem['msg']}."


def _where(at: KeyPath, sources: list[YamlSource]) -> str:
    """Name the file that has the key; the last file that has it gave the value."""
    for length in range(len(at), 0, -1):
        for source in reversed(sources):
            if at[:length] in source.lines:
                return source.where(at[:length])
    return "environment (RUNTIME__" + "__".join(str(part).upper() for part in at) + ")"


def _nearest(at: KeyPath) -> str:
    names = valid_keys([str(part) for part in at[:-1]])
    near = difflib.get_close_matches(str(at[-1]), names, n=1, cutoff=0.5)
    if near:
        return f" Did you mean {near[0]!r}?"
    return f" Valid keys here: {', '.join(names)}."
