"""Which lines of the source and which lines of the emitted files belong together.

A *part* is one place of the source that makes tasks: a call, or the one call of a loop. Constants
and functions that kept their name are parts too, and the DAG itself.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from transpiler.emit.project import pipeline_path
from transpiler.model.pipeline import (
    Comment,
    ForLoop,
    GroupBlock,
    PipelineModel,
    Statement,
    StepCall,
)
from transpiler.model.span import Span

_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


@dataclass(frozen=True)
class Links:
    """Part of each line, by file: the source's own, and those below the output folder."""

    task_parts: Mapping[str, int]
    """The part of each task, by task id."""
    source: Mapping[str, Mapping[int, int]]
    output: Mapping[str, Mapping[int, int]]


@dataclass
class _Marks:
    """Lines by file, as parts are found; what is found first stays."""

    lines: dict[str, dict[int, int]] = field(default_factory=lambda: defaultdict(dict))

    def add(self, file: str, first: int, last: int, part: int) -> None:
        for line in range(first, last + 1):
            self.lines[file].setdefault(line, part)


def find_links(
    pipeline: PipelineModel, sources: Mapping[str, str], files: Mapping[str, str]
) -> Links:
    """The parts of one DAG; `files` are those emitted for it."""
    parts: dict[object, int] = {("dag", ""): 0}
    source, output = _Marks(), _Marks()
    places: dict[tuple[str, int, int], int] = {}
    task_parts: dict[str, int] = {}
    for task in pipeline.tasks:
        span = task.span
        place = span.file, span.line, span.column
        part = parts.setdefault(place, len(parts))
        places[place] = part
        task_parts[task.task_id] = part
        source.add(span.file, span.line, max(span.end_line, span.line), part)
    module = _parsed(files.get(pipeline_path(pipeline), ""))
    functions = _link_calls(pipeline, module, task_parts, places, output, files)
    steps = f"steps/{pipeline.identifier}.py"
    _link_functions(_parsed(files.get(steps, "")), steps, functions, output)
    _link_names(pipeline, sources, module, _parsed(files.get(steps, "")), parts, source, output)
    own = pipeline.span
    source.add(own.file, own.line, max(own.end_line, own.line), 0)
    return Links(task_parts, source.lines, output.lines)


def _link_calls(
    pipeline: PipelineModel,
    module: ast.Module,
    task_parts: Mapping[str, int],
    places: Mapping[tuple[str, int, int], int],
    output: _Marks,
    files: Mapping[str, str],
) -> dict[str, int]:
    """Mark the calls of steps; gives the part of each step function of the steps module."""
    path = pipeline_path(pipeline)
    functions: dict[str, int] = {}
    for call, node, first in _calls(pipeline.body, _body(pipeline, module)):
        part = places.get(_place(call.span)) if call.span else None
        if part is None:
            part = task_parts.get(call.task_id)
        if part is None:
            continue
        output.add(path, first, node.end_lineno or node.lineno, part)
        if "." not in call.function:
            functions.setdefault(call.function, part)
        for text in _strings(node):
            if f"sql/{text}" in files:
                lines = files[f"sql/{text}"].count("\n") + 1
                output.add(f"sql/{text}", 1, lines, part)
    return functions


def _place(span: Span) -> tuple[str, int, int]:
    return span.file, span.line, span.column


def _body(pipeline: PipelineModel, module: ast.Module) -> list[ast.stmt]:
    """The statements of the pipeline function, or of its `with DagRun(…)`; marks its head."""
    function = _pipeline_function(module)
    if function is None:
        return []
    if pipeline.mode == "dynamic" and len(function.body) == 1:
        inner = function.body[0]
        return inner.body if isinstance(inner, ast.With) else function.body
    return function.body


def _pipeline_function(module: ast.Module) -> ast.FunctionDef | None:
    found = [node for node in module.body if isinstance(node, ast.FunctionDef)]
    return found[-1] if found else None


def _calls(
    body: Iterable[Statement], nodes: Sequence[ast.stmt], before: int = 0
) -> Iterator[tuple[StepCall, ast.stmt, int]]:
    """Each call of the model with its statement and the first line that is its own.

    Comments above a statement belong to it.
    """
    statements = [one for one in body if not isinstance(one, Comment)]
    for statement, node in zip(statements, nodes, strict=False):
        comments = len(getattr(statement, "comments", ()))
        first = max(node.lineno - comments, before + 1)
        if isinstance(statement, StepCall):
            yield statement, node, first
        elif isinstance(statement, (ForLoop, GroupBlock)) and isinstance(node, (ast.For, ast.With)):
            yield from _calls(statement.body, node.body, node.lineno)
        before = node.end_lineno or node.lineno


def _strings(node: ast.stmt) -> Iterator[str]:
    for inner in ast.walk(node):
        if isinstance(inner, ast.Constant) and isinstance(inner.value, str):
            yield inner.value


def _link_functions(
    steps: ast.Module, path: str, functions: Mapping[str, int], output: _Marks
) -> None:
    """Mark the step functions, and the functions that only one of them calls."""
    defined = {node.name: node for node in steps.body if isinstance(node, _DEFINITIONS)}
    for name, part in functions.items():
        if name not in defined:
            continue
        output.add(path, *_lines(defined[name]), part)
        for used in _names(defined[name]):
            if used in defined and used not in functions:
                output.add(path, *_lines(defined[used]), part)


def _names(node: ast.AST) -> list[str]:
    return [inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name)]


def _link_names(
    pipeline: PipelineModel,
    sources: Mapping[str, str],
    module: ast.Module,
    steps: ast.Module,
    parts: dict[object, int],
    source: _Marks,
    output: _Marks,
) -> None:
    """Mark what kept its name at the top of a module, and the head of the pipeline."""
    path = pipeline_path(pipeline)
    named: dict[str, tuple[str, ast.stmt]] = {}
    for file, tree in ((path, module), (f"steps/{pipeline.identifier}.py", steps)):
        for name, node in _bound(tree):
            named.setdefault(name, (file, node))
    function = _pipeline_function(module)
    if function is not None:
        named.pop(function.name, None)
        output.add(path, _lines(function)[0], function.lineno, 0)
    if "SCHEDULE" in named:
        output.add(path, *_lines(named["SCHEDULE"][1]), 0)
    for file, text in sources.items():
        for name, node in _bound(_parsed(text)):
            if name not in named:
                continue
            target, emitted = named[name]
            known = output.lines[target].get(_lines(emitted)[1])
            part = parts.setdefault(("name", name), len(parts)) if known is None else known
            source.add(file, *_lines(node), part)
            output.add(target, *_lines(emitted), part)


def _bound(tree: ast.Module) -> Iterator[tuple[str, ast.stmt]]:
    """Names that plain statements of the module, and of functions in it, bind to definitions."""
    for node in tree.body:
        if isinstance(node, _DEFINITIONS):
            yield node.name, node
            for inner in node.body:
                if isinstance(inner, _DEFINITIONS):
                    yield inner.name, inner
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            yield node.targets[0].id, node
        elif isinstance(node, ast.With):
            yield from ((n.name, n) for n in node.body if isinstance(n, _DEFINITIONS))


def _lines(node: ast.stmt) -> tuple[int, int]:
    first = node.lineno
    if isinstance(node, _DEFINITIONS) and node.decorator_list:
        first = node.decorator_list[0].lineno
    return first, node.end_lineno or node.lineno


def _parsed(text: str) -> ast.Module:
    """The module; an empty one where this Python cannot parse it, so that it has no links."""
    try:
        return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ast.Module([], [])
