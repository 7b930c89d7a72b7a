"""What Airflow builds from the fixtures, and that its facts hold for hostile files too."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from tests.judge.airflow_env import (
    PROJECT,
    AirflowMissingError,
    airflow_facts,
    airflow_python,
    run_airflow_facts,
)

FIXTURES = PROJECT / "fixtures_dags"
LTV = "tran-ds-ltv-acquisition-be-inference"
PREDICTIONS = ["predict_ltv_12m", "predict_ltv_24m", "predict_ltv_6m"]

Facts = dict[str, dict[str, Any]]

DAG_IDS = {
    "churn_scoring_by_country.py": ["churn_scoring_be", "churn_scoring_fr", "churn_scoring_nl"],
    "feature_engineering_daily.py": ["feature_engineering_daily"],
    "legacy_customer_export.py": ["legacy_customer_export"],
    "marketing_budget_taskflow.py": ["marketing_budget"],
    "model_training_cluster.py": ["model_training"],
    "month_end_reporting.py": ["month_end_reporting"],
    "order_intake_branching.py": ["order_intake"],
    "sales_target_rollup.py": ["sales_target_rollup"],
    "snowflake_housekeeping.py": ["snowflake_housekeeping"],
    f"{LTV}.py": [LTV],
}
SCHEDULES = {
    "churn_scoring_fr": "0 5 * * 1-5",
    "marketing_budget": "0 0 1 * *",
    "sales_target_rollup": "0 0 * * 0",
    "snowflake_housekeeping": 21600,
    LTV: "0 2 * * *",
}


@pytest.fixture(scope="session")
def fixture_facts() -> Facts:
    """Facts of all fixture DAGs: Airflow is started once for them."""
    return airflow_facts(*sorted(FIXTURES.glob("*.py")))


def dags(facts: Facts) -> dict[str, dict[str, Any]]:
    return {dag["dag_id"]: dag for entry in facts.values() for dag in entry["dags"]}


def tasks(facts: Facts, dag_id: str) -> dict[str, dict[str, Any]]:
    return {task["task_id"]: task for task in dags(facts)[dag_id]["tasks"]}


def test_every_fixture_loads(fixture_facts: Facts) -> None:
    assert {name: entry["error"] for name, entry in fixture_facts.items()} == dict.fromkeys(DAG_IDS)
    assert {
        name: [dag["dag_id"] for dag in entry["dags"]] for name, entry in fixture_facts.items()
    } == DAG_IDS


@pytest.mark.parametrize("dag_id", SCHEDULES)
def test_schedules_are_normalised(fixture_facts: Facts, dag_id: str) -> None:
    assert dags(fixture_facts)[dag_id]["schedule"] == SCHEDULES[dag_id]


def test_start_date_is_utc_and_may_come_from_the_tasks(fixture_facts: Facts) -> None:
    found = dags(fixture_facts)
    assert found["month_end_reporting"]["start_date"] == "2022-12-31T23:00:00+00:00"
    assert found["month_end_reporting"]["timetable"] == {
        "class": "CronDataIntervalTimetable",
        "summary": "30 6 1 * *",
        "timezone": "Europe/Brussels",
    }
    assert found["legacy_customer_export"]["start_date"] == "2019-05-01T00:00:00+00:00"


def test_ltv_dag(fixture_facts: Facts) -> None:
    dag = dags(fixture_facts)[LTV]
    assert dag["start_date"] == "2022-03-01T00:00:00+00:00"
    assert dag["catchup"] is False
    assert dag["tags"] == ["be", "data-science", "ltv"]
    assert dag["params"] == {"market": "BE", "tenures": [6, 12, 24], "retention_days": 90}


def test_ltv_edges(fixture_facts: Facts) -> None:
    assert {task_id: task["upstream"] for task_id, task in tasks(fixture_facts, LTV).items()} == {
        "wait_for_features": [],
        "create_tables": ["wait_for_features"],
        "convert_orders_to_eur": ["create_tables"],
        "check_fx_rates": ["create_tables"],
        "build_features": ["check_fx_rates", "convert_orders_to_eur"],
        **dict.fromkeys(PREDICTIONS, ["build_features"]),
        "check_predictions": PREDICTIONS,
        "publish_predictions": ["check_predictions"],
        "refresh_summary": ["publish_predictions"],
        "purge_old_features": ["publish_predictions"],
        "done": ["purge_old_features", "refresh_summary"],
    }


def test_ltv_tasks(fixture_facts: Facts) -> None:
    found = tasks(fixture_facts, LTV)
    retries = {task_id: task["retries"] for task_id, task in found.items()}
    assert retries == {**dict.fromkeys(found, 3), "check_predictions": 0}
    assert {task["retry_delay_seconds"] for task in found.values()} == {300}
    assert {task["trigger_rule"] for task in found.values()} == {"all_success"}
    assert not any(task["mapped"] or task["group"] for task in found.values())
    assert found["build_features"]["execution_timeout_seconds"] == 2700
    assert all(
        task["callbacks"] == {"on_failure_callback": ["alerts.incidentio_alerts.create_alert"]}
        for task in found.values()
    )


def test_ltv_templates(fixture_facts: Facts) -> None:
    found = tasks(fixture_facts, LTV)
    predict = found["predict_ltv_12m"]
    assert predict["operator"] == "KubernetesPodOperator"
    assert predict["template_fields"]["arguments"][:6] == [
        "--run-date",
        "{{ ds }}",
        "--market",
        "{{ params.market }}",
        "--tenure-months",
        "12",
    ]
    assert predict["template_fields"]["container_resources"]["limits"]["memory"] == "8Gi"
    # template_searchpath led Airflow to the file, whose text it put in the name's place
    text = (FIXTURES / "sql" / "ltv_be" / "build_features.sql").read_text("utf-8")
    assert found["build_features"]["template_fields"]["sql"].strip() == text.strip()


def test_groups_trigger_rules_and_backoff(fixture_facts: Facts) -> None:
    report = tasks(fixture_facts, "month_end_reporting")
    assert report["reports.checks.check_ltv"]["group"] == "reports.checks"
    assert report["reports.checks.check_ltv"]["upstream"] == ["reports.build_ltv"]
    assert report["tell_on_call"]["trigger_rule"] == "one_failed"
    purge = tasks(fixture_facts, "snowflake_housekeeping")["purge_ltv_features_be"]
    assert purge["retry_exponential_backoff"] is True
    assert purge["max_retry_delay_seconds"] == 1200


def test_taskflow_values_name_their_task(fixture_facts: Facts) -> None:
    announce = tasks(fixture_facts, "marketing_budget")["announce_budget"]
    assert announce["upstream"] == ["check_daily_spend", "split_by_channel", "summarize"]
    assert announce["template_fields"]["op_args"] == [
        {"xcom": {"task_id": "split_by_channel", "key": "return_value"}},
        {"xcom": {"task_id": "summarize", "key": "total"}},
        {"xcom": {"task_id": "check_daily_spend", "key": "return_value"}},
    ]


@pytest.fixture(scope="session")
def team_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A DAG folder two levels below the project's root, where the module `helpers` lies."""
    root = tmp_path_factory.mktemp("project")
    (root / "helpers.py").write_text("DAG_ID = 'from_root'\n", "utf-8")
    folder = root / "dags" / "team"
    folder.mkdir(parents=True)
    (folder / "team.py").write_text(
        "from airflow import DAG\nfrom helpers import DAG_ID\ndag = DAG(DAG_ID, schedule=None)\n",
        "utf-8",
    )
    return folder


def test_bad_files_are_reported_one_by_one(team_folder: Path) -> None:
    names = ["not_python", "python2", "cycle", "duplicate_task_id", "hostile_ids", "no_schedule"]
    files = [FIXTURES / "broken" / f"{name}.py" for name in names]
    facts = airflow_facts(*files, team_folder / "team.py")
    errors = {name.removesuffix(".py"): entry["error"] or "" for name, entry in facts.items()}
    assert "SyntaxError" in errors["not_python"]
    assert "SyntaxError" in errors["python2"]
    assert "Cycle detected" in errors["cycle"]
    assert "already been added" in errors["duplicate_task_id"]
    assert "alphanumeric" in errors["hostile_ids"]
    assert errors["no_schedule"] == ""
    # Airflow 2 runs a DAG that says nothing about its schedule once a day.
    assert facts["no_schedule.py"]["dags"][0]["schedule"] == 86400
    # Without a project root, only the file's own folder is one to import from.
    assert errors["team"] == "ModuleNotFoundError: No module named 'helpers'"


HOSTILE = {
    "network": ("import urllib.request as u\nu.urlopen('http://127.0.0.1:9')", "refused"),
    "memory": ("data = 'x' * 10**11", "MemoryError"),
    "exits": ("import os\nos._exit(3)", "died"),
    "endless": ("while True: pass", "AirflowTaskTimeout"),
    "deaf": (
        "import signal, time\nsignal.signal(signal.SIGALRM, signal.SIG_IGN)\ntime.sleep(999)",
        "took over",
    ),
}


MAPPED = """
from datetime import datetime

from airflow import DAG
from airflow.decorators import task
from airflow.operators.bash import BashOperator

with DAG("sound", start_date=datetime(2023, 1, 1), schedule="@once"):
    BashOperator.partial(task_id="each", env={"A": "{{ ds }}"}).expand(bash_command=["a", "b"])
"""


@pytest.fixture(scope="session")
def hostile_facts(team_folder: Path) -> Facts:
    """Facts of files that misbehave while they load, in one run with two that do not."""
    for name, (text, _) in HOSTILE.items():
        (team_folder / f"{name}.py").write_text(f"print('noise')\n{text}\n", "utf-8")
    (team_folder / "sound.py").write_text(MAPPED, "utf-8")
    root = team_folder.parents[1]
    return airflow_facts("--timeout", "1", "--project-root", root, *team_folder.glob("*.py"))


@pytest.mark.parametrize("name", HOSTILE)
def test_misbehaving_file_is_an_entry_with_its_cause(hostile_facts: Facts, name: str) -> None:
    entry = hostile_facts[f"{name}.py"]
    assert HOSTILE[name][1] in entry["error"]
    assert entry["dags"] == []


def test_other_files_of_the_run_are_untouched(hostile_facts: Facts) -> None:
    dag = hostile_facts["sound.py"]["dags"][0]
    assert dag["schedule"] == "@once"
    assert dag["tasks"][0]["mapped"] is True
    assert dag["tasks"][0]["template_fields"] == {
        "env": {"A": "{{ ds }}"},
        "expand": {"bash_command": ["a", "b"]},
    }


def test_imports_resolve_up_to_the_project_root(hostile_facts: Facts, team_folder: Path) -> None:
    (dag,) = hostile_facts["team.py"]["dags"]
    assert (dag["dag_id"], dag["schedule"], dag["start_date"]) == ("from_root", None, None)
    assert not list(team_folder.parents[1].rglob("__pycache__"))


def test_missing_environment_names_the_remedy(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DAG2ZEN_AIRFLOW_PYTHON", str(tmp_path / "python"))
    with pytest.raises(AirflowMissingError, match="make airflow-env"):
        airflow_python()


def test_python_without_airflow_is_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DAG2ZEN_AIRFLOW_PYTHON", sys.executable)
    done = run_airflow_facts(FIXTURES / "no_such.py")
    assert done.returncode == 2
    assert "cannot import Airflow" in done.stderr
    assert done.stdout == ""
