"""Findings that tell the same for several tasks."""

from __future__ import annotations

from dataclasses import replace

from tests.emit import factory
from transpiler.model.finding import Finding, finding
from transpiler.model.span import Span
from transpiler.report.document import build_document
from transpiler.report.grouping import grouped
from transpiler.report.markdown import migration_markdown
from transpiler.report.models import MigrationDocument
from transpiler.report.result import FileResult
from transpiler.report.text import report_lines


def waits(task_id: str | None, line: int = 7) -> Finding:
    return finding("D2Z204", Span("dags/a.py", line, 5), "it waits", task_id=task_id)


def document(*findings: Finding) -> MigrationDocument:
    pipeline = replace(factory.chain(), findings=findings)
    return build_document([FileResult("dags/a.py", None, (pipeline,))], [])


def entries(*findings: Finding) -> list[tuple[int, tuple[str, ...], str]]:
    (file,) = document(*findings).files
    return [(g.entry.line, g.tasks, g.task_text) for g in grouped(file.dags[0].findings)]


def test_findings_that_differ_in_their_task_only_are_one() -> None:
    found = entries(waits("a"), waits("other", 9), waits("b"), waits("b"), waits("c"))
    assert found == [(7, ("a", "b", "c"), "a and 2 more"), (9, ("other",), "other")]


def test_findings_about_no_task() -> None:
    assert entries(waits(None), waits(None)) == [(7, (), "")]


def test_the_pages_tell_it_once() -> None:
    shown = document(waits("load_be"), waits("load_nl"))
    lines = [text for text, _ in report_lines(shown)]
    assert "dags/a.py:7:5: D2Z204 manual [load_be and 1 more] it waits" in lines
    page = migration_markdown(shown)
    assert page.count("- [ ] ") == 1
    assert "`dags/a.py:7` `load_be`, `load_nl`: it waits." in page
