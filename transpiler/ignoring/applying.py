"""The DAG files of folders without those that Airflow does not look at, and what tells of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from transpiler.emit.text import visible
from transpiler.ignoring.rules import Syntax
from transpiler.ignoring.tree import NAME, IgnoreTree, Left
from transpiler.model.finding import Finding, finding
from transpiler.model.span import Span

if TYPE_CHECKING:
    from transpiler.config import MigrationConfig

_DAG_FOLDERS = ("dags", "fixtures_dags")
_SHOWN = 3


@dataclass
class Ignoring:
    """What one run leaves out; `config.airflowignore` says how patterns are read, or
    `include`."""

    root: Path
    config: MigrationConfig
    left: dict[Left, list[str]] = field(default_factory=lambda: defaultdict(list))
    _trees: dict[Path, IgnoreTree] = field(default_factory=dict)

    def kept(self, files: Iterable[Path]) -> list[Path]:
        """The files that Airflow looks at."""
        if self.config.airflowignore == "include":
            return list(files)
        return [file for file in files if not self._is_left_out(file)]

    @property
    def number(self) -> int:
        """Files that are left out."""
        return sum(map(len, self.left.values()))

    def findings(self) -> list[Finding]:
        """D2Z123 for each pattern that leaves files out, D2Z124 for each that is not used."""
        found = [
            finding("D2Z123", self._span(one.file, one.line), _told(one.pattern, files))
            for one, files in self.left.items()
        ]
        for tree in self._trees.values():
            for file, item in tree.unusable:
                told = f"{visible(item.text)!r}: {item.why}" if item.text else item.why
                found.append(finding("D2Z124", self._span(file, item.line), told))
        return sorted(found, key=lambda item: item.span)

    def _is_left_out(self, file: Path) -> bool:
        place = _below(file, self.root)
        top = self._dags_folder(place) if place is not None else None
        if place is None or top is None:
            return False
        if top not in self._trees:
            self._trees[top] = IgnoreTree(top, *self._reading(top, place))
        found = self._trees[top].leaves_out(place)
        if found is not None:
            self.left[found].append(place.relative_to(self.root).as_posix())
        return found is not None

    def _dags_folder(self, place: Path) -> Path | None:
        """Airflow's DAGs folder: the highest one that has that name, or an ignore file. None where
        no ignore file is over the file.
        """
        folders = [folder for folder in place.parents if folder.is_relative_to(self.root)]
        if not any((folder / NAME).is_file() for folder in folders):
            return None
        return next(
            folder
            for folder in reversed(folders)
            if folder.name in _DAG_FOLDERS or (folder / NAME).is_file()
        )

    def _reading(self, top: Path, file: Path) -> tuple[Syntax, int]:
        """The flavour of the patterns, and the Airflow that reads them: regular expressions in
        Airflow 2, globs in 3, where its setting `dag_ignore_file_syntax` was left alone.
        """
        major = self._major(top, file)
        asked = self.config.airflowignore
        if asked in ("regexp", "glob"):
            return asked, major
        return ("glob" if major >= 3 else "regexp"), major

    def _major(self, top: Path, file: Path) -> int:
        from transpiler.evaluate.release import release_of

        stated = self.config.airflow_release()
        if stated is not None:
            return stated.major
        folders = [folder for folder in (top, *top.parents) if folder.is_relative_to(self.root)]
        return release_of(_text(file), folders).major

    def _span(self, file: Path, line: int) -> Span:
        return Span(file.relative_to(self.root).as_posix(), line, 1)


def _below(file: Path, root: Path) -> Path | None:
    """The file's path below the project root, where it is there."""
    for candidate in (file.absolute(), file.resolve()):
        if candidate.is_relative_to(root):
            return candidate
    return None


def _text(file: Path) -> str:
    try:
        return file.read_bytes()[:200_000].decode("utf-8", "replace")
    except OSError:
        return ""


def _told(pattern: str, files: list[str]) -> str:
    shown = ", ".join(visible(name) for name in sorted(files)[:_SHOWN])
    more = f" and {len(files) - _SHOWN} more" if len(files) > _SHOWN else ""
    number = "one file" if len(files) == 1 else f"{len(files)} files"
    return f"{visible(pattern)!r} leaves out {number}, as in Airflow: {shown}{more}"
