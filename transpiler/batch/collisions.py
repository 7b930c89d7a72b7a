"""What can only be seen across files: DAG ids and identifiers that occur twice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

from transpiler.model.finding import finding
from transpiler.model.pipeline import PipelineModel
from transpiler.report.result import FileResult


def identifier_overrides(results: Sequence[FileResult]) -> dict[int, dict[int, str]]:
    """New identifiers by position of the result and of the DAG in it, so that none occurs twice.

    The first keeps its name. Identifiers that differ only in case count as one, because some file
    systems take them for one.
    """
    taken = {p.identifier.casefold() for result in results for p in result.pipelines}
    seen: set[str] = set()
    overrides: dict[int, dict[int, str]] = defaultdict(dict)
    for position, result in enumerate(results):
        for index, pipeline in enumerate(result.pipelines):
            key = pipeline.identifier.casefold()
            if key in seen:
                name = _numbered(pipeline.identifier, taken)
                taken.add(name.casefold())
                overrides[position][index] = name
            seen.add(key)
    return dict(overrides)


def _numbered(identifier: str, taken: set[str]) -> str:
    number = 2
    while f"{identifier}_{number}".casefold() in taken:
        number += 1
    return f"{identifier}_{number}"


def with_duplicates(results: Sequence[FileResult]) -> Iterator[FileResult]:
    """The results with a D2Z112 finding at every DAG whose id another DAG has too."""
    by_id: dict[str, list[PipelineModel]] = defaultdict(list)
    for result in results:
        for pipeline in result.pipelines:
            by_id[pipeline.dag_id].append(pipeline)
    for result in results:
        yield replace(
            result, pipelines=tuple(_marked(p, by_id[p.dag_id]) for p in result.pipelines)
        )


def _marked(pipeline: PipelineModel, same: list[PipelineModel]) -> PipelineModel:
    others = [str(other.span) for other in same if other is not pipeline]
    if not others or any(f.code == "D2Z112" for f in pipeline.findings):
        return pipeline
    detail = f"the DAG id {pipeline.dag_id!r} is used at {', '.join(others)} too"
    return replace(
        pipeline, findings=(*pipeline.findings, finding("D2Z112", pipeline.span, detail))
    )


def with_renamed(before: FileResult, after: FileResult) -> FileResult:
    """The result with other identifiers, and a D2Z502 finding for each of them."""
    pairs = zip(before.pipelines, after.pipelines, strict=True)
    return replace(after, pipelines=tuple(_told(new, old.identifier) for old, new in pairs))


def _told(pipeline: PipelineModel, default: str) -> PipelineModel:
    if pipeline.identifier == default:
        return pipeline
    detail = f"{default} is taken by another DAG; the files are called {pipeline.identifier}"
    return replace(
        pipeline, findings=(*pipeline.findings, finding("D2Z502", pipeline.span, detail))
    )
