"""Find and check migration.yaml."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from transpiler.config.models import BatchInference, Container, MigrationConfig
from transpiler.config.source import KeyPath, MigrationConfigError, YamlFile, read_yaml

FILE_NAME = "migration.yaml"


def load_migration_config(
    path: Path | None, project_root: Path, start: Path | None = None
) -> MigrationConfig:
    """Read the file named, or the nearest `migration.yaml` from `start` (a DAG file or a folder, by
    default the project root) up to the project root, or nothing.

    A file that is found and not named belongs to the project that is read: it may neither load
    rules, which are code, nor send the output outside the project root. Raises
    MigrationConfigError with file, line, key and the nearest valid key.
    """
    found = path or _find(start or project_root, project_root)
    if found is None:
        return MigrationConfig()
    source = read_yaml(found)
    try:
        config = MigrationConfig.model_validate(source.data)
    except ValidationError as error:
        raise MigrationConfigError("\n".join(_problems(error, source))) from None
    _refuse_reaching_out(config, source, found, path is None, project_root)
    config._source = found.resolve()
    config._suppress_lines = [
        source.lines.get(("suppress", position), 1) for position in range(len(config.suppress))
    ]
    return config


def _refuse_reaching_out(
    config: MigrationConfig, source: YamlFile, found: Path, only_found: bool, project_root: Path
) -> None:
    """What a file of the project that is read may not do by itself: run code, write elsewhere."""
    if not only_found:
        return
    if config.rules:
        raise MigrationConfigError(
            f"{source.where(('rules',))}: rules: rule modules are code, and are loaded only "
            f"from a file that you name. Pass --config {found} or --rules PATH."
        )
    if config.output is not None:
        output = (found.parent / config.output).resolve()
        if not output.is_relative_to(project_root.resolve()):
            raise MigrationConfigError(
                f"{source.where(('output',))}: output: a folder outside the project root is "
                f"written only where you name the file. Pass --config {found} or --out DIR."
            )


def _find(start: Path, project_root: Path) -> Path | None:
    root = project_root.resolve()
    folder = start.resolve()
    for candidate in (folder, *folder.parents):
        if candidate.is_relative_to(root) and (candidate / FILE_NAME).is_file():
            return candidate / FILE_NAME
    return None


def _problems(error: ValidationError, source: YamlFile) -> Iterator[str]:
    for problem in error.errors(include_input=False, include_url=False):
        at = _in_file(problem["loc"])
        key = ".".join(str(part) for part in at)
        if problem["type"] == "extra_forbidden":
            yield f"{source.where(at)}: unknown key {key!r}.{_nearest(at, source)}"
        elif problem["type"] == "union_tag_invalid":
            yield f"{source.where((*at, 'as'))}: {key}: `as` must be container or batch_inference."
        else:
            message = problem["msg"].removeprefix("Value error, ")
            yield f"{source.where(at)}: {key}: {message}."


def _in_file(loc: KeyPath) -> KeyPath:
    """Pydantic's place without the mode of an image, which the file does not have as a key."""
    return (*loc[:2], *loc[3:]) if loc[0] == "images" else loc


def _nearest(at: KeyPath, source: YamlFile) -> str:
    valid = _valid_keys(at[:-1], source)
    near = difflib.get_close_matches(str(at[-1]), valid, n=1, cutoff=0.5)
    return f" Did you mean {near[0]!r}?" if near else f" Valid keys here: {', '.join(valid)}."


def _valid_keys(at: KeyPath, source: YamlFile) -> list[str]:
    if at[:1] == ("images",):
        mode = source.data["images"][at[1]]
        return _keys(BatchInference if mode.get("as") == "batch_inference" else Container)
    annotation: Any = MigrationConfig
    for _ in at[:2]:
        annotation = _inside(annotation, at)
    return _keys(annotation)


def _inside(annotation: Any, at: KeyPath) -> Any:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation.model_fields[str(at[0])].annotation
    return get_args(annotation)[1]


def _keys(model: type[BaseModel]) -> list[str]:
    return [field.alias or name for name, field in model.model_fields.items()]
