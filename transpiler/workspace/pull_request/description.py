"""The pull request's text: what a reviewer reads before the code."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial

from transpiler.model.codes import CODES
from transpiler.report.grouping import Group, grouped
from transpiler.report.markdown import code, escaped, prose
from transpiler.report.mermaid import mermaid_graph
from transpiler.report.models import DagEntry, FileEntry, FindingEntry
from transpiler.workspace.pull_request.account import account_section
from transpiler.workspace.pull_request.operation import operation_sections
from transpiler.workspace.pull_request.remarks import TO_CONFIRM, confirmations, remarks
from transpiler.workspace.pull_request.subject import Subject

LONGEST = 60_000
"""Characters; GitHub takes 65,536."""
_LARGEST_GRAPH = 8_000
"""Characters of a graph that is still readable in a page's width."""

_COPIES = " (those from files as whole copies: `git log --follow` leads to their history)"


def description(subject: Subject) -> str:
    """The text as Markdown, short enough for every forge."""
    full = _text(subject, details=True)
    return full if len(full) <= LONGEST else _shortened(_text(subject, details=False))


def _text(subject: Subject, *, details: bool) -> str:
    sections = [
        _summary(subject),
        _findings(subject, details),
        _graphs(subject) if details else [],
        account_section(subject) if details else [],
        _verification(subject),
        _reading(subject),
        operation_sections(subject),
    ]
    return "\n".join(line for section in sections for line in section).rstrip("\n") + "\n"


def _shortened(text: str) -> str:
    if len(text) <= LONGEST:
        return text
    head = text[:LONGEST].rpartition("\n")[0]
    return f"{head}\n\nCut here for its length. The whole report is in `MIGRATION.md`.\n"


def _summary(subject: Subject) -> Iterator[str]:
    yield _opening(subject)
    dags = subject.dags
    yield "| DAG | source | pipeline | tasks | schedule | kind |\n|---|---|---|---|---|---|"
    for file, dag in dags:
        cells = (
            code(dag.dag_id),
            subject.links.whole(file.path, dag.source.line),
            subject.links.output(str(dag.pipeline)),
            _tasks(dag),
            code(dag.schedule) if dag.schedule else "started by hand",
            dag.mode,
        )
        yield f"| {' | '.join(cells)} |"
    yield ""
    yield from _state(subject)


def _opening(subject: Subject) -> str:
    """What the change does, in two sentences."""
    one = len(subject.dags) == 1
    if subject.migrated:
        pipelines = "the ZenML pipeline" if one else f"{len(subject.dags)} ZenML pipelines"
        dags = "its Airflow DAG" if one else "their Airflow DAGs"
        return f"Brings {pipelines} up to date with {dags}. Edits by hand are kept and merged.\n"
    what = "this Airflow DAG" if one else f"these {len(subject.dags)} Airflow DAGs"
    became = "a ZenML pipeline" if one else "ZenML pipelines"
    return (
        f"Turns {what} into {became}. No DAG file is changed: Airflow goes on running until the "
        "switch described below.\n"
    )


def _state(subject: Subject) -> Iterator[str]:
    """How far it is, in a few sentences."""
    totals = subject.document.totals
    covered = totals.coverage
    yield (
        f"Of {covered.constructs} constructs in the source, {covered.mapped} are mapped one to "
        f"one, {covered.approximated} approximated, {covered.not_needed} not needed in ZenML, and "
        f"{covered.manual} need a person.\n"
    )
    if totals.findings_by_severity["manual"]:
        yield "**Not ready to run**: the decisions below come first.\n"
    if subject.verification.differences:
        yield "**Verification failed**, see below.\n"
    for name in subject.uncommitted:
        yield f"{code(name)} has uncommitted changes, which are not part of this.\n"


def _tasks(dag: DagEntry) -> str:
    steps = len({step for task in dag.tasks for step in task.steps})
    return str(len(dag.tasks)) if steps == len(dag.tasks) else f"{len(dag.tasks)} in {steps} steps"


def _entries(subject: Subject) -> list[FindingEntry]:
    found: list[FindingEntry] = list(subject.document.findings)
    for file in subject.document.files:
        found += [*file.findings, *(f for dag in file.dags for f in dag.findings)]
    return found


def _findings(subject: Subject, details: bool) -> Iterator[str]:
    entries = _entries(subject)
    groups = {
        severity: grouped(entry for entry in entries if entry.severity == severity)
        for severity in ("manual", "warning", "info")
    }
    yield "## Decisions\n"
    if groups["manual"]:
        yield "Each of these is not equivalent to Airflow until somebody acts.\n"
        yield from _checklist(subject, groups["manual"])
    else:
        yield "None: no finding says that the pipeline means something else than the DAG.\n"
    if groups["warning"]:
        yield "## Before the first run\n"
        yield from _checklist(subject, groups["warning"])
    yield from _info(subject, groups["info"], details)


def _info(subject: Subject, groups: list[Group], details: bool) -> Iterator[str]:
    place = partial(_place, subject)
    asked = [group for group in groups if group.entry.code in TO_CONFIRM]
    if asked:
        yield "## Replaced on purpose\n"
        yield "`migration.yaml` asks for this. Confirm that nothing is missed that is not carried over.\n"
        yield from confirmations(asked, place)
        yield ""
    others = [group for group in groups if group.entry.code not in TO_CONFIRM]
    if others and details:
        lines = list(remarks(others, place))
        count = "One remark that asks" if len(others) == 1 else f"{len(others)} remarks that ask"
        yield f"<details><summary>{count} for nothing</summary>\n"
        yield from lines
        yield "\n</details>\n"


def _checklist(subject: Subject, groups: Iterable[Group]) -> Iterator[str]:
    for group in groups:
        entry = group.entry
        title = CODES[entry.code].title if entry.code in CODES else entry.code
        yield (
            f"- [ ] **{escaped(title)}**, {_place(subject, entry)}: {_about(group)}"
            f"{_sentence(entry.message)} {prose(entry.remedy)} ({entry.code})"
        )
    yield ""


def _about(group: Group) -> str:
    tasks = ", ".join(code(task) for task in group.tasks[:5])
    more = f" and {len(group.tasks) - 5} more" if len(group.tasks) > 5 else ""
    return f"{tasks}{more}: " if tasks else ""


def _sentence(text: str) -> str:
    shown = escaped(text)
    return shown if shown.endswith((".", "!", "?")) else f"{shown}."


def _place(subject: Subject, entry: FindingEntry) -> str:
    link = subject.links.output if entry.code.startswith("D2Z5") else subject.links.source
    return link(entry.file, entry.line)


def _graphs(subject: Subject) -> Iterator[str]:
    yield "## Graph\n"
    for file, dag in subject.dags:
        yield from _graph(subject, file, dag)


def _graph(subject: Subject, file: FileEntry, dag: DagEntry) -> Iterator[str]:
    if len(subject.dags) > 1:
        yield f"### {code(dag.dag_id)}\n"
    text = mermaid_graph(dag)
    if len(text) > _LARGEST_GRAPH:
        yield f"Too large to be shown here ({len(dag.tasks)} tasks); `migration.html` has it.\n"
    else:
        yield f"```mermaid\n{text}```\n"
    yield from _several_steps(dag)


def _several_steps(dag: DagEntry) -> Iterator[str]:
    """Tasks that became more than one step, those with the same parts together."""
    same: dict[tuple[str, ...], list[str]] = {}
    for task in dag.tasks:
        parts = tuple(step.removeprefix(f"{task.task_id}.") for step in task.steps)
        if len(parts) > 1:
            names = tuple("itself" if part == task.task_id else code(part) for part in parts)
            same.setdefault(names, []).append(task.task_id)
    for names, tasks in same.items():
        shown = ", ".join(code(task) for task in tasks[:5])
        more = f" and {len(tasks) - 5} more" if len(tasks) > 5 else ""
        each = "each are" if len(tasks) > 1 else "is"
        yield f"{shown}{more} {each} {len(names)} steps: {', '.join(names)}.\n"


def _verification(subject: Subject) -> Iterator[str]:
    verification = subject.verification
    yield "## How it was verified\n"
    if verification.not_run is not None:
        yield f"- [ ] `dag2zen verify` did not run: {escaped(verification.not_run)}"
    elif verification.differences:
        yield "- [ ] `dag2zen verify` found what differs between DAG and pipeline:"
        yield from (f"  - {code(text)}" for text in verification.differences[:20])
    else:
        tasks = sum(len(dag.tasks) for _, dag in subject.dags)
        edges = sum(len(task.upstream) for _, dag in subject.dags for task in dag.tasks)
        yield (
            f"- [x] `dag2zen verify`: the pipeline compiles with ZenML, and its {tasks} tasks, "
            f"{edges} edges, retries and retry delays are the ones read from the DAG file."
        )
    yield (
        "- [ ] Airflow itself was not asked: `dag2zen verify --airflow-python EXE` also compares "
        "with what Airflow loads."
    )
    yield "- [ ] It was not run: see below, and compare the results with a run in Airflow.\n"


def _reading(subject: Subject) -> Iterator[str]:
    yield "## How to read this change\n"
    yield "Commit by commit; each says what it holds and why.\n"
    for number, text in enumerate(subject.commits, 1):
        note = _COPIES if text.startswith("Copy the SQL") else ""
        yield f"{number}. {escaped(text)}{note}"
    yield (
        f"\n{subject.links.output('MIGRATION.md')} has every finding with what to do; "
        "`migration.html` beside it, downloaded and opened, shows source and pipeline side by "
        "side. Edit the pipeline as you like: a later `dag2zen transpile` merges.\n"
    )
