"""`.dag2zen/manifest.json`: which files this tool wrote, and what was in them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

from transpiler.workspace.errors import WorkspaceError
from transpiler.workspace.paths import STATE_FOLDER, inside

MANIFEST = f"{STATE_FOLDER}/manifest.json"
_VERSION = 1


def digest(content: bytes) -> str:
    """The hash that the manifest holds for a file of that content."""
    return hashlib.sha256(content).hexdigest()


def read_manifest(root: Path) -> dict[str, str]:
    """Hash by path of the files that the last run wrote; empty where there was none.

    Raises WorkspaceError where the manifest is damaged or names a path outside the folder.
    """
    path = inside(root, MANIFEST)
    try:
        document = json.loads(path.read_bytes())
        files = document["files"]
        valid = document["version"] == _VERSION and all(
            isinstance(hash_, str) for hash_ in files.values()
        )
    except FileNotFoundError:
        return {}
    except (ValueError, TypeError, KeyError, AttributeError):
        valid = False
    if not valid:
        raise WorkspaceError(path, "the manifest is damaged", "Remove it, or choose another --out.")
    for name in files:
        inside(root, name)
    return dict(files)


def manifest_bytes(files: Mapping[str, str]) -> bytes:
    """The manifest's content."""
    document = {"version": _VERSION, "files": dict(sorted(files.items()))}
    return (json.dumps(document, indent=2) + "\n").encode()
