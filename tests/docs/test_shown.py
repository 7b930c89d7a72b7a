"""What the pages show beside their transcripts: each sample is run, or held against what is."""

from __future__ import annotations

import ast
import os
import re
import shlex
import textwrap
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

from tests.docs.samples import REPOSITORY, samples
from tests.workspace.repositories import DAG, environment, make_repository
from transpiler.cli import app

LTV = REPOSITORY / "fixtures_dags" / "tran-ds-ltv-acquisition-be-inference.py"
BASH_DAG = """\
from datetime import datetime
from airflow import DAG
from airflow.operators.bash import BashOperator
with DAG("churn_daily", start_date=datetime(2024, 1, 1), schedule="@daily", catchup=False):
"""


def shown(page: str, language: str) -> list[str]:
    return [one.text for one in samples() if (one.page, one.language) == (page, language)]


def dag2zen(*arguments: object, code: int | None = 0) -> str:
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    assert code is None or result.exit_code == code, result.output
    return result.output


def test_the_commands_of_the_readme(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("GIT_CONFIG_GLOBAL", "GIT_CONFIG_NOSYSTEM"):
        monkeypatch.setenv(name, environment()[name])
    monkeypatch.setattr("transpiler.verify.project.find_spec", lambda name: None)
    monkeypatch.chdir(make_repository(tmp_path / "acme", {"dags/ltv.py": DAG}))
    _, block = shown("README.md", "console")
    lines = [shlex.split(line, comments=True) for line in block.splitlines()]
    said = {}
    for words in lines:
        # What needs Airflow, a store or a remote is run by tests of its own.
        if words[1] in ("init", "assess", "transpile", "diff", "pr"):
            bare = [word for word in words[1:] if word != "--push"]
            said[words[1]] = dag2zen(*bare)
    assert (Path("dags") / "migration.yaml").is_file()
    assert (Path("migrated") / "MIGRATION.md").is_file()
    assert "branch" in said["pr"] or "commits, based on main" in said["pr"]


def test_the_account() -> None:
    (text,) = shown("docs/account.md", "text")
    assert text in dag2zen("assess", LTV)


def test_layers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from runtime.config import load_config

    layered, exports = shown("docs/configuration.md", "console")
    files = {
        "base.yaml": "inference: {cap: 1}\noutput: {table: PREDICTIONS}\n",
        "environments/prod.yaml": "inference: {floor: 0}\n",
        "pipelines/ltv_be.yaml": "inference:\n  batch_size: 3\n",
    }
    for name, content in files.items():
        (tmp_path / "configs" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "configs" / name).write_text(content)
    monkeypatch.setenv("RUNTIME_PROJECT_ROOT", os.curdir)
    monkeypatch.chdir(tmp_path)
    command, _, printed = layered.removeprefix("$ ").partition("\n")
    setting, *words = shlex.split(command)
    with monkeypatch.context() as patch:
        patch.setenv(*setting.split("="))
        output = dag2zen(*words[1:])
    # The comments stand under one another, wherever the folder is.
    assert output.replace(str(tmp_path.resolve()), "/srv/ltv") == printed

    for line in exports.splitlines():
        monkeypatch.setenv(*line.removeprefix("$ export ").split("="))
    (tmp_path / "configs" / "base.yaml").write_text("connections: {snowflake_default: {}}\n")
    config = load_config("ltv-be")
    connection = config.connection("snowflake_default")
    assert (connection.warehouse, connection.account) == ("BATCH_WH", "acme-us")
    assert config.params == {"market": "NL"}


def test_suppressions(tmp_path: Path) -> None:
    (task,) = shown("docs/findings.md", "python")
    (settings,) = shown("docs/findings.md", "yaml")
    dag = tmp_path / "dags" / "churn" / "daily.py"
    dag.parent.mkdir(parents=True)
    wait = '    ExternalTaskSensor(task_id="wait_be", external_dag_id="features")\n'
    head = "from airflow.sensors.external_task import ExternalTaskSensor\n" + BASH_DAG
    dag.write_text(head + textwrap.indent(task, "    ") + wait)
    (tmp_path / "migration.yaml").write_text('airflow_version: "2.10"\n' + settings)
    output = dag2zen("assess", dag, "--project-root", tmp_path)
    assert "2 suppressed" in output
    assert "D2Z134" in output and "D2Z209" in output  # no SLA here: that entry accepts nothing


def test_secrets() -> None:
    (told,) = shown("docs/security.md", "text")
    (code,) = shown("docs/security.md", "python")
    fixture = REPOSITORY / "fixtures_dags" / "broken" / "secret_literals.py"
    output = dag2zen("assess", fixture, code=None)
    place, remedy = told.splitlines()
    assert place in output
    assert remedy.strip().split(", and")[0] in output
    name = re.findall(r'environ\["(\w+)"\]', code)[0]
    assert f"variable {name} " in place


def test_the_code_without_the_secret(tmp_path: Path) -> None:
    (code,) = shown("docs/security.md", "python")
    fixture = REPOSITORY / "fixtures_dags" / "broken" / "secret_literals.py"
    dag2zen("transpile", fixture, "--out", tmp_path / "out", code=None)
    assert code in (tmp_path / "out" / "pipelines" / "secret_literals.py").read_text()


def test_snapshots(tmp_path: Path) -> None:
    from transpiler.testing.snapshots import _failure

    (test,) = shown("docs/snapshots.md", "python")
    (failure,) = shown("docs/snapshots.md", "text")
    call = ast.parse(test).body[0]
    assert isinstance(call, ast.FunctionDef)
    assert [one.arg for one in call.args.args] == ["migration_snapshot"]
    dag = tmp_path / "ltv.py"
    texts = []
    for moment in ("ds", "ts"):
        task = f'    BashOperator(task_id="load", bash_command="echo {{{{ {moment} }}}}")\n'
        dag.write_text(BASH_DAG.replace("churn_daily", "ltv") + task)
        dag2zen("transpile", dag, "--out", tmp_path / moment)
        texts.append((tmp_path / moment / "pipelines" / "ltv.py").read_text())
    old, new = texts
    made = _failure({"pipelines/ltv.py": (old, new)})
    assert [line.rstrip() for line in made.rstrip().splitlines()] == failure.splitlines()


def test_upstreams(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from runtime.config import load_config

    (text,) = shown("docs/triggering.md", "yaml")
    (tmp_path / "configs").mkdir()
    (tmp_path / "configs" / "base.yaml").write_text(text)
    monkeypatch.setenv("AIRFLOW_API_TOKEN", "not a token")
    monkeypatch.setenv("RUNTIME_PROJECT_ROOT", str(tmp_path))
    config = load_config("ltv")
    upstream = config.upstreams["feature_engineering_daily"]
    assert (upstream.airflow, upstream.api) == ("https://airflow.example.com", "v1")


def test_hooks_and_action() -> None:
    hooks, workflow = (
        yaml.safe_load(text.replace("{repository}", "a/b"))
        for text in shown("docs/re-runs.md", "yaml")
    )
    offered = yaml.safe_load((REPOSITORY / ".pre-commit-hooks.yaml").read_text())
    asked = [hook["id"] for repository in hooks["repos"] for hook in repository["hooks"]]
    assert set(asked) <= {hook["id"] for hook in offered}
    action = yaml.safe_load((REPOSITORY / "action.yml").read_text())
    *_, step = workflow["jobs"]["dags"]["steps"]
    assert set(step["with"]) <= set(action["inputs"])


def test_calls_of_the_runtime() -> None:
    """Every call in the samples of these pages fits the signature that the runtime has."""
    names = _names()
    pages = (
        "docs/runtime.md",
        "docs/triggering.md",
        "docs/decisions/0009-retries-on-steps.md",
        "docs/decisions/0010-dynamic-pipelines.md",
    )
    checked = [
        _check(call, names)
        for page in pages
        for text in shown(page, "python")
        for call in _calls(text)
    ]
    assert sum(checked) >= 15


def _names() -> dict[str, Callable[..., Any]]:
    from zenml import pipeline
    from zenml.config.retry_config import StepRetryConfig

    from runtime.dagrun import DagRun, each
    from runtime.schedule import DagSchedule
    from runtime.steps import wait_for_pipeline

    methods = {f"dag.{name}": getattr(DagRun, name) for name in ("task", "branch", "map")}
    return {
        "DagRun": DagRun,
        "DagSchedule": DagSchedule,
        "StepRetryConfig": StepRetryConfig,
        "each": each,
        "pipeline": pipeline,
        "wait_for_pipeline.with_options": wait_for_pipeline.with_options,
        **methods,
    }


def _calls(text: str) -> list[ast.Call]:
    return [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call)]


def _check(call: ast.Call, names: dict[str, Callable[..., Any]]) -> bool:
    """Whether the callee is known; TypeError where the arguments do not fit."""
    import inspect

    name = ast.unparse(call.func)
    function = names.get(name)
    if function is None:
        return False
    own = [None] if name.startswith("dag.") else []
    values = {one.arg: None for one in call.keywords if one.arg}
    inspect.signature(function).bind(*own, *[None for _ in call.args], **values)
    return True


@pytest.mark.slow
def test_the_quickstart_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, zenml_store: Path
) -> None:
    from tests.docs.transcripts import blocks

    install, run = shown("docs/quickstart.md", "bash")
    assert "pip install '.[runtime]'" in install
    (tmp_path / "dags").mkdir()
    (tmp_path / "dags" / "nightly.py").write_text(blocks("quickstart.md", "python")[0])
    monkeypatch.chdir(tmp_path)
    dag2zen("transpile", "dags", "--out", "zenml")
    verified, ran = (dag2zen(*shlex.split(line)[1:]) for line in run.splitlines())
    assert "DAGs: 1, differences: 0" in verified
    for task in ("extract", "count", "tell"):
        assert re.search(rf"success\s+{task}", ran), ran
    assert datetime(2024, 6, 1).date().isoformat() in ran
