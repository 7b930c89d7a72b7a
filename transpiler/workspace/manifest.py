"""`.dag2zen/manifest.json`: which files this tool wrote, of which DAG files, and from what."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from transpiler.workspace.errors import WorkspaceError
from transpiler.workspace.origin import Origin
from transpiler.workspace.paths import STATE_FOLDER, inside

MANIFEST = f"{STATE_FOLDER}/manifest.json"
_VERSION = 2
_REMEDY = (
    "Take it back from version control, or remove the folder .dag2zen: every file is then "
    "treated as yours and kept."
)
_CONFLICT_REMEDY = (
    "Take one side of it (git checkout --ours, or --theirs), and of the reports too; then run "
    "again, which makes them anew."
)


@dataclass(frozen=True)
class Entry:
    """One file that was written."""

    generated: str
    """Hash of what was generated last, before any merge with a hand edit."""
    sources: tuple[str, ...] = ()
    """The DAG files that it is made of; none for the reports of the whole folder."""
    conflict: bool = False
    """The last merge left conflict markers in it."""


@dataclass(frozen=True)
class Manifest:
    """What the last run left."""

    files: Mapping[str, Entry] = field(default_factory=dict)
    origin: Origin = field(default_factory=Origin)


def digest(content: bytes) -> str:
    """The hash that the manifest holds for a file of that content."""
    return hashlib.sha256(content).hexdigest()


def read_manifest(root: Path) -> Manifest:
    """The manifest of the folder; an empty one where nothing was written yet.

    Raises WorkspaceError where it is damaged, of another version, or names a path outside.
    """
    path = inside(root, MANIFEST)
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return Manifest()
    if b"\n<<<<<<< " in content:
        cause = "has conflict markers of git, because two branches were written to"
        raise WorkspaceError(path, cause, _CONFLICT_REMEDY)
    try:
        return parse_manifest(root, json.loads(content))
    except _Newer as error:
        cause = f"the manifest has version {error}, this dag2zen reads version {_VERSION}"
        raise WorkspaceError(path, cause, "Use the newer version of dag2zen.") from None
    except (ValueError, TypeError, KeyError, AttributeError):
        raise WorkspaceError(path, "the manifest is damaged", _REMEDY) from None


class _Newer(Exception):
    """The version of a manifest that a later tool wrote."""


def parse_manifest(root: Path, document: Any) -> Manifest:
    """The manifest of a JSON document. Raises ValueError and the like for another structure."""
    if isinstance(document["version"], int) and document["version"] > _VERSION:
        raise _Newer(document["version"])
    if document["version"] != _VERSION:
        raise ValueError("version")
    files = {name: _entry(fields) for name, fields in document["files"].items()}
    for name in files:
        inside(root, name)
    return Manifest(files, Origin.from_json(document["made_from"]))


def _entry(fields: Any) -> Entry:
    entry = Entry(fields["generated"], tuple(fields["sources"]), fields.get("conflict", False))
    hexadecimal = set("0123456789abcdef")
    if len(entry.generated) != 64 or not hexadecimal.issuperset(entry.generated):
        raise ValueError("no hash")
    if not all(isinstance(source, str) for source in entry.sources):
        raise TypeError("sources")
    return entry


def manifest_json(manifest: Manifest) -> dict[str, Any]:
    """The manifest as plain data, files sorted."""
    return {
        "version": _VERSION,
        "made_from": asdict(manifest.origin),
        "files": {name: _fields(entry) for name, entry in sorted(manifest.files.items())},
    }


def _fields(entry: Entry) -> dict[str, Any]:
    fields: dict[str, Any] = {"generated": entry.generated, "sources": sorted(entry.sources)}
    return {**fields, "conflict": True} if entry.conflict else fields


def manifest_bytes(manifest: Manifest) -> bytes:
    """The manifest's content."""
    return (json.dumps(manifest_json(manifest), indent=2) + "\n").encode()
