"""What a run was made from."""

from __future__ import annotations

from pathlib import Path

import pytest

import transpiler
from transpiler.workspace.origin import Origin, origin_of

BEFORE = Origin("1.0", "rules", "config", {"dags/a.py": "1", "dags/b.py": "2"})


@pytest.mark.parametrize(
    ("now", "told"),
    [
        (BEFORE, []),
        (Origin("1.1", "rules", "config", BEFORE.sources), ["dag2zen 1.0 to 1.1"]),
        (Origin("1.0", "other", "other", BEFORE.sources), ["the rules", "migration.yaml"]),
        (
            Origin("1.0", "rules", "config", {"dags/a.py": "9", "dags/c.py": "3"}),
            ["dags/a.py", "dags/b.py", "dags/c.py"],
        ),
    ],
)
def test_what_changed(now: Origin, told: list[str]) -> None:
    assert now.changes_since(BEFORE) == told


def test_before_the_first_run_nothing_changed() -> None:
    assert BEFORE.changes_since(Origin()) == []


def test_the_origin_of_a_run(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("a")
    own = tmp_path / "own"
    own.mkdir()
    (own / "rule.py").write_text("r = 1")
    first = origin_of(tmp_path, ["missing.py", "a.py"], [own], "config")
    assert first.tool == transpiler.__version__
    assert list(first.sources) == ["a.py"]
    assert origin_of(tmp_path, ["a.py"], [own], "config") == first
    assert origin_of(tmp_path, ["a.py"], [own / "rule.py"], "config") == first
    (own / "rule.py").write_text("r = 2")
    assert origin_of(tmp_path, ["a.py"], [own], "other").changes_since(first) == [
        "the rules",
        "migration.yaml",
    ]
