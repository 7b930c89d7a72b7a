"""The command line of an emitted pipeline module: `python pipelines/<name>.py --logical-date …`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from runtime.exceptions import LaunchError, PipelineRuntimeError
from runtime.plain_yaml import read_plain
from runtime.report import SUCCESS, RunReport
from runtime.schedule import DagSchedule

if TYPE_CHECKING:
    from zenml.pipelines.pipeline_definition import Pipeline


def main(pipeline: Pipeline, schedule: DagSchedule, argv: Sequence[str] | None = None) -> None:
    """Run or schedule the pipeline of the module that is running, as the arguments say.

    Prints each task's state, or with `--json` the report. Ends the process with 1 for a failed
    run and 2 for one that could not be started.
    """
    from runtime import launch
    from runtime.loading import enter_project

    options = _parser(pipeline.name).parse_args(argv)
    main_file = getattr(sys.modules["__main__"], "__file__", None)
    if main_file and pipeline.entrypoint.__module__ == "__main__":
        enter_project(Path(main_file).resolve().parent.parent)
    try:
        if options.schedule:
            print(f"Scheduled as {launch.attach_schedule(pipeline, schedule)}.")
            return
        given = options.logical_date
        date = None if given is None else launch.parse_logical_date(given)
        report = launch.start(
            pipeline, schedule, logical_date=date, params=parse_params(options.param)
        )
    except PipelineRuntimeError as error:
        print(f"error: {error}", file=sys.stderr)
        sys.exit(2)
    print(report.model_dump_json(indent=2) if options.json else describe(report))
    if report.state != SUCCESS:
        sys.exit(1)


def describe(report: RunReport) -> str:
    """Give the report as text: a line per task, those of failed callbacks, and the run's state."""
    width = max((len(task) for task in report.tasks), default=0)
    tasks = [f"{name:<{width}}  {task.state or 'no status'}" for name, task in report.tasks.items()]
    return "\n".join([*tasks, *report.warnings, f"run {report.run_name}: {report.state}"])


def parse_params(assignments: Sequence[str]) -> dict[str, Any]:
    """Read `name=value` assignments; values are YAML, so that numbers and lists can be given."""
    params = {}
    for assignment in assignments:
        name, separator, text = assignment.partition("=")
        if not name or not separator:
            raise LaunchError(f"The parameter {assignment!r} is not written as name=value.")
        try:
            params[name] = read_plain(text)
        except yaml.YAMLError as error:
            raise LaunchError(f"The value of the parameter {name!r} is not valid YAML.") from error
    return params


def _parser(name: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=f"Run the pipeline {name}.")
    parser.add_argument("--logical-date", help="ISO date; by default the newest complete interval")
    parser.add_argument(
        "--param", action="append", default=[], metavar="NAME=VALUE", help="override a parameter"
    )
    parser.add_argument("--schedule", action="store_true", help="hand it to the stack's scheduler")
    parser.add_argument("--json", action="store_true", help="print the report as JSON")
    return parser
