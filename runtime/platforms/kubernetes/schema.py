"""Manifests checked against the models of the official client, before anything is sent.

A cluster drops fields that it does not know without a word, so a typing error would go unnoticed.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from runtime.platforms.errors import PlatformConfigError

if TYPE_CHECKING:
    from types import ModuleType

Models = Mapping[str, Any]
_LIST = re.compile(r"list\[(.*)\]")
_MAP = re.compile(r"dict\(str, (.*)\)|dict\[str, (.*)\]")
_PLAIN: dict[str, tuple[type, ...]] = {
    "str": (str,),
    "quantity": (str, int, float),
    "int": (int,),
    "float": (int, float),
    "bool": (bool,),
    "datetime": (str,),
    "date": (str,),
}
_AMOUNTS = re.compile(r"(.*resources\.)?(limits|requests)")


def check_manifest(manifest: Any, model: str, more: ModuleType | None = None) -> None:
    """Hold a manifest against a model of `kubernetes.client`, as `V1Pod`, or of the module `more`.

    Raises `PlatformConfigError` that names every unknown field with the nearest known one, every
    value of a wrong type and every field that is missing, by their paths.
    """
    from kubernetes.client import models

    known = {**vars(models), **(vars(more) if more else {})}
    problems = _object(manifest, model, "", known)
    if problems:
        raise PlatformConfigError(
            f"The manifest is not a valid {model.removeprefix('V1')}: {'; '.join(problems)}."
        )


def _problems(value: Any, kind: str, path: str, models: Models) -> list[str]:
    if value is None or kind == "object":
        return []
    if found := _LIST.fullmatch(kind):
        if not isinstance(value, list):
            return [f"{path} must be a list"]
        items = enumerate(value)
        return [
            text
            for at, item in items
            for text in _problems(item, found[1], f"{path}[{at}]", models)
        ]
    if found := _MAP.fullmatch(kind):
        return _map(value, found[1] or found[2], path, models)
    if kind in _PLAIN:
        return _plain(value, kind, path)
    return _object(value, kind, path, models)


def _map(value: Any, kind: str, path: str, models: Models) -> list[str]:
    if not isinstance(value, dict):
        return [f"{path} must be a mapping"]
    # Amounts of resources may be numbers: https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
    kind = "quantity" if _AMOUNTS.fullmatch(path) else kind
    entries = value.items()
    return [
        text for key, item in entries for text in _problems(item, kind, f"{path}.{key}", models)
    ]


def _plain(value: Any, kind: str, path: str) -> list[str]:
    fits = isinstance(value, _PLAIN[kind]) and (kind == "bool" or not isinstance(value, bool))
    return [] if fits else [f"{path} must be {kind}, not {type(value).__name__}"]


def _object(value: Any, name: str, path: str, models: Models) -> list[str]:
    model = models[name]
    if not isinstance(value, dict):
        return [f"{path or name} must be a mapping"]
    kinds = {model.attribute_map[key]: kind for key, kind in model.openapi_types.items()}
    problems = []
    for key, item in value.items():
        here = f"{path}.{key}" if path else str(key)
        if key in kinds:
            problems += _problems(item, kinds[key], here, models)
        else:
            near = difflib.get_close_matches(str(key), kinds, n=1)
            problems.append(f"{here} is unknown" + (f", did you mean {near[0]}" if near else ""))
    return problems + [
        f"{path}.{key} is missing" if path else f"{key} is missing"
        for key in _required(model)
        if value.get(key) is None
    ]


def _required(model: Any) -> list[str]:
    """The fields that the model's constructor refuses to go without."""
    empty: dict[str, Any] = {}
    missing: list[str] = []
    while True:
        try:
            model(**empty)
        except ValueError as error:
            attribute = re.search(r"`(\w+)`", str(error))
            if attribute is None or attribute[1] in empty:
                return missing
            missing.append(model.attribute_map[attribute[1]])
            empty[attribute[1]] = []
        else:
            return missing
