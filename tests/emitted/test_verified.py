"""Every emitted pipeline compiles with ZenML and has the graph that Airflow builds."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.emitted.fixtures import FILES
from tests.judge.airflow_env import airflow_python


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All fixtures in one emitted project, written by the command."""
    out = tmp_path_factory.mktemp("verified") / "out"
    done = _dag2zen("transpile", *map(str, FILES), "--out", str(out))
    assert done.returncode == 0, done.stderr
    return out


def _dag2zen(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "transpiler", *arguments],
        capture_output=True,
        text=True,
        check=False,
        env=dict(os.environ),
    )


def test_zenml_compiles_the_same_graph_that_airflow_loads(project: Path) -> None:
    done = _dag2zen("verify", str(project), "--airflow-python", str(airflow_python()))
    assert done.stdout.strip() == "DAGs: 12, differences: 0"
    assert done.returncode == 0


@pytest.mark.slow
def test_a_changed_edge_is_found(project: Path) -> None:
    module = project / "pipelines" / "legacy_customer_export.py"
    text = module.read_text(encoding="utf-8")
    assert 'after=["upload"]' in text
    module.write_text(text.replace('after=["upload"]', 'after=["start"]', 1), encoding="utf-8")
    done = _dag2zen("verify", str(project))
    module.write_text(text, encoding="utf-8")
    assert done.returncode == 1
    assert "legacy_customer_export" in done.stdout
    assert "upstream" in done.stdout
