"""All measurements by one command."""

from __future__ import annotations

import pytest

from benchmarks.__main__ import PARTS, main
from benchmarks.progress import shown


def test_parts_are_known_by_name(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["reading", "nothing"])
    assert (
        "there is no nothing; there are starting, reading, running, pages, inference"
        in capsys.readouterr().err
    )


@pytest.mark.parametrize("name", PARTS)
def test_every_part_has_its_own_options(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        PARTS[name](["--help"])
    assert f"python -m benchmarks.{name}" in capsys.readouterr().out


def test_items_are_shown_one_by_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert list(shown("counting", range(3))) == [0, 1, 2]
    assert capsys.readouterr().out == ""
