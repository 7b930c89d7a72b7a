"""`dag2zen listen`."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from transpiler.commands.failures import fail
from transpiler.commands.run import stdout_to_stderr

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TextIO

    from runtime.listening.listener import Told


def listen(
    project: Annotated[Path, typer.Argument(metavar="DIR", help="An emitted project.")],
    jobs: Annotated[int, typer.Option(min=1, help="How many runs go on at one time.")] = 4,
    once: Annotated[
        bool, typer.Option("--once", help="Start what is due now, wait for its end, and stop.")
    ] = False,
    format_: Annotated[
        Literal["text", "json"], typer.Option("--format", help="How to tell what happens.")
    ] = "text",
) -> None:
    """Start the pipelines of an emitted project when their schedules, or updated assets, ask for it.

    Does what Airflow's scheduler does, on one machine, for all schedules: catchup, several crons,
    time zones, `@continuous`, datasets and assets. It may be stopped at any time; started again, it
    goes on where it was, and starts no date twice. SIGTERM and Ctrl-C end the runs that go on.
    Loads the emitted code. Exit code 0: stopped, with --once when all runs succeeded; 1: with
    --once, some did not; 2: it could not be started.
    """
    try:
        from runtime.exceptions import PipelineRuntimeError
        from runtime.listening import listen as listen_to

        # What a pipeline's module prints when it is loaded goes to stderr.
        with os.fdopen(os.dup(1), "w", buffering=1) as output, stdout_to_stderr():
            failures = listen_to(project, jobs=jobs, once=once, tell=_printer(output, format_))
    except ModuleNotFoundError as error:
        if (error.name or "").split(".")[0] != "zenml":
            raise
        raise fail("listening needs ZenML. Install it: pip install 'dag2zen[runtime]'") from error
    except PipelineRuntimeError as error:
        raise fail(str(error)) from error
    raise typer.Exit(1 if once and failures else 0)


def _printer(output: TextIO, format_: str) -> Callable[[Told], None]:
    """A line for each run that starts or ends; what could not be started, with its output."""

    def tell(told: Told) -> None:
        start = told.start
        known = {
            "what": told.what,
            "pipeline": start.entry.dag_id,
            "run_type": start.run_type,
            "logical_date": start.logical_date.isoformat(),
            "run_name": start.run_name,
        }
        if format_ == "json":
            line = json.dumps({**known, "text": told.text} if told.text else known)
        else:
            text = f": {told.text.strip()}" if told.text else ""
            line = f"{told.what:<12} {known['pipeline']} {known['logical_date']} {start.run_type}{text}"
        print(line, file=output)

    return tell
