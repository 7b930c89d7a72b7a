"""`dag2zen run`."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from transpiler.commands.arguments import AsJson, Conf, Params, PipelineFile
from transpiler.commands.failures import fail

if TYPE_CHECKING:
    from runtime.report import RunReport


def run(
    file: PipelineFile,
    logical_date: Annotated[
        str | None, typer.Option(help="ISO date of the run. Default: the newest complete interval.")
    ] = None,
    param: Params = None,
    conf: Conf = "{}",
    json_: AsJson = False,
) -> None:
    """Run an emitted pipeline on ZenML's active stack and report the tasks' states as Airflow names
    them.

    Loads the emitted code. Exit code 0: success; 1: the run failed; 2: it could not be started.
    """
    params, configuration = parse_params(param or []), parse_conf(conf)
    try:
        with stdout_to_stderr():
            report = _run(file, logical_date, params, configuration)
    except ModuleNotFoundError as error:
        if (error.name or "").split(".")[0] != "zenml":
            raise
        raise fail("running needs ZenML. Install it: pip install 'dag2zen[runtime]'") from error
    if json_:
        typer.echo(report.model_dump_json(indent=2))
    else:
        for task_id, task in report.tasks.items():
            typer.echo(f"{task.state or 'not run':<16} {task_id}")
        for warning in report.warnings:
            typer.echo(warning)
        typer.echo(f"The run {report.run_name} ended with {report.state}.")
    raise typer.Exit(0 if report.state == "success" else 1)


def _run(
    file: Path, logical_date: str | None, params: dict[str, Any], conf: dict[str, Any]
) -> RunReport:
    from runtime.exceptions import PipelineRuntimeError
    from runtime.launch import run_file

    try:
        return run_file(file, logical_date, params, conf)
    except PipelineRuntimeError as error:
        raise fail(str(error)) from error


def parse_params(pairs: list[str]) -> dict[str, Any]:
    """Read `KEY=VALUE` options, the values as YAML; fails with exit code 2."""
    import yaml

    from runtime.plain_yaml import read_plain

    params = {}
    for pair in pairs:
        key, equals, value = pair.partition("=")
        if not equals or not key:
            raise fail(f"--param {pair!r} is not KEY=VALUE.")
        try:
            params[key] = read_plain(value)
        except yaml.YAMLError as error:
            raise fail(f"--param {key}: the value is not YAML. Put quotes around it.") from error
    return params


def parse_conf(text: str) -> dict[str, Any]:
    """Read the JSON object of `--conf`; fails with exit code 2."""
    import json

    try:
        conf = json.loads(text)
    except ValueError as error:
        raise fail(f"--conf is not JSON: {error}") from error
    if not isinstance(conf, dict):
        raise fail("--conf must be a JSON object.")
    return conf


@contextmanager
def stdout_to_stderr() -> Iterator[None]:
    """Steps and ZenML print; the report alone belongs on stdout."""
    sys.stdout.flush()
    stdout = os.dup(1)
    os.dup2(2, 1)
    try:
        yield
    finally:
        sys.stdout.flush()
        os.dup2(stdout, 1)
        os.close(stdout)
