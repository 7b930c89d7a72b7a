"""Which files configure a pipeline."""

from __future__ import annotations

import os
import re
from pathlib import Path

import yaml

from runtime.exceptions import ConfigError
from runtime.project import pipeline_identifier

BASE = "base.yaml"
ENVIRONMENT_VARIABLE = "RUNTIME_ENVIRONMENT"
_ENVIRONMENT_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*\Z")
_PIPELINE_KEY = re.compile(r"^pipeline:[ \t]*(.*)$", re.MULTILINE)


def config_files(folder: Path, pipeline: str | None, environment: str | None = None) -> list[Path]:
    """Give the files of a pipeline, the later the stronger.

    `base.yaml`, `environments/<environment>.yaml`, and the pipeline's own: the file here or in
    `pipelines/` whose `pipeline:` is the DAG id, or that is named after it. Without `environment`,
    the variable `RUNTIME_ENVIRONMENT` names it; without that there is none. Raises `ConfigError`
    for an environment without a file.
    """
    files = [path for path in (folder / BASE,) if path.is_file()]
    environment = environment or os.environ.get(ENVIRONMENT_VARIABLE)
    if environment:
        files.append(_environment_file(folder / "environments", environment))
    own = _own_file(folder, pipeline) if pipeline is not None else None
    return files if own is None else [*files, own]


def _environment_file(folder: Path, environment: str) -> Path:
    path = folder / f"{environment}.yaml"
    if _ENVIRONMENT_NAME.match(environment) and path.is_file():
        return path
    known = ", ".join(sorted(file.stem for file in folder.glob("*.yaml"))) or "none"
    raise ConfigError(
        f"There is no environment {environment!r} in {folder} (known: {known}). "
        f"Write environments/NAME.yaml, or change {ENVIRONMENT_VARIABLE}."
    )


def _own_file(folder: Path, pipeline: str) -> Path | None:
    """The file whose `pipeline:` is the DAG id; one without that key counts by its name."""
    folders = (folder, folder / "pipelines")
    for place in folders:
        by_name = place / f"{pipeline_identifier(pipeline)}.yaml"
        if by_name.is_file() and _owner(by_name) in (None, pipeline):
            return by_name
    others = (path for place in folders for path in sorted(place.glob("*.yaml")))
    return next((path for path in others if path.name != BASE and _owner(path) == pipeline), None)


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
