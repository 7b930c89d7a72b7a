"""The corpus that reading is measured by, the measurement itself, and the page made of it."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from benchmarks.reading import main
from benchmarks.reading_corpus import SHAPES, write_corpus, write_shape
from benchmarks.reading_measure import Corpus, Growth
from benchmarks.reading_report import page
from transpiler.evaluate import read_dag_file

EDGES = {
    "chain": 29,
    "fan-out": 29,
    "cross_downstream": 5 * 5 + 30 - 2 * 5 - 1,
    "loop": 29,
    "literals": 0,
    "groups": 29,
}


@pytest.mark.parametrize("shape", SHAPES)
def test_shapes_have_as_many_tasks_as_asked(shape: str, tmp_path: Path) -> None:
    found = read_dag_file(write_shape(tmp_path, shape, 30), tmp_path)
    (dag,) = found.dags
    assert len(dag.tasks) == 30
    assert sum(len(task.upstream) for task in dag.tasks) == EDGES[shape]
    assert found.findings == ()
    assert math.isqrt(30) == 5


def test_the_corpus_is_read_clean(tmp_path: Path) -> None:
    root = write_corpus(tmp_path, copies=2)
    made = sorted((root / "dags").glob("*.py"))
    assert len(made) == 2 + len(SHAPES)
    found = [read_dag_file(path, root) for path in made]
    assert [file.error for file in found] == [None] * len(made)
    assert [len(file.dags[0].tasks) for file in found if "sales" in file.path] == [16, 16]
    assert list((root / "fixtures").glob("*.py"))


def test_a_folder_of_ones_own(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_shape(tmp_path, "loop", 4)
    main(["--corpus", str(tmp_path), "--runs", "1", "--sizes", "3", "--jobs", "1"])
    shown = capsys.readouterr().out
    assert "1 DAG files of 1 modules" in shown
    assert "4 tasks." in shown
    rows = [line.split(" | ") for line in shown.splitlines()]
    sizes = {row[0].strip("| "): row[1] for row in rows if row[0].strip("| ") in SHAPES}
    assert sizes == dict.fromkeys(SHAPES, "3")


def test_the_page_has_ratios_to_the_floor() -> None:
    corpus = Corpus(
        3,
        4,
        5,
        6000,
        parse=0.5,
        read=0.75,
        transpile=3.0,
        black=1.0,
        emitted=9000,
        report=5.0,
        jobs={1: 4.0, 2: 3.0},
    )
    lines = page(corpus, [Growth("chain", 100, 99, 0.1, 0.2, 0.5)]).splitlines()
    assert "| read | 0.75 | 1.50 | 2 | yes |" in lines
    assert "| transpile and write | 3.00 | 6.00 | 8 | yes |" in lines
    assert "| transpile and write, with report pages | 5.00 | 10.00 |  |  |" in lines
    assert "| of that, Black once over the emitted modules | 1.00 | 2.00 |  |  |" in lines
    assert any("1.5 times those that were read" in line for line in lines)
    assert "| 2 | 3.00 | 0.75 |" in lines
    assert lines[-1] == "| chain | 100 | 99 | 1.00 | 2.00 | 5.00 |"


def test_at_least_one_run(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--runs", "0"])
    assert "--runs must be at least 1" in capsys.readouterr().err
