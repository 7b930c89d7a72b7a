"""Two branches that write to one folder: their reports and manifests conflict, and are made anew.

Every run writes the reports of the whole folder, so git cannot merge them when one branch follows
another. Nothing is lost by taking those of the base: the run that comes next writes them again.
"""

from __future__ import annotations

import json
from dataclasses import replace

from transpiler.workspace.manifest import (
    MANIFEST,
    Manifest,
    digest,
    manifest_bytes,
    parse_manifest,
)
from transpiler.workspace.pull_request.repository import Repository

_OURS, _THEIRS = 2, 3
"""Where git's index keeps the two sides of a conflict."""


def resolve_reports(tree: Repository, out: str) -> bool:
    """Resolve the conflicts of the merge under way where all are in manifest and reports that
    nobody has edited; whether they are.
    """
    listed = tree.ask("diff", "--name-only", "-z", "--diff-filter=U") or ""
    paths = [path for path in listed.split("\0") if path]
    ours, theirs = (_manifest(tree, out, side) for side in (_OURS, _THEIRS))
    reports = [path for path in paths if path != f"{out}/{MANIFEST}"]
    if ours is None or theirs is None:
        return False
    if not all(_is_unedited(tree, path, path.removeprefix(f"{out}/"), ours) for path in reports):
        return False
    for path in reports:
        remedy = "Merge the base by hand."
        tree.git("checkout", "--theirs", "--", f":(top,literal){path}", remedy=remedy)
    (tree.root / out / MANIFEST).write_bytes(manifest_bytes(_both(ours, theirs)))
    tree.git("add", "--", *(f":(top,literal){path}" for path in paths), remedy="Merge by hand.")
    return True


def _manifest(tree: Repository, out: str, side: int) -> Manifest | None:
    text = tree.ask("show", f":{side}:{out}/{MANIFEST}")
    return None if text is None else parse_manifest(tree.root / out, json.loads(text))


def _is_unedited(tree: Repository, path: str, name: str, ours: Manifest) -> bool:
    """Whether a file is a report of the whole folder, as this tool wrote it."""
    entry = ours.files.get(name)
    if entry is None or entry.sources:
        return False
    content = tree.content(f":{_OURS}:{path}")
    return content is not None and digest(content) == entry.generated


def _both(ours: Manifest, theirs: Manifest) -> Manifest:
    """The files of both; what both have is as the base has it, for the DAG files of both."""
    shared = {
        name: replace(entry, sources=tuple(sorted({*entry.sources, *ours.files[name].sources})))
        for name, entry in theirs.files.items()
        if name in ours.files
    }
    files = {**ours.files, **theirs.files, **shared}
    sources = {**theirs.origin.sources, **ours.origin.sources}
    origin = replace(ours.origin, sources=dict(sorted(sources.items())))
    return Manifest(dict(sorted(files.items())), origin)
