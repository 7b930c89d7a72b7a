"""Options and errors of the commands, in process."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from transpiler import __version__
from transpiler.cli import app

runner = CliRunner()


def invoke(*arguments: str | Path) -> Result:
    """Run the command in this process."""
    return runner.invoke(app, [str(argument) for argument in arguments])


@pytest.fixture
def dag(tmp_path: Path) -> Path:
    """A DAG file of a project."""
    path = tmp_path / "dags" / "daily.py"
    path.parent.mkdir()
    path.write_text(
        "from datetime import datetime\n"
        "from airflow import DAG\n"
        "from airflow.operators.empty import EmptyOperator\n"
        "with DAG('daily', start_date=datetime(2024, 1, 1), schedule=None):\n"
        "    EmptyOperator(task_id='a')\n"
    )
    return path


def test_version() -> None:
    result = invoke("--version")
    assert (result.exit_code, result.stdout) == (0, f"dag2zen {__version__}\n")


def test_explain() -> None:
    result = invoke("explain", "d2z112")
    assert result.exit_code == 0
    assert result.stdout.startswith("D2Z112  DAG id used twice\n")


@pytest.mark.parametrize(
    ("code", "hint"),
    [("D2Z11", "Did you mean D2Z110, D2Z111, D2Z112?"), ("what", "Codes go from D2Z101 to")],
)
def test_explain_an_unknown_code(code: str, hint: str) -> None:
    result = invoke("explain", code)
    assert result.exit_code == 2
    assert hint in result.stderr


def test_rules_as_text_and_json() -> None:
    text, data = invoke("rules"), invoke("rules", "--format", "json")
    assert text.exit_code == data.exit_code == 0
    rules = json.loads(data.stdout)
    assert [rule["name"] for rule in rules] == sorted(rule["name"] for rule in rules)
    for rule in rules:
        assert f"{rule['name']}  {rule['summary']}\n  {rule['docs']}\n" in text.stdout
        assert all(f"    {operator}\n" in text.stdout for operator in rule["operators"])


def test_rules_that_do_not_load(tmp_path: Path) -> None:
    result = invoke("rules", "--rules", tmp_path / "missing.py")
    assert result.exit_code == 2
    assert "missing.py: is neither a file nor a folder" in result.stderr


def test_output_from_the_migration_config(dag: Path, tmp_path: Path) -> None:
    (tmp_path / "migration.yaml").write_text("output: built\n")
    result = invoke("transpile", dag)
    assert result.exit_code == 0, result.output
    assert (tmp_path / "built" / "pipelines" / "daily.py").is_file()


def test_no_output_folder(dag: Path) -> None:
    result = invoke("transpile", dag)
    assert result.exit_code == 2
    assert "no output folder. Name one with --out" in result.stderr


def test_a_wrong_migration_config(dag: Path, tmp_path: Path) -> None:
    config = tmp_path / "other.yaml"
    config.write_text("outptu: x\n")
    result = invoke("assess", dag, "--config", config)
    assert result.exit_code == 2
    assert "Did you mean 'output'?" in result.stderr


def test_a_project_root_that_is_no_folder(dag: Path) -> None:
    result = invoke("assess", dag, "--project-root", dag)
    assert result.exit_code == 2
    assert "is not a folder" in result.stderr


def test_a_file_outside_the_project_root(dag: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    result = invoke("assess", dag, "--project-root", tmp_path / "elsewhere", "--format", "json")
    assert result.exit_code == 1
    (file,) = json.loads(result.stdout)["files"]
    assert [finding["code"] for finding in file["findings"]] == ["D2Z105"]


def test_sarif(dag: Path) -> None:
    result = invoke("assess", dag, "--format", "sarif")
    assert result.exit_code == 0
    assert json.loads(result.stdout)["runs"][0]["tool"]["driver"]["name"] == "dag2zen"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--param", "novalue"], "is not KEY=VALUE"),
        (["--param", "a=[1"], "the value is not YAML"),
        (["--conf", "{"], "--conf is not JSON"),
        (["--conf", "[]"], "must be a JSON object"),
        ([], "There is no pipeline file"),
    ],
)
def test_run_says_what_is_wrong(arguments: list[str], message: str, tmp_path: Path) -> None:
    result = invoke("run", tmp_path / "missing.py", *arguments)
    assert result.exit_code == 2
    assert message in result.stderr


def test_verify_needs_a_document(tmp_path: Path) -> None:
    result = invoke("verify", tmp_path)
    assert result.exit_code == 2
    assert "Name the folder that `dag2zen transpile` wrote." in result.stderr


@pytest.mark.parametrize(
    ("options", "config", "expected"),
    [
        ([], "", "static"),
        ([], "mode: dynamic\n", "dynamic"),
        ([], "mode: {d*: dynamic}\n", "dynamic"),
        ([], "mode: {other: dynamic}\n", "static"),
        (["--mode", "dynamic"], "", "dynamic"),
        (["--mode", "auto"], "mode: dynamic\n", "static"),
    ],
)
def test_mode(options: list[str], config: str, expected: str, dag: Path, tmp_path: Path) -> None:
    (tmp_path / "migration.yaml").write_text(config)
    result = invoke("assess", dag, *options, "--format", "json")
    (entry,) = json.loads(result.stdout)["files"][0]["dags"]
    assert (result.exit_code, entry["mode"]) == (0, expected)


def test_static_where_it_cannot_be_right_ends_with_1(dag: Path) -> None:
    dag.write_text(dag.read_text() + "    EmptyOperator(task_id='b').as_teardown()\n")
    assert invoke("assess", dag).exit_code == 0
    result = invoke("assess", dag, "--mode", "static", "--format", "json")
    (entry,) = json.loads(result.stdout)["files"][0]["dags"]
    assert (result.exit_code, entry["mode"]) == (1, "static")
    assert entry["mode_reason"].startswith("asked for by --mode static, although a teardown")
    assert "D2Z220" in {finding["code"] for finding in entry["findings"]}


def test_a_mode_that_does_not_exist(dag: Path, tmp_path: Path) -> None:
    assert invoke("assess", dag, "--mode", "fast").exit_code == 2
    (tmp_path / "migration.yaml").write_text("mode: fast\n")
    result = invoke("assess", dag)
    assert result.exit_code == 2
    assert "mode" in result.stderr
