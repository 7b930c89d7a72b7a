"""Pods laid over one another, as Airflow lays an operator's arguments over a pod template."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from runtime.platforms.errors import PlatformConfigError
from runtime.project import project_root

Manifest = dict[str, Any]

_JOINED_IN_SPEC = ("initContainers", "volumes")
_JOINED_IN_CONTAINER = ("volumeMounts", "env", "envFrom", "ports", "volumeDevices")
_JOINED_IN_METADATA = ("managedFields", "finalizers", "ownerReferences")


def lay_over(base: Manifest, pod: Manifest) -> Manifest:
    """Give a pod of what `pod` says and, where it is silent, `base`.

    Lists of volumes, init containers, mounts, variables and ports are joined, labels and
    annotations merged, containers paired by their position.
    Source: `airflow.providers.cncf.kubernetes.pod_generator.PodGenerator.reconcile_pods`.
    """
    return {
        **base,
        **pod,
        "metadata": _metadata(base.get("metadata") or {}, pod.get("metadata") or {}),
        "spec": _spec(base.get("spec") or {}, pod.get("spec") or {}),
    }


def _metadata(base: Manifest, own: Manifest) -> Manifest:
    merged = {key: {**(base.get(key) or {}), **(own.get(key) or {})} for key in _MAPS}
    joined = _joined(base, own, _JOINED_IN_METADATA)
    return {**base, **_said(own), **joined, **_said(merged)}


_MAPS = ("labels", "annotations")


def _spec(base: Manifest, own: Manifest) -> Manifest:
    containers = _containers(base.get("containers") or [], own.get("containers") or [])
    joined = _joined(base, own, _JOINED_IN_SPEC)
    return {**base, **_said(own), **joined, **_said({"containers": containers})}


def _containers(base: Sequence[Manifest], own: Sequence[Manifest]) -> list[Manifest]:
    count = min(len(base), len(own))
    paired = [
        {**under, **_said(over), **_joined(under, over, _JOINED_IN_CONTAINER)}
        for under, over in zip(base[:count], own[:count], strict=True)
    ]
    return [*paired, *base[count:], *own[count:]]


def _joined(base: Manifest, own: Manifest, keys: Sequence[str]) -> Manifest:
    return _said({key: [*(base.get(key) or []), *(own.get(key) or [])] for key in keys})


def _said(fields: Mapping[str, Any]) -> Manifest:
    """Leave out what is empty: it says nothing."""
    return {key: value for key, value in fields.items() if value not in (None, "", [], {})}


def read_template(name: str) -> Manifest:
    """Read a pod template file: an absolute path, or one below the project.

    Raises `PlatformConfigError` for a file that is missing or no manifest.
    """
    path = Path(name) if Path(name).is_absolute() else project_root() / name
    try:
        found = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise PlatformConfigError(
            f"The pod template {name!r} cannot be read: {error}. Put the file into the project, "
            "and name it by its path below the project's folder."
        ) from error
    if not isinstance(found, dict):
        raise PlatformConfigError(f"The pod template {name!r} is not a pod's manifest.")
    return found
