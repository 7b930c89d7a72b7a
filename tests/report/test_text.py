"""The report on the terminal."""

from __future__ import annotations

import io
import re
from dataclasses import replace

import pytest

from tests.report.documents import document, hostile
from transpiler.model.finding import finding
from transpiler.model.span import Span
from transpiler.model.suppression import Suppressed
from transpiler.report.actions import NO_TRANSLATION, actions_of
from transpiler.report.document import build_document
from transpiler.report.models import MigrationDocument
from transpiler.report.result import FileResult
from transpiler.report.terminal import wants_colour
from transpiler.report.text import print_report, report_lines
from transpiler.report.wrapping import wrapped

ACCEPTED = Suppressed("known", "dags/a.py:1:1")


class Terminal(io.StringIO):
    """A stream that says that it is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def no_colour_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm")


def settings_document() -> MigrationDocument:
    """Two settings with remedies of their own, one accepted."""
    place = Span("dags/a.py", 4, 2)
    return build_document(
        [
            FileResult(
                "dags/a.py",
                None,
                findings=(
                    finding("D2Z308", place, "a connection", remedy="Set A."),
                    finding("D2Z308", place, "another connection", remedy="Set B."),
                    replace(finding("D2Z212", place, "a pool"), suppressed=ACCEPTED),
                ),
            )
        ]
    )


def test_the_report() -> None:
    stream = io.StringIO()
    print_report(document(), stream)
    assert stream.getvalue() == (
        "pipelines/orders.py:1:1: D2Z503 manual was edited by hand\n"
        "\n"
        "dags/broken.py\n"
        "  not read\n"
        "dags/broken.py:7:3: D2Z101 manual invalid syntax\n"
        "\n"
        "dags/empty.py\n"
        "  empty -> no pipeline: no task was read\n"
        "\n"
        "dags/orders.py\n"
        "  orders -> pipelines/orders.py (3 tasks, static)\n"
        "  legacy -> pipelines/legacy.py (1 task, static)\n"
        "dags/orders.py:2:1: D2Z308 warning the connection was in Airflow\n"
        "dags/orders.py:12:5: D2Z301 manual [legacy] no rule for acme.operators.LegacyOperator\n"
        "\n"
        "To settle:\n"
        "  D2Z101  1 place: Correct the syntax error at the place named.\n"
        "  D2Z503  1 place: Move the file away, or write to another folder.\n"
        "  D2Z308  1 place: Fill in the value in the emitted configuration, or set the "
        "environment variable named.\n"
        "\n"
        "Without translation, to be written or decided by a person:\n"
        "  D2Z301  1 place: Write the step by hand, or a rule module for the operator.\n"
        "\n"
        "1 task of acme.operators.LegacyOperator in 1 DAG to do by hand\n"
        "3 files, 3 DAGs, 4 tasks\n"
        "tasks: 3 mapped, 1 manual\n"
        "findings: 3 manual, 1 warning, 1 info (info: --verbose)\n"
    )


def test_what_a_helper_gives_several_files_is_told_once() -> None:
    place = Span("dags/common.py", 3, 1)
    helper = finding("D2Z308", place, "the pager's key was in Airflow's database")
    files = [FileResult(f"dags/{name}.py", None, findings=(helper,)) for name in "abc"]
    text = "\n".join(line for line, _ in report_lines(build_document(files)))
    assert text.startswith(
        "dags/common.py (read by 3 files)\n"
        "dags/common.py:3:1: D2Z308 warning the pager's key was in Airflow's database\n"
    )
    assert text.count("the pager's key") == 1


def test_long_lists_of_remedies_are_cut_with_a_word_where_the_rest_is() -> None:
    place = Span("dags/a.py", 4, 2)
    found = tuple(finding("D2Z308", place, f"c{n}", remedy=f"Set V{n}.") for n in range(9))
    document = build_document([FileResult("dags/a.py", None, findings=found)])
    short = [line for line, _ in report_lines(document)]
    assert "    - and 3 more (--verbose shows them)" in short
    assert "    - Set V8." not in short
    assert "    - Set V8." in [line for line, _ in report_lines(document, verbose=True)]


def test_verbose_shows_what_asks_for_nothing() -> None:
    stream = io.StringIO()
    print_report(document(), stream, verbose=True)
    assert "dags/orders.py:3:1: D2Z210 info owner is not needed\n" in stream.getvalue()
    assert stream.getvalue().endswith("1 info\n")


def test_remedies_that_differ_are_all_told_and_accepted_findings_are_counted() -> None:
    lines = [text for text, _ in report_lines(settings_document())]
    assert lines[-6:] == [
        "  D2Z308  2 places: setting to fill in",
        "    - Set A.",
        "    - Set B.",
        "",
        "1 file, 0 DAGs, 0 tasks",
        "findings: 0 manual, 2 warning, 0 info, 1 suppressed",
    ]
    assert not any("a pool" in line for line in lines)


def test_what_has_no_translation_comes_apart() -> None:
    actions = {action.code: action.settles for action in actions_of(document())}
    assert actions == {"D2Z101": True, "D2Z301": False, "D2Z503": True, "D2Z308": True}
    assert "D2Z301" in NO_TRANSLATION


def test_a_terminal_gets_colours_and_the_same_text() -> None:
    terminal, plain = Terminal(), io.StringIO()
    print_report(document(), terminal)
    print_report(document(), plain)
    assert "\x1b[31m" in terminal.getvalue()
    shown = re.sub(r"\x1b\[[\d;]*m", "", terminal.getvalue())
    assert shown.split() == plain.getvalue().split()
    assert all(len(line) <= 80 for line in shown.splitlines() if line.startswith("  D2Z"))


@pytest.mark.parametrize(
    ("name", "value", "terminal", "colour"),
    [
        ("NO_COLOR", "1", True, False),
        ("NO_COLOR", "", True, True),
        ("FORCE_COLOR", "1", False, True),
        ("TERM", "dumb", True, False),
        ("TERM", "xterm", False, False),
    ],
)
def test_who_gets_colours(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, terminal: bool, colour: bool
) -> None:
    monkeypatch.setenv(name, value)
    assert wants_colour(Terminal() if terminal else io.StringIO()) is colour


def test_wrapping() -> None:
    assert wrapped("a b c", None, indent=2) == ["a b c"]
    lines = wrapped("word " * 30, 50, indent=6)
    assert all(len(line) <= 50 for line in lines)
    assert {line[:6] for line in lines[1:]} == {"      "}


def test_no_report_without_tasks_counts_them() -> None:
    lines = [text for text, _ in report_lines(build_document([]))]
    assert lines == ["0 files, 0 DAGs, 0 tasks", "findings: 0 manual, 0 warning, 0 info"]


def test_hostile_text_does_not_reach_the_terminal() -> None:
    for text, _ in report_lines(hostile(), verbose=True, width=60):
        assert text.isprintable()
