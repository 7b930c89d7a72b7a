"""The progress bar goes to stderr, and only to a terminal."""

from __future__ import annotations

import io
import sys

import pytest

from transpiler.commands.analysis import progress_bar

ERASED_LINE = "\x1b[1A\x1b[2K"
"""One line up, and nothing of it left."""


class Terminal(io.StringIO):
    """A stream that says that it is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("stream", "shown"), [(Terminal(), True), (io.StringIO(), False)])
def test_the_bar(stream: io.StringIO, shown: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", stream)
    with progress_bar("Reading") as progress:
        progress(1, 2)
        progress(2, 2)
    assert ("Reading" in stream.getvalue()) is shown


def test_the_bar_vanishes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    stream = Terminal()
    monkeypatch.setattr(sys, "stderr", stream)
    with progress_bar("Reading") as progress:
        progress(2, 2)
    _, _, after = stream.getvalue().rpartition("Reading")
    assert after.endswith(ERASED_LINE)


def test_the_bar_vanishes_when_interrupted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    stream = Terminal()
    monkeypatch.setattr(sys, "stderr", stream)
    with pytest.raises(KeyboardInterrupt), progress_bar("Reading") as progress:
        progress(1, 2)
        raise KeyboardInterrupt
    _, _, after = stream.getvalue().rpartition("Reading")
    assert after.endswith(ERASED_LINE)
