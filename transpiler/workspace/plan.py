"""What a run would do to the output folder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from transpiler.model.finding import Finding, finding
from transpiler.model.span import Span
from transpiler.workspace.errors import WorkspaceError, from_os_error
from transpiler.workspace.manifest import MANIFEST, digest, manifest_bytes, read_manifest
from transpiler.workspace.paths import inside


@dataclass(frozen=True)
class Plan:
    """Files to write (content by path) and to remove, and files left alone."""

    write: Mapping[str, bytes]
    remove: tuple[str, ...]
    unchanged: tuple[str, ...]
    edited: tuple[str, ...]
    """Would be overwritten, but are not as this tool wrote them."""
    abandoned: tuple[str, ...]
    """Are not made any more, but were edited by hand, so they stay."""

    @property
    def findings(self) -> list[Finding]:
        """D2Z503 for each file that was edited by hand."""
        overwrite = [
            finding(
                "D2Z503",
                Span(name, 1, 1),
                f"{name} was edited by hand and is not overwritten",
                # Filling in the configuration is what users are asked to do.
                severity="warning" if name.startswith("configs/") else None,
            )
            for name in self.edited
        ]
        stale = [
            finding(
                "D2Z503",
                Span(name, 1, 1),
                f"{name} is not made any more, but was edited by hand and stays",
                severity="warning",
                remedy="Remove the file if you do not need it.",
            )
            for name in self.abandoned
        ]
        return overwrite + stale


def encoded(text: str) -> bytes:
    """The file's bytes: UTF-8; a lone surrogate, which UTF-8 cannot carry, becomes its escape."""
    return text.encode("utf-8", errors="backslashreplace")


def make_plan(root: Path, files: Mapping[str, str]) -> Plan:
    """Compare the files to be written with the folder and its manifest. Raises WorkspaceError."""
    try:
        return _compare(root, {name: encoded(text) for name, text in files.items()})
    except OSError as error:
        raise from_os_error(error, root) from error


def _compare(root: Path, files: Mapping[str, bytes]) -> Plan:
    if root.exists() and not root.is_dir():
        raise WorkspaceError(root, "is not a folder", "Choose another path with --out.")
    known = read_manifest(root)
    write, unchanged, edited = {}, [], []
    for name, content in sorted(files.items()):
        current = _content(inside(root, name))
        if current == content:
            unchanged.append(name)
        elif current is None or digest(current) == known.get(name):
            write[name] = content
        else:
            edited.append(name)
    remove: list[str] = []
    abandoned: list[str] = []
    for name in sorted(known.keys() - files.keys()):
        current = _content(inside(root, name))
        if current is not None:
            (remove if digest(current) == known[name] else abandoned).append(name)
    manifest = {name: digest(content) for name, content in files.items()}
    for name in edited:
        del manifest[name]
        if name in known:
            manifest[name] = known[name]
    if _content(inside(root, MANIFEST)) != manifest_bytes(manifest):
        write[MANIFEST] = manifest_bytes(manifest)
    return Plan(write, tuple(remove), tuple(unchanged), tuple(edited), tuple(abandoned))


def _content(path: Path) -> bytes | None:
    """The file's bytes; None where there is no file. A folder in its place is an error."""
    try:
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None
