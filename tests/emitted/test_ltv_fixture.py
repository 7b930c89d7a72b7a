"""The main job: what a reviewer may expect of the Belgian LTV pipeline."""

from __future__ import annotations

import ast
import subprocess
import sys

from tests.emitted.fixtures import LTV, results

MODULE = "pipelines/tran_ds_ltv_acquisition_be_inference.py"


def _code() -> str:
    return results()[LTV].files[MODULE]


def test_nothing_needs_a_person() -> None:
    assert {finding.severity for finding in results()[LTV].all_findings} <= {"info", "warning"}


def test_tenures_stay_a_loop() -> None:
    loops = [node for node in ast.walk(ast.parse(_code())) if isinstance(node, ast.For)]
    assert [ast.unparse(loop.iter) for loop in loops] == ["TENURES"]
    assert "TENURES = [6, 12, 24]  # months since acquisition" in _code()


def test_comments_survive() -> None:
    for comment in (
        "# The feature DAG starts at 01:00, one hour before us, and needs about 40 minutes.",
        "# One pod per tenure: the models share code but not memory, 24 months needs most of it.",
        "# Features are only kept for debugging, the mart keeps the history.",
    ):
        assert comment in _code()


def test_edges_of_fan_out_and_fan_in() -> None:
    assert 'after=["convert_orders_to_eur", "check_fx_rates"]' in _code()
    assert 'after=[f"predict_ltv_{tenure}m" for tenure in TENURES]' in _code()


def test_module_names_neither_the_tool_nor_airflow() -> None:
    code = _code().partition("\n")[2]
    assert "dag2zen" not in code
    assert "airflow" not in code.lower()


def test_reading_imports_no_airflow_and_no_zenml() -> None:
    program = (
        "import sys; from pathlib import Path; from tests.emitted.fixtures import results; results();"
        "print(sorted({'airflow', 'zenml', 'mlflow', 'pandas'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
