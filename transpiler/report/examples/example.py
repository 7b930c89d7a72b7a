"""What an example of a finding is: a DAG file that has it, and one that has it no longer."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from textwrap import indent
from typing import Literal

Action = Callable[[Path], None]
"""Something done to the folder that holds the project (`dags/`) and its output (`out/`)."""


@dataclass(frozen=True)
class CodeExample:
    """`before` is a DAG file for which the code is reported, `after` the same when it was acted on.

    Without `after` there is nothing to act on, and the page shows what the DAG becomes. `files` are
    other files of the project, by path; `paths` what is read. With `edit` the project is transpiled,
    edited and transpiled again; `then` are the changes that end the finding.
    """

    before: str
    after: str | None = None
    files: Mapping[str, str] = field(default_factory=dict)
    mode: Literal["static", "auto"] = "auto"
    config: str = 'airflow_version: "2.10"\n'
    """migration.yaml."""
    rules: str = ""
    """A rule module of the user's."""
    paths: Sequence[str] = ("dags/nightly.py",)
    again: Sequence[str] = ()
    """What the second run reads, where that is something else."""
    arrange: Action | None = None
    """Makes what is not text, before the project is read."""
    edit: Action | None = None
    said: str = ""
    """What to know of the situation where the code does not tell it."""


def dag_file(
    body: str,
    *,
    imports: str = "",
    schedule: str = 'schedule="@daily"',
    more: str = "",
    top: str = "",
) -> str:
    """The text of a DAG file with that body; `more` goes to the DAG's arguments, `top` before it."""
    arguments = ", ".join(
        part
        for part in (
            '"nightly"',
            "start_date=datetime(2024, 1, 1)",
            schedule,
            "catchup=False",
            more,
        )
        if part
    )
    head = f"from datetime import datetime\n\nfrom airflow import DAG\n{imports}".strip()
    middle = f"\n\n{top.strip()}\n" if top else ""
    return f"{head}\n{middle}\nwith DAG({arguments}) as dag:\n{indent(body.strip(), '    ')}\n"


BASH = "from airflow.operators.bash import BashOperator"
PYTHON = "from airflow.operators.python import PythonOperator"
EMPTY = "from airflow.operators.empty import EmptyOperator"


def bash_dag(given: str = "", **options: str) -> str:
    """A DAG with one command; `given` goes to the operator's arguments."""
    arguments = ", ".join(
        part for part in ('task_id="load"', 'bash_command="echo {{ ds }}"', given) if part
    )
    return dag_file(f"BashOperator({arguments})", imports=BASH, **options)


def python_dag(function: str, given: str = "", **options: str) -> str:
    """A DAG with one callable, `load`, whose text is given."""
    arguments = ", ".join(
        part for part in ('task_id="load"', "python_callable=load", given) if part
    )
    return dag_file(f"PythonOperator({arguments})", imports=PYTHON, top=function, **options)
