"""`.dag2zen/base/`: what was generated last, as the common ancestor of later merges.

A file for each content, named by its hash and compressed; equal contents are held once. It holds
generated text alone, never an edit and never a secret, which generated text does not have.
"""

from __future__ import annotations

import gzip
import io
import zlib
from pathlib import Path

from transpiler.workspace.errors import WorkspaceError
from transpiler.workspace.manifest import digest
from transpiler.workspace.paths import STATE_FOLDER, inside

FOLDER = f"{STATE_FOLDER}/base"
_LARGEST = 64 * 1024 * 1024
"""Bytes of one file; more than any generated one has."""
_REPORTS = (".html", ".json")


def has_base(name: str) -> bool:
    """Whether a file of that name is ever merged. Reports for machines are made anew instead."""
    return not name.endswith(_REPORTS)


def base_path(hash_: str) -> str:
    """The path of the content with that hash, below the output folder."""
    return f"{FOLDER}/{hash_}.gz"


def base_bytes(content: bytes) -> bytes:
    """The content as it is stored: gzip without a date, so that equal contents are equal files."""
    return gzip.compress(content, mtime=0)


def read_base(root: Path, hash_: str) -> bytes | None:
    """The content with that hash; None where it is not stored.

    Raises WorkspaceError for a stored file that has other content.
    """
    path = inside(root, base_path(hash_))
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(path.read_bytes())) as file:
            content = file.read(_LARGEST)
    except FileNotFoundError:
        return None
    except (gzip.BadGzipFile, EOFError, zlib.error):
        content = b""
    if digest(content) != hash_:
        raise WorkspaceError(
            path,
            "is damaged: it does not hold what was generated last",
            "Take it back from version control, or remove it: then an edited file is kept as it "
            "is instead of merged.",
        )
    return content


def stored(root: Path) -> set[str]:
    """The hashes of all contents that are stored."""
    folder = inside(root, FOLDER)
    return {path.name.removesuffix(".gz") for path in folder.glob("*.gz")}
