"""Trying an example: the report on its project, and what its DAG becomes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from transpiler.report.examples.example import CodeExample

if TYPE_CHECKING:
    from transpiler.report.models import FindingEntry, MigrationDocument


@dataclass(frozen=True)
class Trial:
    """What came of an example; `body` is the emitted pipeline module, empty where there is none."""

    document: MigrationDocument
    files: dict[str, str]

    def codes(self) -> set[str]:
        """Every code of the report: findings, and rows of the account."""
        from transpiler.report.document import all_findings

        rows = (code for file in self.document.files for row in file.account for code in row.codes)
        return {*(entry.code for entry in all_findings(self.document)), *rows}

    def findings(self, code: str) -> list[FindingEntry]:
        """The findings of a code."""
        from transpiler.report.document import all_findings

        return [entry for entry in all_findings(self.document) if entry.code == code]


def before(example: CodeExample) -> Trial:
    """The example as it is given."""
    with _project(example, example.before) as folder:
        if example.arrange is not None:
            example.arrange(folder)
        if example.edit is not None:
            _run(folder, example, example.mode)
            example.edit(folder)
        paths = example.again or example.paths
        return _run(folder, replace(example, paths=paths), example.mode)


def after(example: CodeExample) -> Trial:
    """The example when it was acted on: the text of `after`, in a project that has nothing else.

    Where the text is the same, it was the situation that changed.
    """
    assert example.after is not None
    plain = CodeExample(example.after)
    mode = "auto" if example.after == example.before else example.mode
    with _project(plain, example.after) as folder:
        return _run(folder, plain, mode)


@contextmanager
def _project(example: CodeExample, text: str) -> Iterator[Path]:
    with TemporaryDirectory(prefix="example-") as name:
        folder = Path(name).resolve() / "project"
        files = {"dags/nightly.py": text, **example.files, "rules/own.py": example.rules}
        files["migration.yaml"] = example.config
        for path, content in files.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(content)
        yield folder


def _run(folder: Path, example: CodeExample, mode: str) -> Trial:
    """The project, read and written as `dag2zen transpile` does."""
    from transpiler.commands.analysis import analyse_paths
    from transpiler.commands.migration import migration_of
    from transpiler.project import write

    paths = [folder / path for path in example.paths]
    rules = [folder / "rules" / "own.py"] if example.rules else None
    analysis = analyse_paths(
        paths,
        project_root=folder,
        config=None,
        rules=rules,
        jobs=1,
        emit=True,
        mode="static" if mode == "static" else None,
    )
    document, _ = write(folder / "out", migration_of(analysis, paths, rules, restore=False))
    files = {path: text for result in analysis.results for path, text in result.files.items()}
    return Trial(document, files)
