"""How far long work has come."""

from __future__ import annotations

import pytest

from runtime import progress
from runtime.progress import Progress


def test_lines_come_at_intervals(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    now = iter([0.0, 4.0, 10.0, 12.0, 20.0])
    monkeypatch.setattr("runtime.progress.monotonic", lambda: next(now))
    caplog.set_level("INFO", logger="runtime.progress")
    told = Progress("Read", 5000)
    for rows in (1000, 1000, 500, 1500):
        told.add(rows)
    assert caplog.messages == [
        "Read 2,000 of 5,000 rows, 200 a second.",
        "Read 4,000 of 5,000 rows, 200 a second.",
    ]


def test_without_a_total(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    monkeypatch.setattr(progress, "SECONDS", 0.0)
    caplog.set_level("INFO", logger="runtime.progress")
    Progress("Sent").add(7)
    assert caplog.messages[0].startswith("Sent 7 rows, ")
