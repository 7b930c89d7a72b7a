"""All pages of a run: the index, or the page itself where there is one DAG only."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from transpiler.report.models import DagEntry, FileEntry, MigrationDocument
from transpiler.report.page.dag_page import dag_page
from transpiler.report.page.index_page import index_page
from transpiler.report.page.sharing import in_processes
from transpiler.report.result import FileResult

Progress = Callable[[int, int], None]
FOLDER = "migration"
"""Below the folder of the index: the DAGs' own pages."""


@dataclass(frozen=True)
class Page:
    """One page, and the DAG files that it is made of; none for the index."""

    path: str
    text: str
    sources: tuple[str, ...] = ()


def pages(
    document: MigrationDocument,
    results: Sequence[FileResult],
    *,
    index: str = "migration.html",
    known: Callable[[str], bool] = lambda path: False,
    jobs: int | None = None,
    progress: Progress | None = None,
) -> Iterator[Page]:
    """The pages, one after the other, the index last.

    `known` says whether a page is there from an earlier run, for the DAG files of the document that
    this run did not read; `jobs` is the number of processes, None chooses by the number of files;
    `progress` is told the number of DAG files whose pages are made, and of all of them.
    """
    made = {result.path: result for result in results}
    if _is_single(document, made):
        (file,) = document.files
        whole = file.model_copy(update={"findings": [*file.findings, *document.findings]})
        yield Page(index, _text(made[file.path], whole, 0, document.generator, up=None))
        return
    addresses: dict[tuple[str, str], str] = {}
    for file in document.files:
        for dag in file.dags:
            path = _address(dag)
            if path is not None and (file.path in made or known(path)):
                addresses[file.path, dag.dag_id] = path
    read = [(made[file.path], file) for file in document.files if file.path in made]
    made_of = in_processes(_FilePages(document.generator, f"../{index}"), read, jobs)
    for number, group in enumerate(made_of, start=1):
        yield from group
        if progress is not None:
            progress(number, len(read))
    yield Page(index, index_page(document, addresses))


@dataclass(frozen=True)
class _FilePages:
    """Makes the pages of one file; sent to another process with what it needs."""

    generator: str
    up: str

    def __call__(self, one: tuple[FileResult, FileEntry]) -> list[Page]:
        result, file = one
        numbered = ((number, _address(dag)) for number, dag in enumerate(file.dags))
        return [
            Page(path, _text(result, file, number, self.generator, up=self.up), (file.path,))
            for number, path in numbered
            if path is not None
        ]


def _is_single(document: MigrationDocument, made: dict[str, FileResult]) -> bool:
    if len(document.files) != 1 or document.files[0].path not in made:
        return False
    return [bool(dag.tasks) for dag in document.files[0].dags] == [True]


def _address(dag: DagEntry) -> str | None:
    """Where the DAG's page is; a DAG without pipeline has none."""
    if dag.pipeline is None:
        return None
    stem = dag.pipeline.rpartition("/")[2].removesuffix(".py")
    return f"{FOLDER}/{stem}.html"


def _text(
    result: FileResult, file: FileEntry, number: int, generator: str, *, up: str | None
) -> str:
    dag, pipeline = file.dags[number], result.pipelines[number]
    return dag_page(result, file, dag, pipeline, generator=generator, up=up)
