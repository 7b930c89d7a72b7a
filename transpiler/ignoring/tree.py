"""Whether a file is left out by the ignore files over it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from transpiler.ignoring.rules import Rule, Syntax, Unusable, rules_of

NAME = ".airflowignore"
MAX_BYTES = 200_000
_MAX_WORK = 2_000_000
"""Steps of one search, at most: the path's length to the power of the repetitions."""
_MAX_ALL_WORK = 200_000_000


@dataclass(frozen=True)
class Left:
    """What leaves a file out: an ignore file, below the project root, and the line of the pattern."""

    file: Path
    line: int
    pattern: str


@dataclass
class IgnoreTree:
    """The ignore files from the DAGs folder `top` down, each read once."""

    top: Path
    syntax: Syntax
    airflow: int
    unusable: list[tuple[Path, Unusable]] = field(default_factory=list)
    _rules: dict[Path, tuple[tuple[Path, Rule], ...]] = field(default_factory=dict)
    _work: int = 0

    def leaves_out(self, file: Path) -> Left | None:
        """The pattern by which Airflow does not look at the file, or at a folder over it."""
        parts = file.relative_to(self.top).parts
        for depth in range(len(parts)):
            folder = self.top.joinpath(*parts[:depth])
            found = self._match(folder / parts[depth], folder, is_folder=depth + 1 < len(parts))
            if found is not None:
                return found
        return None

    def _match(self, path: Path, folder: Path, *, is_folder: bool) -> Left | None:
        found: Left | None = None
        for file, rule in self._of(folder):
            if found is not None and rule.syntax == "regexp":
                break
            if self._fits(rule, file, path, is_folder):
                found = Left(file, rule.line, rule.text) if rule.ignores else None
        return found

    def _fits(self, rule: Rule, file: Path, path: Path, is_folder: bool) -> bool:
        if rule.only_folders and not is_folder:
            return False
        if rule.syntax == "regexp":
            text = path.relative_to(self.top).as_posix()
            return self._affordable(rule, file, text) and rule.expression.search(text) is not None
        text = path.relative_to(file.parent).as_posix() if rule.relative else path.name
        if is_folder and (self.airflow >= 3 or rule.text.endswith("/")):
            text += "/"
        return self._affordable(rule, file, text) and rule.expression.match(text) is not None

    def _affordable(self, rule: Rule, file: Path, text: str) -> bool:
        """Whether the search is sure to be short: patterns and paths are the user's input."""
        work = (len(text) + 1) ** max(rule.repetitions, 1)
        if work <= _MAX_WORK and self._work + work <= _MAX_ALL_WORK:
            self._work += work
            return True
        told = Unusable(rule.line, rule.text, "matching it could take too long, so it is not used")
        if (file, told) not in self.unusable:
            self.unusable.append((file, told))
        return False

    def _of(self, folder: Path) -> Sequence[tuple[Path, Rule]]:
        """The rules in force in a folder: those of the folders over it, then its own."""
        if folder not in self._rules:
            over = self._of(folder.parent) if folder != self.top else ()
            self._rules[folder] = (*over, *self._read(folder / NAME))
        return self._rules[folder]

    def _read(self, file: Path) -> list[tuple[Path, Rule]]:
        if not _is_plain(file):
            return []
        if file.stat().st_size > MAX_BYTES:
            why = f"the file is larger than {MAX_BYTES:,} bytes, so it is not used"
            self.unusable.append((file, Unusable(1, "", why)))
            return []
        rules = []
        for item in rules_of(file.read_text("utf-8", "replace"), self.syntax, self.airflow):
            if isinstance(item, Unusable):
                self.unusable.append((file, item))
            else:
                rules.append((file, item))
        return rules


def _is_plain(file: Path) -> bool:
    """A file of the project; not a link, which may lead out of it."""
    return file.is_file() and not file.is_symlink()
