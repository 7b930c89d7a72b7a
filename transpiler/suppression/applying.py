"""Suppressions held against the findings of a run."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from transpiler.model.finding import Finding, finding
from transpiler.model.span import Span
from transpiler.model.suppression import Suppressed, Suppression
from transpiler.report.result import FileResult

if TYPE_CHECKING:
    from transpiler.config import MigrationConfig

NEVER = frozenset({"D2Z119", "D2Z134", "D2Z135"})
"""Codes that cannot be suppressed: a failure of this tool, and what is said of suppressions."""


@dataclass(frozen=True)
class Entry:
    """One entry of `suppress` in migration.yaml; patterns with `*` and `?`."""

    code: str
    reason: str
    span: Span
    dag: str = "*"
    task: str = "*"
    path: str = "*"

    def fits(self, item: Finding, dag_id: str | None, path: str) -> bool:
        """Whether the entry is about the finding of a DAG, or of a file where `dag_id` is None."""
        return (
            item.code == self.code
            and (self.dag == "*" or fnmatchcase(dag_id or "", self.dag))
            and (self.task == "*" or fnmatchcase(item.task_id or "", self.task))
            and (fnmatchcase(item.span.file, self.path) or fnmatchcase(path, self.path))
        )


@dataclass
class _Run:
    """The suppressions of a run, and which of them were needed."""

    entries: Sequence[Entry]
    comments: Sequence[Suppression]
    used: set[Suppression | Entry] = field(default_factory=set)

    def marked(self, item: Finding, dag_id: str | None, path: str) -> Finding:
        """The finding, suppressed where somebody accepts it."""
        if item.code in NEVER:
            return item
        for comment in self.comments:
            if _about(comment, item.code, item.span):
                self.used.add(comment)
                return replace(item, suppressed=Suppressed(comment.reason, str(comment.span)))
        for entry in self.entries:
            if entry.fits(item, dag_id, path):
                self.used.add(entry)
                return replace(item, suppressed=Suppressed(entry.reason, str(entry.span)))
        return item


def _about(comment: Suppression, code: str, span: Span) -> bool:
    if comment.problem or comment.code != code or comment.span.file != span.file:
        return False
    if comment.line is None:
        return True
    return span.line <= comment.line <= max(span.line, span.end_line)


def with_suppressions(
    results: Iterable[FileResult], findings: Iterable[Finding], config: MigrationConfig
) -> tuple[list[FileResult], list[Finding]]:
    """The results, and the findings of the run as a whole, with what is suppressed marked.

    Findings about the suppressions themselves are added: those of comments to the results, those of
    migration.yaml to the findings.
    """
    entries = config.suppressions()
    whole = _Run(entries, ())
    own = [whole.marked(item, None, item.span.file) for item in findings]
    used = whole.used
    marked: list[FileResult] = []
    for result in results:
        if not entries and not result.suppressions:
            marked.append(result)
            continue
        run = _Run(entries, result.suppressions)
        marked.append(_marked(result, run))
        used |= run.used
    seen: set[Suppression] = set()
    final = []
    for result in marked:
        told = [
            told
            for item in result.suppressions
            if item not in seen and (told := _told(item, used)) is not None
        ]
        seen.update(result.suppressions)
        final.append(replace(result, findings=(*result.findings, *told)) if told else result)
    unused = [
        finding("D2Z134", item.span, f"{item.code} is suppressed, and no finding of this run fits")
        for item in entries
        if item not in used
    ]
    return final, [*own, *unused]


def _marked(result: FileResult, run: _Run) -> FileResult:
    pipelines = tuple(
        replace(
            pipeline,
            findings=tuple(run.marked(f, pipeline.dag_id, result.path) for f in pipeline.findings),
        )
        for pipeline in result.pipelines
    )
    findings = tuple(run.marked(item, None, result.path) for item in result.findings)
    for row in result.account:
        run.used.update(c for c in run.comments if any(_about(c, x, row.span) for x in row.codes))
    return replace(result, pipelines=pipelines, findings=findings)


def _told(item: Suppression, used: set[Suppression | Entry]) -> Finding | None:
    if item.problem:
        return finding("D2Z135", item.span, item.problem)
    if item not in used:
        return finding("D2Z134", item.span, f"{item.code} is suppressed, and is not found here")
    return None
