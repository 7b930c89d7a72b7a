"""PythonOperator, @task and EmptyOperator: what their rules take by themselves."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.rules.lowered import HEAD, lower, one


def test_settings_of_the_log_are_not_needed(tmp_path: Path) -> None:
    text = (
        f"{HEAD}from airflow.operators.python import PythonOperator\ndef f():\n    return 1\n"
        'with DAG("d", start_date=datetime(2024, 1, 1), schedule=None):\n'
        "    PythonOperator(task_id='t', python_callable=f, provide_context=True,\n"
        "        show_return_value_in_logs=False, templates_exts=[])\n"
    )

    lowered = lower(tmp_path, text)

    assert lowered.texts == ["f()"]
    assert lowered.untaken == []
    assert lowered.codes == [("D2Z311", "info")]


def test_template_extensions_concern_files_only(tmp_path: Path) -> None:
    text = (
        f"{HEAD}from airflow.operators.python import PythonOperator\ndef f(a):\n    return a\n"
        'with DAG("d", start_date=datetime(2024, 1, 1), schedule=None):\n'
        "    PythonOperator(task_id='t', python_callable=f, op_args=['a'], templates_exts=['.txt'])\n"
    )

    lowered = lower(tmp_path, text)

    assert (lowered.texts, lowered.untaken, lowered.codes) == (["f(a='a')"], [], [])


@pytest.mark.parametrize(
    ("module", "operator"),
    [
        ("airflow.operators.empty", "EmptyOperator"),
        ("airflow.operators.dummy", "DummyOperator"),
        ("airflow.operators.dummy_operator", "DummyOperator"),
        ("airflow.providers.standard.operators.empty", "EmptyOperator"),
    ],
)
def test_an_empty_task_stays_a_step(module: str, operator: str, tmp_path: Path) -> None:
    lowered = one(tmp_path, module, f"{operator}(task_id='t', params={{'a': 1}})")

    assert lowered.texts == ["do_nothing()"]
    assert lowered.codes == [("D2Z311", "info")]
