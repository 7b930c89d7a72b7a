"""What a DAG adds to Airflow's templates: macros and filters of its own, and native objects."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from runtime.config import load_config
from runtime.exceptions import ConfigError
from runtime.project import project_root


@dataclass(frozen=True)
class TemplateSettings:
    """Names for templates besides Airflow's; `native` gives Python objects in place of text.

    `undefined` is Jinja's class for names that there are not, `options` goes to its environment.
    """

    macros: Mapping[str, Any] = field(default_factory=dict)
    filters: Mapping[str, Any] = field(default_factory=dict)
    native: bool = False
    undefined: str = "StrictUndefined"
    options: Mapping[str, Any] = field(default_factory=dict)


def template_settings(dag_id: str) -> TemplateSettings:
    """Give what the section `templates` of the DAG's configuration says.

    Raises `ConfigError` where it names something that does not exist.
    """
    config = load_config(dag_id).templates
    return TemplateSettings(
        _mapping("macros", config.macros),
        _mapping("filters", config.filters),
        config.native,
        config.undefined,
        config.options,
    )


def _mapping(kind: str, path: str | None) -> Mapping[str, Any]:
    return {} if path is None else _loaded(kind, path)


@lru_cache(maxsize=32)
def _loaded(kind: str, path: str) -> Mapping[str, Any]:
    module, _, name = path.rpartition(".")
    root = str(project_root())
    if root not in sys.path:
        sys.path.insert(0, root)
    try:
        found = getattr(importlib.import_module(module), name)
    except (ImportError, AttributeError, ValueError) as error:
        raise ConfigError(
            f"templates.{kind} of the configuration is {path!r}, which cannot be loaded: {error}. "
            "Name a dict: module, dot, name."
        ) from error
    if not isinstance(found, Mapping):
        raise ConfigError(f"templates.{kind} of the configuration is {path!r}, which is no dict.")
    return found
