"""The coverage account in the pull request: every construct of the source, counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from transpiler.report.markdown import code, escaped
from transpiler.report.models import ConstructEntry
from transpiler.workspace.pull_request.subject import Subject

_DISPOSITIONS = ("mapped", "approximated", "not_needed", "manual")
_MOST_ROWS = 60


def account_section(subject: Subject) -> Iterator[str]:
    """A table of constructs by kind, and below it those that are not simply mapped."""
    rows = [row for file in subject.document.files for row in file.account]
    if not rows:
        return
    yield "## What became of the source\n"
    yield "| construct | in all | mapped | approximated | not needed | needs a person |"
    yield "|---|--:|--:|--:|--:|--:|"
    kinds = dict.fromkeys(row.kind for row in rows)
    for kind in kinds:
        yield _row(kind.replace("_", " "), [row for row in rows if row.kind == kind])
    yield _row("**all**", rows)
    yield ""
    yield from _others(subject, [row for row in rows if row.disposition != "mapped"])


def _row(title: str, rows: list[ConstructEntry]) -> str:
    counts = Counter[str](row.disposition for row in rows)
    numbers = [len(rows), *(counts[name] for name in _DISPOSITIONS)]
    return f"| {title} | {' | '.join(str(number or '') for number in numbers)} |"


def _others(subject: Subject, rows: list[ConstructEntry]) -> Iterator[str]:
    if not rows:
        return
    yield f"<details><summary>The {len(rows)} that are not simply mapped</summary>\n"
    yield "| where | construct | became | codes | note |\n|---|---|---|---|---|"
    for row in rows[:_MOST_ROWS]:
        cells = (
            subject.links.source(row.file, row.line),
            code(row.text or row.name),
            row.disposition.replace("_", " "),
            " ".join(row.codes),
            escaped(row.note),
        )
        yield f"| {' | '.join(cells)} |"
    if len(rows) > _MOST_ROWS:
        yield f"\nand {len(rows) - _MOST_ROWS} more, in `migration.json`."
    yield "\n</details>\n"
