"""`dag2zen assess`."""

from __future__ import annotations

from enum import Enum
from typing import Annotated

import typer

from transpiler.commands.arguments import Config, Jobs, Mode, Paths, ProjectRoot, Rules
from transpiler.commands.failures import failures


class Format(str, Enum):
    """How the report is printed."""

    text = "text"
    json = "json"
    sarif = "sarif"


def assess(
    paths: Paths,
    project_root: ProjectRoot = None,
    config: Config = None,
    rules: Rules = None,
    mode: Mode = None,
    jobs: Jobs = None,
    format_: Annotated[Format, typer.Option("--format", help="How to print.")] = Format.text,
) -> None:
    """Report how much of the DAGs converts, and what is left to do. Writes no file and runs no DAG.

    Exit code 0: clean; 1: findings that need a person; 2: usage, or a path that cannot be read.
    """
    with failures():
        from transpiler.commands.analysis import analyse_paths, exit_code
        from transpiler.commands.printing import print_document
        from transpiler.report.document import build_document

        analysis = analyse_paths(
            paths,
            project_root=project_root,
            config=config,
            rules=rules,
            mode=mode.value if mode else None,
            jobs=jobs,
            emit=False,
        )
        document = build_document(analysis.results, analysis.findings)
        print_document(document, format_.value)
    raise typer.Exit(exit_code(document, paths))
