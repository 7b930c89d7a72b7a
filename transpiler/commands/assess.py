"""`dag2zen assess`."""

from __future__ import annotations

from enum import Enum
from pathlib import Path
from typing import Annotated

import typer

from transpiler.commands.arguments import Paths, Verbose
from transpiler.commands.failures import failures
from transpiler.commands.reading import Reading, with_reading_options


class Format(str, Enum):
    """How the report is printed."""

    text = "text"
    json = "json"
    sarif = "sarif"
    github = "github"


@with_reading_options
def assess(
    paths: Paths,
    reading: Reading,
    format_: Annotated[Format, typer.Option("--format", help="How to print.")] = Format.text,
    verbose: Verbose = False,
    html: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR", help="Folder for the report as web pages: index.html, a page a DAG."
        ),
    ] = None,
) -> None:
    """Report how much of the DAGs converts, and what is left to do. Runs no DAG, and writes nothing
    but the report.

    Exit code 0: clean; 1: findings that need a person; 2: usage, or a path that cannot be read.
    """
    with failures():
        from transpiler.commands.analysis import exit_code, progress_bar
        from transpiler.commands.printing import print_document
        from transpiler.report.document import build_document

        analysis = reading.analyse(paths, emit=html is not None)
        document = build_document(analysis.results, analysis.findings)
        print_document(document, format_.value, verbose=verbose)
        if html is not None:
            from transpiler.report.page.pages import pages
            from transpiler.report.page.write import write_pages

            with progress_bar("Making pages") as progress:
                number = write_pages(
                    html,
                    pages(
                        document,
                        analysis.results,
                        index="index.html",
                        jobs=reading.jobs,
                        progress=progress,
                    ),
                )
            typer.echo(f"{html / 'index.html'}: {number} pages written", err=True)
    raise typer.Exit(exit_code(document, paths))
