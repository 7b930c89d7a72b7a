"""The pages that measurements of batch inference make, and the pipelines that are measured."""

from __future__ import annotations

import ast

import pytest

from benchmarks.inference import _whole, best
from benchmarks.inference_report import mapped, markdown, parts, sizes
from benchmarks.inference_setup import CODE, FEATURES, IN_PARTS, PART_SQL

SCRIPT = {"seconds": 4.0, "processor": 3.0, "megabytes": 120.4}
LIBRARY = {"seconds": 8.0, "processor": 6.0, "megabytes": 180.0, "steps": 5.0}
BESIDE = [{"rows": 1_000_000, "script": SCRIPT, "library": LIBRARY}]
ALONE = {"writer": 1.0, "put_and_copy": 0.5, "kserve": 10.0, "in_process": 1.0}
IN_STEPS = {"4": {"seconds": 2.0, "longest": 1.5, "megabytes": 99.0}}


def test_steps_and_pipeline_are_shown_beside_the_script() -> None:
    _, head, (row,) = sizes(BESIDE)
    assert len(head) == len(row)
    assert row == ["1,000,000", "250,000", "200,000", "0.80", "0.50", "0.50", "180", "120"]


def test_parts_are_shown_beside_what_they_are_made_of() -> None:
    _, head, rows = parts(500, ALONE)
    assert [len(row) for row in rows] == [len(head)] * 2
    assert rows[0][1:] == ["500", "`PUT` and `COPY`", "1,000", "0.50"]


def test_the_page_has_all_tables() -> None:
    page = markdown(3, [sizes(BESIDE), parts(500, ALONE), mapped(1000, IN_STEPS)])
    assert page.startswith("# Load, predict and write\n")
    assert "They take turns, 3 each" in page
    assert "| 4 | 2.0 | 500 | 1.5 | 99 |" in page
    assert page.count("\n|---:|") == 3


def test_the_fastest_turn_counts_with_the_highest_peak() -> None:
    slow = {"seconds": 9.0, "steps": 1.0, "megabytes": 300.0}
    assert best([slow, LIBRARY]) == {**LIBRARY, "megabytes": 300.0}


def test_a_side_that_lost_rows_is_no_measurement() -> None:
    assert _whole({"written": 5}, 5, "script") == {"written": 5}
    with pytest.raises(RuntimeError, match="script wrote 4 of 5 rows"):
        _whole({"written": 4}, 5, "script")


@pytest.mark.parametrize("code", [CODE, IN_PARTS])
def test_the_measured_pipelines_are_python(code: str) -> None:
    ast.parse(code)


def test_the_parts_are_read_by_their_number() -> None:
    read = PART_SQL.replace("{{ params.parts }}", "4").replace("{{ params.part }}", "3")
    assert read.endswith("FROM FEATURES WHERE MOD(ID, 4) = 3")
    assert all(name in read for name in FEATURES)
