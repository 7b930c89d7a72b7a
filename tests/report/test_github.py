"""Annotations of GitHub Actions."""

from __future__ import annotations

import re

from tests.report.documents import document, hostile
from transpiler.report.document import build_document
from transpiler.report.github import github_annotations

_COMMAND = re.compile(
    r"::(error|warning|notice) file=[^,:]*,line=\d+,col=\d+,title=D2Z\d{3} \w+::[^\r\n]*"
)


def test_each_finding_is_a_command() -> None:
    lines = github_annotations(document()).splitlines()
    assert lines[0] == (
        "::error file=pipelines/orders.py,line=1,col=1,title=D2Z503 manual::was edited by hand. "
        "Move the file away, or write to another folder."
    )
    assert "::warning file=dags/orders.py,line=2,col=1,title=D2Z308 warning::" in "\n".join(lines)
    assert "::notice file=dags/orders.py,line=3,col=1,title=D2Z210 info::owner" in "\n".join(lines)
    assert lines[-1] == "::notice title=dag2zen::3 DAGs, 4 tasks: 3 manual, 1 warning, 1 info"


def test_hostile_text_stays_inside_its_command() -> None:
    lines = github_annotations(hostile()).splitlines()
    assert all(_COMMAND.fullmatch(line) for line in lines[:-1])
    assert all(line.isprintable() for line in lines)
    assert "%25%25{init}%25%25" in lines[0]


def test_no_findings() -> None:
    assert github_annotations(build_document([])).count("\n") == 1
