"""Snapshots of emitted files, one file each, with unified diffs where they differ."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode

if TYPE_CHECKING:
    from syrupy.assertion import SnapshotAssertion

    from transpiler.lower.mode import Requested
    from transpiler.report.result import FileResult

FINDINGS = "findings"
"""Name of the snapshot with the findings."""
_MOST_LINES = 200
"""Lines of all diffs together that a failure shows."""


class EmittedFile(SingleFileSnapshotExtension):
    """One snapshot is one emitted file, as it is written.

    The ending keeps pytest, linters and type checkers from taking it for code of the project.
    """

    _write_mode = WriteMode.TEXT
    file_extension = "txt"

    def diff_lines(self, serialized_data: Any, snapshot_data: Any) -> Iterator[str]:
        """A unified diff from the snapshot to what is emitted now."""
        yield from _diff(str(snapshot_data), str(serialized_data), "")


class MigrationSnapshot:
    """Holds what DAGs become against the snapshots of one test."""

    def __init__(self, snapshot: SnapshotAssertion, root: Path) -> None:
        self._snapshot = snapshot.use_extension(EmittedFile)
        self._root = root

    def check(
        self,
        *paths: str | Path,
        project_root: str | Path | None = None,
        config: str | Path | None = None,
        rules: Sequence[str | Path] = (),
        mode: Requested | None = None,
    ) -> None:
        """Transpile the DAG files and compare each emitted file, and the findings, with its
        snapshot.

        Paths start at pytest's root folder; options are those of `dag2zen transpile`. Raises
        AssertionError with a diff for each file that differs.
        """
        from transpiler.commands.analysis import analyse_paths

        analysis = analyse_paths(
            [self._root / path for path in paths],
            project_root=self._root / project_root if project_root is not None else None,
            config=self._root / config if config is not None else None,
            rules=[self._root / path for path in rules],
            jobs=1,
            emit=True,
            mode=mode,
        )
        files = {path: text for result in analysis.results for path, text in result.files.items()}
        self.check_files({**files, FINDINGS: _findings(analysis.results)})

    def check_files(self, files: Mapping[str, str]) -> None:
        """Compare texts, by their path below the output folder, with their snapshots."""
        differing = {
            path: (kept, text)
            for path, text in sorted(files.items())
            for same, kept in [self._compared(path, text)]
            if not same
        }
        if differing:
            pytest.fail(_failure(differing), pytrace=False)

    def _compared(self, path: str, text: str) -> tuple[bool, str | None]:
        """Whether the text is its snapshot, and the snapshot; None where there is none."""
        same = bool(self._snapshot(name=_name(path)) == text)
        kept = list(self._snapshot.executions.values())[-1].recalled_data
        return same, None if kept is None else str(kept)


def _failure(differing: Mapping[str, tuple[str | None, str]]) -> str:
    head = [f"{len(differing)} of the emitted files are not as their snapshots:", ""]
    head += [f"  {path}" for path in differing]
    shown: list[str] = []
    for path, (kept, text) in differing.items():
        if kept is None:
            shown += ["", f"{path}: there is no snapshot of it yet"]
        else:
            shown += ["", *_diff(kept, text, path)]
    if len(shown) > _MOST_LINES:
        shown = [*shown[:_MOST_LINES], f"… {len(shown) - _MOST_LINES} more lines"]
    return "\n".join([*head, *shown, "", "Accept the change with: pytest --snapshot-update"])


def _name(path: str) -> str:
    """The name of a snapshot: a path without folders."""
    return path.replace("/", "__")


def _diff(old: str, new: str, path: str) -> Iterator[str]:
    names = (f"snapshot {path}".strip(), f"emitted {path}".strip())
    yield from difflib.unified_diff(old.splitlines(), new.splitlines(), *names, lineterm="")


def _findings(results: Sequence[FileResult]) -> str:
    """Every finding on a line, in the order of the source."""
    lines = [
        f"{found.span}: {found.code} {found.severity} {found.task_id or '-'}: {found.message}"
        for result in results
        for found in result.all_findings
    ]
    return "".join(f"{line}\n" for line in lines)
