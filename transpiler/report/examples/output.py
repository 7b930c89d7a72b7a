"""Examples of codes 5xx."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from transpiler.report.examples.example import CodeExample, bash_dag, dag_file

_FINE = bash_dag()
_PIPELINE = "out/pipelines/nightly.py"


def _replace(folder: Path, name: str, old: str, new: str) -> None:
    path = folder / name
    text = path.read_text()
    assert old in text, text
    path.write_text(text.replace(old, new))


def _conflict(folder: Path) -> None:
    _replace(folder, _PIPELINE, "echo {{ ds }}", "echo by hand {{ ds }}")
    _replace(folder, "dags/nightly.py", "echo {{ ds }}", "echo {{ ds_nodash }}")


def _merged(folder: Path) -> None:
    _replace(folder, _PIPELINE, "SCHEDULE =", "# keep in step with the shops\nSCHEDULE =")
    _replace(folder, "dags/nightly.py", "echo {{ ds }}", "echo {{ ds_nodash }}")


def _gone(folder: Path) -> None:
    _replace(folder, "out/sql/nightly/load.sql", "SELECT 1", "SELECT 2")
    (folder / "dags" / "nightly.py").write_text(_FINE)


def _deleted(folder: Path) -> None:
    (folder / "out" / "tests" / "test_nightly.py").unlink()


def _binary(folder: Path) -> None:
    (folder / _PIPELINE).write_bytes(b"\xff\xfe")
    _replace(folder, "dags/nightly.py", "echo {{ ds }}", "echo {{ ds_nodash }}")


def _nothing(folder: Path) -> None:
    """The second run alone makes the difference."""


EXAMPLES: Mapping[str, CodeExample] = {
    "D2Z501": CodeExample(_FINE, _FINE, files={"dags/runtime.py": "SHARED = 1\n"}),
    "D2Z502": CodeExample(
        _FINE, files={"dags/other.py": _FINE.replace('"nightly"', '"Nightly"')}, paths=("dags",)
    ),
    "D2Z503": CodeExample(_FINE, edit=_binary),
    "D2Z510": CodeExample(_FINE, edit=_conflict),
    "D2Z511": CodeExample(
        dag_file(
            'SnowflakeOperator(task_id="load", snowflake_conn_id="warehouse", sql="SELECT 1")',
            imports="from airflow.providers.snowflake.operators.snowflake import SnowflakeOperator",
        ),
        edit=_gone,
    ),
    "D2Z512": CodeExample(_FINE, edit=_deleted),
    "D2Z513": CodeExample(_FINE, edit=_merged),
    "D2Z514": CodeExample(
        _FINE,
        files={"dags/other.py": _FINE.replace("echo", "date")},
        edit=_nothing,
        again=("dags/other.py",),
    ),
}
