"""The page of one DAG."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from transpiler.emit.project import pipeline_path
from transpiler.model.pipeline import PipelineModel
from transpiler.report.grouping import Group, grouped
from transpiler.report.models import (
    ConstructEntry,
    DagEntry,
    FileEntry,
    FindingEntry,
    TaskEntry,
)
from transpiler.report.page.calls import StepWiring
from transpiler.report.page.code import CodeFile, code_file
from transpiler.report.page.folding import depths
from transpiler.report.page.graph import SEVERITY
from transpiler.report.page.links import Links, find_links
from transpiler.report.page.pictures import differences_of, pictures_of
from transpiler.report.page.render import WORDS, rendered
from transpiler.report.page.schedule import schedule_view
from transpiler.report.result import FileResult

_LABELS = {"pipelines": "pipeline", "steps": "steps", "configs": "configuration", "tests": "test"}

_ROWS = 2000
"""Rows of the account; a DAG of thousands of tasks has more, and migration.json has them all."""
_SETTLED = ("mapped", "not_needed")


@dataclass(frozen=True)
class Verdict:
    """What a reviewer sees first."""

    level: str
    headline: str
    detail: str
    done: int


def dag_page(
    result: FileResult,
    file: FileEntry,
    dag: DagEntry,
    pipeline: PipelineModel,
    *,
    generator: str,
    up: str | None = None,
) -> str:
    """The page's text. `file` and `dag` are the entries of the document, which hold no secret; `up`
    leads to the index.
    """
    links = find_links(pipeline, result.sources, result.files)
    groups = {s: grouped(_of(file, dag, s)) for s in ("manual", "warning", "info")}
    ids = {task.task_id: number for number, task in enumerate(dag.tasks)}
    everything = [group for severity in groups.values() for group in severity]
    sources = _sources(result, links, everything)
    outputs = _outputs(result, pipeline, links, everything)
    account = [row for row in file.account if not row.dags or dag.dag_id in row.dags]
    rows = [_masked(row, result.sources) for row in _readable(account)]
    schedule = schedule_view(pipeline.schedule, dag.schedule)
    wiring = StepWiring(dag, pipeline)
    pictures = pictures_of(dag, wiring)
    return rendered(
        "dag.html.j2",
        ["page.js", "dag.js"],
        _data(dag, everything, ids, links, schedule.fires),
        generator=generator,
        up=up,
        dag=dag,
        file=file,
        verdict=_verdict(dag, groups),
        counts=_counts(dag.tasks),
        ids=ids,
        **groups,
        suppressed=grouped(f for f in (*dag.findings, *file.findings) if f.suppressed is not None),
        differences=differences_of(dag),
        pictures=pictures.views,
        views=pictures.opens,
        numbers=pictures.numbers,
        changed=pictures.changed,
        schedule=schedule,
        sources=sources,
        outputs=outputs,
        spots=_spots([("s", sources), ("o", outputs)], [*everything, *rows]),
        order=_order(dag),
        account=rows,
        constructs=len(account),
        kinds=sorted({row.kind.replace("_", " ") for row in account}),
        dispositions=_dispositions(row.disposition for row in account),
    )


def _of(file: FileEntry, dag: DagEntry, severity: str) -> list[FindingEntry]:
    return [
        entry
        for entry in (*dag.findings, *file.findings)
        if entry.severity == severity and entry.suppressed is None
    ]


def _verdict(dag: DagEntry, groups: Mapping[str, Sequence[Group]]) -> Verdict:
    manual, warning = len(groups["manual"]), len(groups["warning"])
    done = sum(task.disposition != "manual" for task in dag.tasks)
    if not dag.tasks:
        return Verdict("empty", "No tasks", "ZenML has no empty pipelines; nothing is emitted.", 0)
    if manual:
        left = len(dag.tasks) - done
        tasks = f"{left} of {len(dag.tasks)} tasks wait for you. " if left else ""
        what = "one decision" if manual == 1 else f"{manual} decisions"
        detail = f"{tasks}A step that is not settled raises; it never pretends."
        return Verdict("decide", f"Converts after {what}", detail, done)
    if warning:
        detail = "Nothing needs rewriting. Make the settings and check the remarks below."
        what = "one point" if warning == 1 else f"{warning} points"
        return Verdict("settings", f"Converts, with {what} to set or check", detail, done)
    return Verdict("clean", "Converts", "Same tasks, order, rules, retries and dates.", done)


def _counts(tasks: Iterable[TaskEntry]) -> list[tuple[str, int]]:
    return _dispositions(task.disposition for task in tasks)


def _dispositions(names: Iterable[str]) -> list[tuple[str, int]]:
    counts = Counter(names)
    order = ("mapped", "not_needed", "approximated", "manual")
    return [(name, counts[name]) for name in order if counts[name]]


def _sources(result: FileResult, links: Links, groups: Iterable[Group]) -> list[CodeFile]:
    """The DAG file first, then the project's modules that it takes tasks from."""
    at = _by_file(groups)
    used = [path for path in result.sources if path != result.path and path in links.source]
    return [
        code_file(
            path,
            path.rpartition("/")[2],
            result.sources[path],
            links.source.get(path, {}),
            at[path],
        )
        for path in (result.path, *used)
        if path in result.sources
    ]


def _outputs(
    result: FileResult, pipeline: PipelineModel, links: Links, groups: Iterable[Group]
) -> list[CodeFile]:
    """The files emitted for the DAG: pipeline, steps, configuration, SQL, test."""
    name, at = pipeline.identifier, _by_file(groups)
    own = [pipeline_path(pipeline), f"steps/{name}.py", f"configs/{name}.yaml"]
    own += [f"sql/{path}" for path in pipeline.sql_files]
    own.append(f"tests/test_{name}.py")
    return [
        code_file(path, _label(path), result.files[path], links.output.get(path, {}), at[path])
        for path in own
        if path in result.files
    ]


def _readable(account: Sequence[ConstructEntry]) -> list[ConstructEntry]:
    """The rows that a page can hold: what is left to do first, all in the order of the source."""
    if len(account) <= _ROWS:
        return list(account)
    ranked = sorted(range(len(account)), key=lambda n: account[n].disposition in _SETTLED)
    return [account[number] for number in sorted(ranked[:_ROWS])]


def _masked(row: ConstructEntry, sources: Mapping[str, str]) -> ConstructEntry:
    """The row with its text as the masked source has it: a secret may be put together there."""
    lines = sources.get(row.file, "").split("\n")[row.line - 1 : row.line]
    if not lines or row.text.rstrip("…").rstrip() in lines[0]:
        return row
    return row.model_copy(update={"text": lines[0].strip()[:100]})


def _label(path: str) -> str:
    return _LABELS.get(path.partition("/")[0]) or path.rpartition("/")[2]


def _by_file(groups: Iterable[Group]) -> dict[str, list[Group]]:
    found: dict[str, list[Group]] = defaultdict(list)
    for group in groups:
        found[group.entry.file].append(group)
    return found


def _spots(
    panes: Iterable[tuple[str, Sequence[CodeFile]]], places: Iterable[Any]
) -> dict[Any, str]:
    """The id of the line of each place that is shown."""
    wanted: dict[str, set[int]] = defaultdict(set)
    for place in places:
        entry = place.entry if isinstance(place, Group) else place
        wanted[entry.file].add(entry.line)
    return {
        (file.path, line): f"{side}{number}-{line}"
        for side, files in panes
        for number, file in enumerate(files)
        for line in wanted[file.path]
        if 0 < line <= len(file.lines)
    }


def _order(dag: DagEntry) -> list[list[int]]:
    """Positions of the tasks, by layers."""
    ids = {task.task_id for task in dag.tasks}
    edges = [(up, task.task_id) for task in dag.tasks for up in task.upstream if up in ids]
    depth = depths([task.task_id for task in dag.tasks], edges)
    layers: dict[int, list[int]] = defaultdict(list)
    for number, task in enumerate(dag.tasks):
        layers[depth[task.task_id]].append(number)
    return [layers[level] for level in sorted(layers)]


def _data(
    dag: DagEntry,
    groups: Iterable[Group],
    ids: Mapping[str, int],
    links: Links,
    fires: Mapping[str, Any] | None,
) -> dict[str, Any]:
    """What the page's script reads."""
    return {
        "words": [WORDS[name] for name in SEVERITY],
        "tasks": [_task(task, links) for task in dag.tasks],
        "findings": [
            [g.entry.code, g.entry.severity, g.entry.message, [ids[t] for t in g.tasks if t in ids]]
            for g in groups
            if g.tasks
        ],
        "schedule": fires,
    }


def _task(task: TaskEntry, links: Links) -> list[Any]:
    steps = task.step
    if len(task.steps) > 1:
        inner = ", ".join(step.removeprefix(f"{task.task_id}.") for step in task.steps[:-1])
        steps = f"{task.step}, after {inner}"
    more = [
        text
        for text, holds in (
            ("mapped at run time", task.mapped),
            ("setup", task.setup),
            ("teardown", task.teardown),
            (task.kind.replace("_", " "), task.kind in ("branch", "short_circuit")),
            (f"group {task.group}", task.group),
        )
        if holds
    ]
    retries = f"{task.retries}, {task.retry_delay_seconds:g} s apart" if task.retries else "none"
    return [
        task.task_id,
        task.operator,
        steps,
        task.trigger_rule,
        retries,
        SEVERITY.index(task.disposition),
        links.task_parts.get(task.task_id, -1),
        ", ".join(more),
    ]
