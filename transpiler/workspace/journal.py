"""`.dag2zen/journal.json`: what a run is about to do, for the run after one that was killed.

It lies there while files are moved into place. A later run that finds it knows of each file whether
the killed run got to it: then it has the content that was to be written, or has left the staging
folder and was edited since. No file is touched for that.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from transpiler.workspace.errors import WorkspaceError
from transpiler.workspace.manifest import (
    Manifest,
    digest,
    manifest_json,
    parse_manifest,
    read_manifest,
)
from transpiler.workspace.paths import STATE_FOLDER, inside

JOURNAL = f"{STATE_FOLDER}/journal.json"
STAGED = "new"
"""The folder below a staging folder from which files are moved into place."""


@dataclass(frozen=True)
class _Journal:
    manifest: Manifest
    written: Mapping[str, str]
    removed: frozenset[str]
    staging: str


def journal_bytes(
    manifest: Manifest, written: Mapping[str, bytes], removed: Iterable[str], staging: str
) -> bytes:
    """The journal's content: the manifest that will be, the hashes that files will have, and from
    where they are moved (a folder in `.dag2zen`).
    """
    document = {
        "manifest": manifest_json(manifest),
        "written": {name: digest(content) for name, content in written.items()},
        "removed": sorted(removed),
        "staging": staging,
    }
    return (json.dumps(document) + "\n").encode()


def read_state(root: Path) -> tuple[Manifest, bool]:
    """What the folder holds of this tool, and whether a run was killed on the way.

    Raises WorkspaceError for a damaged manifest or journal.
    """
    manifest = read_manifest(root)
    journal = _read_journal(root)
    if journal is None:
        return manifest, False
    files = dict(manifest.files)
    for name, entry in journal.manifest.files.items():
        if name not in journal.written or _is_moved(root, name, journal):
            files[name] = entry
    for name in journal.removed:
        if _hash(inside(root, name)) is None:
            files.pop(name, None)
    return Manifest(files, manifest.origin), True


def _is_moved(root: Path, name: str, journal: _Journal) -> bool:
    if _hash(inside(root, name)) == journal.written[name]:
        return True
    staging = inside(root, f"{STATE_FOLDER}/{journal.staging}")
    return staging.is_dir() and not (staging / STAGED / name).exists()


def _read_journal(root: Path) -> _Journal | None:
    path = inside(root, JOURNAL)
    try:
        document = json.loads(path.read_bytes())
        return _Journal(
            parse_manifest(root, document["manifest"]),
            dict(document["written"]),
            frozenset(document["removed"]),
            str(document["staging"]),
        )
    except FileNotFoundError:
        return None
    except (ValueError, TypeError, KeyError, AttributeError):
        raise WorkspaceError(
            path, "the journal of an interrupted run is damaged", "Remove the file and run again."
        ) from None


def _hash(path: Path) -> str | None:
    try:
        return digest(path.read_bytes())
    except (FileNotFoundError, NotADirectoryError):
        return None
