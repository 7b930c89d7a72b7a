"""Arguments and options that several commands have."""

from __future__ import annotations

from enum import Enum
from pathlib import Path
from typing import Annotated

import typer

Paths = Annotated[
    list[Path], typer.Argument(metavar="PATH", help="DAG files, or folders to search for them.")
]
ProjectRoot = Annotated[
    Path | None,
    typer.Option(
        help="Folder that imports and SQL files may come from. "
        "Default: the repository, or the folder over dags/."
    ),
]
Config = Annotated[
    Path | None,
    typer.Option(help="The migration.yaml to use. Default: the nearest one over the DAG files."),
]
Rules = Annotated[
    list[Path] | None,
    typer.Option(
        metavar="PATH", help="Rule file or folder of your own; its code is run. Can be given again."
    ),
]


class ModeName(str, Enum):
    """What DAGs become."""

    static = "static"
    dynamic = "dynamic"
    auto = "auto"


Mode = Annotated[
    ModeName | None,
    typer.Option(
        help="What DAGs become: static or dynamic pipelines, or (auto, the default) dynamic ones "
        "only where they need Airflow's scheduler. Wins over migration.yaml."
    ),
]
AirflowVersion = Annotated[
    str | None,
    typer.Option(
        metavar="X.Y",
        help="The Airflow that the DAG files are for, such as 2.10. Default: what the files and their "
        "project say, else Airflow 2. Wins over migration.yaml.",
    ),
]
IncludeIgnored = Annotated[
    bool,
    typer.Option(
        "--include-ignored", help="Read the files, too, that Airflow leaves out by .airflowignore."
    ),
]
Jobs = Annotated[
    int | None,
    typer.Option(min=1, metavar="N", help="Number of processes. Default: by the number of files."),
]
Verbose = Annotated[
    bool, typer.Option("--verbose", "-v", help="Show findings that ask for nothing (info), too.")
]


class PlainFormat(str, Enum):
    """How a result is printed that is no report."""

    text = "text"
    json = "json"


PipelineFile = Annotated[
    Path, typer.Argument(metavar="FILE", help="An emitted pipelines/<dag>.py.")
]
Params = Annotated[
    list[str] | None,
    typer.Option("--param", metavar="KEY=VALUE", help="A param of the DAG, the value as YAML."),
]
Conf = Annotated[str, typer.Option(metavar="JSON", help="dag_run.conf.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print the report as JSON.")]
TextOrJson = Annotated[PlainFormat, typer.Option("--format", help="How to print.")]
