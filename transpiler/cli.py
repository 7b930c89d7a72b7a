"""The `dag2zen` command. Only names and options are here; each command imports what it needs when
it runs.
"""

from __future__ import annotations

from pathlib import Path

import typer

from runtime.memory import short_process
from transpiler.commands import (
    assess,
    backfill,
    config,
    diff,
    explain,
    init,
    listen,
    pr,
    rules,
    run,
    serve,
    setup_stack,
    transpile,
    verify,
    watch,
)
from transpiler.commands.failures import fail

app = typer.Typer(
    name="dag2zen",
    help="Turn Airflow DAG files into reviewable, runnable ZenML pipelines.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("transpile", short_help="Write a ZenML project for the DAGs.")(transpile.transpile)
app.command("assess")(assess.assess)
app.command("diff")(diff.diff)
app.command("pr", short_help="Make a branch with the migration, for a pull request.")(pr.pr)
app.command("verify", short_help="Compile the emitted pipelines and compare their graphs.")(
    verify.verify
)
app.command("run", short_help="Run an emitted pipeline on ZenML's active stack.")(run.run)
app.command("backfill", short_help="Run an emitted pipeline for every date in a range.")(
    backfill.backfill
)
app.command("listen", short_help="Start emitted pipelines by their schedules and assets.")(
    listen.listen
)
app.command("serve", short_help="Receive signed webhooks that start pipelines.")(serve.serve)
app.command("setup-stack", short_help="Register a ZenML stack with its components.")(
    setup_stack.setup_stack
)
app.command("rules", short_help="List the operators that are translated, and to what.")(rules.rules)
app.command("explain", short_help="Say what a finding's code means and what to do.")(
    explain.explain
)
app.command("init", short_help="Look at a repository and write its migration.yaml.")(init.init)
app.command("watch", short_help="Transpile again whenever a source changes.")(watch.watch)
app.add_typer(config.app, name="config")


def _print_version(value: bool) -> None:
    if value:
        from transpiler import __version__

        typer.echo(f"dag2zen {__version__}")
        raise typer.Exit


@app.callback()
def options(
    version: bool = typer.Option(
        False, "--version", help="Print the version.", is_eager=True, callback=_print_version
    ),
) -> None:
    """Turn Airflow DAG files into reviewable, runnable ZenML pipelines."""


def main() -> None:
    """Run the command line. Exit codes: 0 clean, 1 findings or failures, 2 usage or I/O."""
    with short_process():
        try:
            Path.cwd()
        except FileNotFoundError as error:
            message = "the current folder is gone. Change to one that exists."
            raise SystemExit(fail(message).exit_code) from error
        app(prog_name="dag2zen")
