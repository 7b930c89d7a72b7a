"""`dag2zen config show`."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from transpiler.cli import app


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    # The command sets it for its own process.
    monkeypatch.setenv("RUNTIME_PROJECT_ROOT", os.curdir)


def write(root: Path, name: str, text: str) -> Path:
    path = root / "configs" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_text_is_yaml_with_origins(tmp_path: Path) -> None:
    base = write(tmp_path, "base.yaml", 'params: {"a b": 1}\nconnections:\n  wh: {account: x}\n')
    write(tmp_path, "environments/dev.yaml", "pools: {default_pool: 4}\n")
    arguments = ["config", "show", "--root", str(tmp_path), "--environment", "dev"]
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 0, result.output
    assert yaml.safe_load(result.stdout) == {
        "connections": {"wh": {"account": "x"}},
        "params": {"a b": 1},
        "pools": {"default_pool": 4},
    }
    line = next(line for line in result.stdout.splitlines() if "account" in line)
    assert line.endswith(f"# {base.resolve()}:3")
    everything = CliRunner().invoke(app, [*arguments, "--all"]).stdout
    assert "batch_size: 10000" in everything and "# default" in everything


def test_json(tmp_path: Path) -> None:
    base = write(tmp_path, "base.yaml", "email: {port: 26}\n")
    arguments = ["config", "show", "any", "--root", str(tmp_path), "--format", "json"]
    result = CliRunner().invoke(app, arguments)
    assert json.loads(result.stdout) == [
        {"key": "email.port", "value": 26, "origin": f"{base.resolve()}:1"}
    ]


def test_what_is_wrong_is_said(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["config", "show", "--root", str(tmp_path)])
    assert result.exit_code == 2 and "has no folder configs/" in result.output
    write(tmp_path, "base.yaml", "emial: {}\n")
    result = CliRunner().invoke(app, ["config", "show", "--root", str(tmp_path)])
    assert result.exit_code == 2 and "Did you mean 'email'?" in result.output
