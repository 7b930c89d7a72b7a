"""What assets are known by, whichever way a file writes them."""

from __future__ import annotations

from pathlib import Path

import pytest

from transpiler.config import MigrationConfig
from transpiler.lower.assets import Condition, asset_keys
from transpiler.report.document import build_document
from transpiler.service import analyse

DAG = """\
from airflow import DAG
from airflow.datasets import Dataset, DatasetAlias
from airflow.operators.empty import EmptyOperator

A, B = Dataset("s3://a"), Dataset("s3://b")
with DAG("marts", schedule=(A | B), start_date=None):
    EmptyOperator(task_id="publish", outlets=[Dataset("s3://marts"), DatasetAlias("extra")])
"""


@pytest.mark.parametrize(
    ("asset", "keys"),
    [
        (None, ()),
        ("s3://a", ("s3://a",)),
        ({"name": "a"}, ("a",)),
        ({"name": "a", "uri": "s3://a"}, ("a", "s3://a")),
        ({"alias": "a"}, ("alias(a)",)),
        (
            {"all": ["s3://a", {"any": ["s3://b", {"alias": "c"}]}]},
            ("s3://a", "s3://b", "alias(c)"),
        ),
    ],
)
def test_keys(asset: Condition | None, keys: tuple[str, ...]) -> None:
    assert asset_keys(asset, asset) == keys


def test_the_document_tells_what_starts_and_what_is_updated(tmp_path: Path) -> None:
    file = tmp_path / "marts.py"
    file.write_text(DAG)
    document = build_document(
        analyse([file], project_root=tmp_path, config=MigrationConfig(), jobs=1)
    )
    (dag,) = document.files[0].dags
    assert dag.starts_by == ["s3://a", "s3://b"]
    assert dag.tasks[0].updates == ["s3://marts", "alias(extra)"]
