"""Timing of real processes, and the page made of it."""

from __future__ import annotations

import sys

import pytest

from benchmarks.cases import Case
from benchmarks.measure import CommandFailedError, Timing, measure
from benchmarks.report import markdown, rows

NOTHING = Case("nothing", (sys.executable, "-c", "pass"))


def test_every_case_is_timed_as_often_as_asked() -> None:
    timings = measure([NOTHING, NOTHING], runs=2)

    assert [len(timing.seconds) for timing in timings] == [2, 2]
    assert [len(timing.processor) for timing in timings] == [2, 2]
    assert all(seconds > 0 for timing in timings for seconds in timing.seconds)


def test_a_command_that_fails_is_no_measurement() -> None:
    broken = Case("broken", (sys.executable, "-c", "exit('out of order')"))

    with pytest.raises(CommandFailedError, match=r"broken ended with exit code 1:\nout of order"):
        measure([broken], runs=1)


def test_ratios_stand_on_both_floors() -> None:
    floor, imports = Timing(NOTHING, (0.1, 0.1, 0.4), (0.1,)), Timing(NOTHING, (0.2,), (0.1,))
    command = Timing(Case("command", (), target_seconds=1.5), (1.0, 3.0, 2.0), (1.0, 1.5, 1.2))

    assert rows([floor, imports, command])[2] == (
        "command", "2.000 s", "1.000 s", "3.000 s", "1.20 s", "20.0", "10.0", "1.5 s", "no",
    )  # fmt: skip


def test_the_page_has_a_row_for_each_case() -> None:
    page = markdown([Timing(NOTHING, (0.1,), (0.1,)), Timing(NOTHING, (0.2,), (0.1,))])

    assert page.splitlines()[-2:] == [
        "| nothing | 0.100 s | 0.100 s | 0.100 s | 0.10 s | 1.0 | 0.5 |  |  |",
        "| nothing | 0.200 s | 0.200 s | 0.200 s | 0.10 s | 2.0 | 1.0 |  |  |",
    ]
