"""The account of one file."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from transpiler.account.attaching import attach
from transpiler.account.constructs import ConstructWalk
from transpiler.account.effects import origins_of
from transpiler.account.evidence import Evidence, pairs_of
from transpiler.account.found import Found, Page
from transpiler.account.judging import Facts, Judge
from transpiler.account.leftover import leftover
from transpiler.account.making import Making
from transpiler.account.places import Output, places
from transpiler.account.usage import bindings, emitted_names, read_names
from transpiler.account.verdict import Verdict, of_findings
from transpiler.model.account import Construct
from transpiler.model.dag import DagFile
from transpiler.model.finding import Finding, finding
from transpiler.model.pipeline import PipelineModel

NO_DAG = "D2Z106"
_MOST_PLACES = 50
"""Places kept for one construct; a loop of thousands of turns has one for each."""


@dataclass(frozen=True)
class Account:
    """The constructs of a file in the order of the source, and what was found while judging them."""

    constructs: tuple[Construct, ...]
    findings: tuple[Finding, ...]


def account_of(
    dag_file: DagFile,
    pipelines: Sequence[PipelineModel],
    findings: Sequence[Finding],
    files: Mapping[str, str],
) -> Account:
    """The account of a file; `findings` are those of the file, `files` what was emitted for it.

    Modules of the project belong to it where they make DAGs, groups or tasks of the file; of others
    only what reached a task or a DAG, as the entries of shared default_args.
    """
    if dag_file.path not in dag_file.modules:
        return Account((), ())
    pairs = pairs_of(dag_file, pipelines)
    evidence = Evidence.of(pairs)
    all_findings = [*findings, *(item for p in pipelines for item in p.findings)]
    pages = _pages(dag_file, evidence)
    found = [item for page in pages.values() for item in page[0].found]
    found += leftover(dag_file, evidence, found)
    _name_by_parameter(found, evidence)
    attached = attach(found, all_findings)
    outputs = {p.dag_id: Output(p, files) for p in pipelines if p.tasks}
    rows: list[tuple[Found, Verdict]] = []
    for path in dict.fromkeys([*pages, *(item.span.file for item in found)]):
        own = [item for item in found if item.span.file == path]
        judge = Judge(_facts(path, own, dag_file, pipelines, findings, evidence, attached, pages))
        rows += [(item, judge.judge(item)) for item in own]
    rows.sort(key=lambda row: _order(row[0], dag_file.path))
    dags = _dag_ids([item for item, _ in rows], evidence)
    constructs = tuple(_construct(*row, dags, outputs, evidence) for row in rows)
    return Account(constructs, tuple(_new_findings(constructs)))


def _name_by_parameter(found: Iterable[Found], evidence: Evidence) -> None:
    """Arguments given by position get the name of their parameter."""
    for item in found:
        for start in item.starts if item.name.startswith("#") else ():
            for given in evidence.arguments.get((item.span.file, *start), ())[:1]:
                item.name = given.argument.name


def _pages(dag_file: DagFile, evidence: Evidence) -> dict[str, tuple[Page, Making]]:
    pages = {}
    for path in dict.fromkeys([dag_file.path, *sorted(evidence.files())]):
        if path in dag_file.modules:
            page = Page.of(dag_file.modules[path], dag_file.executed)
            making = Making.of(path, dag_file.dags)
            ConstructWalk(page, making).run()
            pages[path] = (page, making)
    return pages


def _facts(
    path: str,
    own: Sequence[Found],
    dag_file: DagFile,
    pipelines: Sequence[PipelineModel],
    findings: Sequence[Finding],
    evidence: Evidence,
    attached: Mapping[int, list[Finding]],
    pages: Mapping[str, tuple[Page, Making]],
) -> Facts:
    page, making = pages.get(path, (None, None))
    read = read_names(page.positions) if page is not None else {}
    bound = bindings(own)
    names = {name for item in own for name in item.bound}
    fatal = of_findings([item for item in findings if item.severity == "manual"])
    by_task: dict[tuple[str, str], list[Finding]] = defaultdict(list)
    for pipeline in pipelines:
        for item in pipeline.findings:
            if item.task_id is not None:
                by_task[pipeline.dag_id, item.task_id].append(item)
    return Facts(
        evidence=evidence,
        findings=attached,
        tasks={(p.dag_id, task.task_id): task for p in pipelines for task in p.tasks},
        task_findings=by_task,
        unused=frozenset(name for name in names if read.get(name, 0) <= bound[name]),
        emitted=emitted_names(pipelines),
        docstrings=tuple(pipeline.docstring for pipeline in pipelines),
        outside=dag_file.outside,
        imports=making.imports if making is not None else {},
        origins=origins_of(own, making.imports if making is not None else {}),
        failure=_failure(dag_file, fatal),
        refused=fatal,
    )


def _failure(dag_file: DagFile, fatal: Verdict | None) -> Verdict | None:
    """Why the file as a whole became nothing. One that only serves others asks nobody to act: what
    they import of it is in their accounts.
    """
    if dag_file.error is None:
        return None
    if dag_file.error.startswith(NO_DAG) and fatal is not None and fatal.codes == (NO_DAG,):
        return Verdict("not_needed", (NO_DAG,), "the file makes no DAG of its own")
    return fatal


def _order(item: Found, main: str) -> tuple[bool, str, int, int, int, int]:
    span = item.span
    return span.file != main, span.file, span.line, span.column, -span.end_line, -span.end_column


def _dag_ids(items: Iterable[Found], evidence: Evidence) -> dict[int, dict[str, None]]:
    """DAG ids by the identity of the construct: its own, those inside it, or those around it."""
    own: dict[int, dict[str, None]] = {id(item): {} for item in items}
    for item in items:
        ids = own[id(item)]
        for start in item.starts:
            place = (item.span.file, *start)
            ids.update(dict.fromkeys(evidence.dags.get(place, ())))
            ids.update(dict.fromkeys(evidence.groups.get(place, ())))
            ids.update(dict.fromkeys(dag_id for dag_id, _ in evidence.tasks.get(place, ())))
            ids.update(dict.fromkeys(g.dag_id for g in evidence.arguments.get(place, ())))
        above = item.parent
        while above is not None and id(above) in own:
            own[id(above)].update(ids)
            above = above.parent
    for item in items:
        if not own[id(item)] and item.parent is not None and id(item.parent) in own:
            own[id(item)] = own[id(item.parent)]
    return own


def _construct(
    item: Found,
    verdict: Verdict,
    dags: Mapping[int, Mapping[str, None]],
    outputs: Mapping[str, Output],
    evidence: Evidence,
) -> Construct:
    carried = verdict.disposition != "not_needed"
    where = islice(dict.fromkeys(places(item, outputs, evidence)), _MOST_PLACES) if carried else ()
    made = [
        task.task_id
        for start in item.starts
        for _, task in evidence.tasks.get((item.span.file, *start), ())
    ]
    return Construct(
        kind=item.kind,
        name=item.name,
        text=item.text,
        span=item.span,
        disposition=verdict.disposition,
        codes=verdict.codes,
        note=verdict.note,
        dags=tuple(dags[id(item)]),
        tasks=tuple(dict.fromkeys(made)) if item.kind == "task" else (),
        output=tuple(where),
    )


def _new_findings(constructs: Iterable[Construct]) -> Iterable[Finding]:
    """What only the account notices and a user must know of."""
    for item in constructs:
        if item.codes == ("D2Z132",):
            yield finding("D2Z132", item.span, item.note)
