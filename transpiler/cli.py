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
app.command("transpile")(transpile.transpile)
app.command("assess")(assess.assess)
app.command("diff")(diff.diff)
app.command("pr")(pr.pr)
app.command("verify")(verify.verify)
app.command("run")(run.run)
app.command("backfill")(backfill.backfill)
app.command("listen")(listen.listen)
app.command("serve")(serve.serve)
app.command("setup-stack")(setup_stack.setup_stack)
app.command("rules")(rules.rules)
app.command("explain")(explain.explain)
app.command("init")(init.init)
app.command("watch")(watch.watch)
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
