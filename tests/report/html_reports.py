"""Results, documents and pages to test: read from DAG files, small or large, as users have them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from html.parser import HTMLParser
from pathlib import Path

from transpiler.config import MigrationConfig
from transpiler.report.document import build_document
from transpiler.report.models import MigrationDocument
from transpiler.report.page.pages import pages
from transpiler.report.result import FileResult
from transpiler.service import analyse

REPOSITORY = Path(__file__).resolve().parents[2]
HEAD = """\
from datetime import datetime, timedelta
from airflow import DAG
from airflow.operators.bash import BashOperator
from airflow.operators.python import PythonOperator
"""


def read(folder: Path, files: Mapping[str, str]) -> list[FileResult]:
    """The results of DAG files, text by name."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return analyse([folder], project_root=folder, config=MigrationConfig(), jobs=1, emit=True)


@lru_cache(maxsize=1)
def fixture_results() -> list[FileResult]:
    """The results of three of the repository's own DAG files."""
    from transpiler.config import load_migration_config

    dags = REPOSITORY / "fixtures_dags"
    names = (
        "month_end_reporting",
        "tran-ds-ltv-acquisition-be-inference",
        "order_intake_branching",
    )
    return analyse(
        [dags / f"{name}.py" for name in names],
        project_root=REPOSITORY,
        config=load_migration_config(None, REPOSITORY, dags),
        jobs=1,
        emit=True,
    )


def rendered(results: list[FileResult], **options: str) -> dict[str, str]:
    """The pages of the results, text by path."""
    document = build_document(results)
    return {page.path: page.text for page in pages(document, results, **options)}


def document_of(results: list[FileResult]) -> MigrationDocument:
    """The document of the results."""
    return build_document(results)


class Page(HTMLParser):
    """Elements with their attributes, in order, and the text outside of script and style."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.raw: dict[str, list[str]] = {"script": [], "style": []}
        self._inside: str | None = None
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag in self.raw:
            self._inside = tag
            self.raw[tag].append("")

    def handle_endtag(self, tag: str) -> None:
        if tag == self._inside:
            self._inside = None

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.raw[self._inside][-1] += data
        else:
            self.text += data

    def all(self, tag: str, **wanted: str) -> list[dict[str, str | None]]:
        """Attributes of the elements of a tag with these attributes."""
        return [
            attributes
            for name, attributes in self.elements
            if name == tag and all(attributes.get(k) == v for k, v in wanted.items())
        ]

    def of_class(self, name: str) -> list[dict[str, str | None]]:
        """Attributes of the elements of a class."""
        return [a for _, a in self.elements if name in (a.get("class") or "").split()]


def grouped_dag(groups: int, size: int) -> str:
    """A DAG of so many groups of so many tasks each, between a first and a last task."""
    return f"""{HEAD}
from airflow.utils.task_group import TaskGroup

with DAG("large", start_date=datetime(2024, 1, 1), schedule="0 3 * * *", catchup=False):
    first = BashOperator(task_id="first", bash_command="true")
    last = BashOperator(task_id="last", bash_command="true")
    for g in range({groups}):
        with TaskGroup(f"group_{{g}}") as group:
            before = None
            for n in range({size}):
                task = BashOperator(task_id=f"task_{{n}}", bash_command=f"echo {{n}}")
                if before is not None and n % 5:
                    before >> task
                before = task
        first >> group >> last
"""


def flat_dag(size: int) -> str:
    """A DAG of so many tasks without a group, each after one of the few before it."""
    lines = [
        f'    t{n} = BashOperator(task_id="task_{n}", bash_command="echo {n}")' for n in range(size)
    ]
    lines += [f"    t{n - 1 - n * 7 % min(n, 9)} >> t{n}" for n in range(1, size)]
    body = "\n".join(lines)
    return f'{HEAD}\nwith DAG("flat", start_date=datetime(2024, 1, 1), schedule=None):\n{body}\n'
