"""Which Airflow a file is for: its imports, what its project installs, or the settings."""

from __future__ import annotations

from pathlib import Path

import pytest

from transpiler.config import MigrationConfig
from transpiler.config.models import check_airflow_version
from transpiler.evaluate import read_dag_file
from transpiler.evaluate.release import release_of

PLAIN = "from airflow import DAG\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("from airflow.sdk import DAG\n", (3, True)),
        ("    import airflow.sdk as sdk\n", (3, True)),
        ("from airflow.operators.dummy import DummyOperator\n", (2, True)),
        ("from airflow.contrib.operators.x import X\n", (2, True)),
        ("from airflow.utils.dates import days_ago\n", (2, True)),
        ("DAG('d', schedule_interval='@daily')\n", (2, True)),
        (PLAIN, (2, False)),
        ("# schedule_interval='@daily'\n", (2, False)),
        ("from airflow.operators.python import PythonOperator\n", (2, False)),
        (
            "try:\n    from airflow.datasets import Dataset\nexcept ImportError:\n    pass\n",
            (2, False),
        ),
    ],
)
def test_what_a_file_says(text: str, expected: tuple[int, bool]) -> None:
    found = release_of(text, [])
    assert (found.major, found.source is not None) == expected


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("requirements.txt", "apache-airflow[postgres]==2.9.1\n", "2.9"),
        ("requirements-dev.txt", "apache-airflow~=3.0.0\n", "3.0"),
        ("pyproject.toml", 'dependencies = ["apache-airflow==2.7.3"]\n', "2.7"),
        ("pyproject.toml", '[tool.poetry.dependencies]\napache-airflow = "^2.8.1"\n', "2.8"),
        ("Dockerfile", "FROM apache/airflow:slim-2.6.3-python3.10\n", "2.6"),
        ("Dockerfile", "FROM registry.example.com/astronomer/astro-runtime:11.3.0\n", "2.9"),
        ("Dockerfile", "FROM registry.example.com/astronomer/runtime:3.0-4\n", "3.0"),
        ("docker-compose.yaml", "image: ${IMAGE:-apache/airflow:2.10.2}\n", "2.10"),
        (".env", "AIRFLOW_VERSION=3.1.0\n", "3.1"),
        ("requirements.txt", "apache-airflow>=2.4\n", None),
        ("requirements.txt", "apache-airflow==1.10.15\n", None),
        ("requirements.txt", "apache-airflow==2.9.1\napache-airflow==3.0.0\n", None),
        ("notes.txt", "apache-airflow==3.0.0\n", None),
        ("requirements.txt", "apache-airflow==3.0.0\n" + "#" * 300_000, None),
    ],
)
def test_what_a_project_installs(
    tmp_path: Path, name: str, text: str, expected: str | None
) -> None:
    (tmp_path / name).write_text(text, "utf-8")
    found = release_of(PLAIN, [tmp_path])
    assert (found.shown if found.source else None) == expected


def test_the_nearest_folder_that_says_it_counts(tmp_path: Path) -> None:
    inner = tmp_path / "team" / "dags"
    inner.mkdir(parents=True)
    (tmp_path / "requirements.txt").write_text("apache-airflow==3.0.0\n", "utf-8")
    (tmp_path / "team" / "requirements.txt").write_text("apache-airflow==2.8.0\n", "utf-8")
    (inner / "d.py").write_text(PLAIN, "utf-8")
    assert read_dag_file(inner / "d.py", tmp_path).airflow.shown == "2.8"


def test_the_settings_win(tmp_path: Path) -> None:
    (tmp_path / "d.py").write_text("from airflow.sdk import DAG\n", "utf-8")
    for version, expected in {"2.10.5": "2.10", "2": "2.11", "3": "3.3"}.items():
        release = MigrationConfig(airflow_version=version).airflow_release()
        assert read_dag_file(tmp_path / "d.py", tmp_path, airflow=release).airflow.shown == expected
    assert MigrationConfig().airflow_release() is None


@pytest.mark.parametrize(("value", "text"), [(2.1, "quotes"), ("1.10", "2 or 3"), ("x", "2 or 3")])
def test_what_is_no_version(value: object, text: str) -> None:
    with pytest.raises(ValueError, match=text):
        check_airflow_version(value)
