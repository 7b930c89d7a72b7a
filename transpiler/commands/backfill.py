"""`dag2zen backfill`."""

from __future__ import annotations

import signal
import sys
from collections import Counter
from typing import TYPE_CHECKING, Annotated

import typer

from transpiler.commands.arguments import AsJson, Conf, Params, PipelineFile
from transpiler.commands.failures import fail
from transpiler.commands.run import parse_conf, parse_params, stdout_to_stderr

if TYPE_CHECKING:
    from runtime.backfill import Backfill, BackfilledDate, BackfillReport


def backfill(
    file: PipelineFile,
    start: Annotated[str, typer.Option(help="ISO date: the first logical date.")],
    end: Annotated[str, typer.Option(help="ISO date: the last logical date, included.")],
    jobs: Annotated[int, typer.Option(min=1, help="How many runs go on at one time.")] = 1,
    rerun: Annotated[
        bool, typer.Option("--rerun", help="Run dates again that have a successful run.")
    ] = False,
    continue_on_failure: Annotated[
        bool, typer.Option("--continue-on-failure", help="Go on with other dates after a failure.")
    ] = False,
    run_backwards: Annotated[
        bool, typer.Option("--run-backwards", help="Run the newest date first.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Print the dates and run nothing.")
    ] = False,
    param: Params = None,
    conf: Conf = "{}",
    json_: AsJson = False,
) -> None:
    """Run an emitted pipeline for every date of its schedule between two, both included.

    Dates with a successful run are left out, so a backfill that was interrupted goes on where it
    was. Loads the emitted code. Exit code 0: all dates succeeded; 1: some did not; 2: it could not
    be started.
    """
    params, configuration = parse_params(param or []), parse_conf(conf)
    try:
        from runtime.backfill import Backfill
        from runtime.exceptions import PipelineRuntimeError
        from runtime.launch import parse_logical_date

        # Ended like this, a backfill ends its runs as well.
        signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
        with stdout_to_stderr():
            order = Backfill(
                file=file,
                start=parse_logical_date(start),
                end=parse_logical_date(end),
                jobs=jobs,
                rerun=rerun,
                continue_on_failure=continue_on_failure,
                run_backwards=run_backwards,
                params=params,
                conf=configuration,
            )
            report = order.planned() if dry_run else _run(order)
    except ModuleNotFoundError as error:
        if (error.name or "").split(".")[0] != "zenml":
            raise
        raise fail("running needs ZenML. Install it: pip install 'dag2zen[runtime]'") from error
    except PipelineRuntimeError as error:
        raise fail(str(error)) from error
    if json_:
        typer.echo(report.model_dump_json(indent=2))
    else:
        _print(report)
    raise typer.Exit(0 if dry_run or report.state == "success" else 1)


def _run(order: Backfill) -> BackfillReport:
    """Run the dates with a bar on stderr, and a line there for each that did not succeed."""
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as progress:
        bar = progress.add_task("dates", total=None)

        def on_end(date: BackfilledDate, done: int, total: int) -> None:
            progress.update(bar, completed=done, total=total)
            if date.state not in ("success", "done"):
                text = f": {date.error.strip()}" if date.error else ""
                progress.console.print(
                    f"{date.logical_date.isoformat()} {date.state}{text}", markup=False
                )

        return order.run(on_end)


def _print(report: BackfillReport) -> None:
    for date in report.dates:
        typer.echo(f"{date.state:<12} {date.logical_date.isoformat()}")
    counts = Counter(date.state for date in report.dates)
    told = ", ".join(f"{number} {state}" for state, number in sorted(counts.items()))
    none = "the schedule has no date in this range. A day without a time is its midnight in UTC"
    typer.echo(f"The backfill of {report.pipeline}: {told or none}.")
