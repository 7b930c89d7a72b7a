"""`dag2zen init`: what DAG files ask Airflow for, as a commented migration.yaml."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from transpiler.cli import app
from transpiler.config import load_migration_config

DAG = """\
from datetime import datetime
from airflow import DAG
from airflow.models import Variable
from airflow.hooks.base import BaseHook
from airflow.operators.python import PythonOperator
from airflow.providers.cncf.kubernetes.operators.pod import KubernetesPodOperator
from airflow.providers.snowflake.operators.snowflake import SnowflakeOperator
from alerts import create_alert

LIMIT = Variable.get("limit")


def load():
    HttpHook(method="GET", http_conn_id="crm_api").run("/ping")
    return BaseHook.get_connection("shop_api").host


def tell(context):
    print(context)


with DAG("{dag_id}", start_date=datetime(2024, 1, 1), schedule="@daily", on_failure_callback=create_alert) as dag:
    for country in ("be", "nl"):
        SnowflakeOperator(
            task_id=f"load_{country}",
            snowflake_conn_id="warehouse",
            sql="SELECT {{ var.value.get('market', 'be') }}, {{ var.json.shops }}",
            pool="small",
            on_success_callback=[tell],
        )
    KubernetesPodOperator(task_id="score", image="registry.example.org:5000/score:1.2", name="score")
    PythonOperator(task_id="python", python_callable=load, pool="default_pool")
"""


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    dags = tmp_path / "dags"
    dags.mkdir()
    (dags / "a.py").write_text(DAG.replace("{dag_id}", "a"))
    (dags / "b.py").write_text(DAG.replace("{dag_id}", "b"))
    (dags / "broken.py").write_text("from airflow import DAG\nprint 'dag'\n")
    (dags / ".airflowignore").write_text("# not for Airflow\narchive/\n\nold_.*  # since 2022\n")
    (dags / "archive").mkdir()
    (dags / "archive" / "c.py").write_text(DAG.replace("{dag_id}", "c"))
    (dags / "alerts.py").write_text(
        "# airflow dag helpers\ndef create_alert(context):\n    print(context)\n"
    )
    return tmp_path


def init(*arguments: str) -> tuple[int, str, str]:
    done = CliRunner().invoke(app, ["init", *arguments])
    return done.exit_code, done.stdout, done.stderr


def test_everything_is_found_with_counts_and_places(repository: Path) -> None:
    code, text, _ = init(str(repository), "--print")
    assert code == 0
    for line in (
        "# Found by `dag2zen init` in 4 files with 2 DAGs.",
        "#   warehouse:  # 2 places: dags/a.py:26, dags/b.py:26",
        "#     password: ${WAREHOUSE_PASSWORD}",
        "#   crm_api:  # 2 places: dags/a.py:14, dags/b.py:14\n#     type: http\n",
        "#   shop_api:  # 2 places: dags/a.py:15, dags/b.py:15",
        "#   registry.example.org:5000/score",
        "#   dags.alerts.create_alert: keep  # 2 places: dags/a.py:22, dags/b.py:22",
        "#   dags.a.tell: keep  # 1 place: dags/a.py:29",
        "#   limit: 2 places: dags/a.py:10, dags/b.py:10",
        "#   market: 2 places: dags/a.py:27, dags/b.py:27",
        "#   shops: 2 places: dags/a.py:27, dags/b.py:27",
        "#   small: 2 places: dags/a.py:28, dags/b.py:28",
        "# Cannot be read as they are: dags/broken.py",
        "# dags/.airflowignore: 'archive/' leaves out one file, as in Airflow: dags/archive/c.py",
        "# airflowignore: include",
    ):
        assert line in text or line.replace("registry", '"registry') in text, (line, text)
    assert "default_pool" not in text
    assert not (repository / "migration.yaml").exists()


def test_the_file_is_valid_as_written_and_uncommented(repository: Path) -> None:
    code, _, told = init(str(repository))
    assert code == 0
    assert (
        "2 DAGs in 2 files (and 1 without a DAG, 1 not read) ask for 3 connections, 1 image, "
        "3 callbacks, 3 variables, 1 pool" in told
    )
    path = repository / "migration.yaml"
    assert load_migration_config(path, repository).connections == {}
    text = path.read_text()
    sections = [
        part
        for part in text.split("\n\n")
        if re.search(r"^# (connections|images|callbacks):", part, re.M)
    ]
    bare = "\n".join(
        line.removeprefix("# ") if re.match(r"# \w+:$", line) else line.removeprefix("#")
        for part in sections
        for line in part.splitlines()
        if re.match(r"# (connections|images|callbacks):$|#   ", line)
    )
    path.write_text(bare)
    config = load_migration_config(path, repository)
    assert config.connections["warehouse"].type == "snowflake"
    assert config.container_mode("registry.example.org:5000/score:9").as_ == "container"
    assert config.callbacks["dags.alerts.create_alert"] == "keep"


def test_a_file_that_is_there_stays(repository: Path) -> None:
    (repository / "migration.yaml").write_text("output: out\n")
    code, _, told = init(str(repository))
    assert code == 2 and "is there already" in told
    assert (repository / "migration.yaml").read_text() == "output: out\n"
    assert init(str(repository), "--force")[0] == 0
    assert "# connections:" in (repository / "migration.yaml").read_text()


def test_wrong_paths(tmp_path: Path) -> None:
    assert "is not a folder" in init(str(tmp_path / "none"))[2]
    code, _, told = init(str(tmp_path))
    assert code == 2 and "no DAG" in told


def test_hostile_names_stay_in_their_comment(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(
        DAG.replace("{dag_id}", "a")
        .replace('"warehouse"', '"x\\n: y\\u202e #"')
        .replace("from alerts import create_alert", "create_alert = None")
    )
    code, text, _ = init(str(tmp_path), "--print")
    assert code == 0
    assert all(line.startswith("#") or not line for line in text.splitlines())
    assert text.replace("\n", "").isprintable()
