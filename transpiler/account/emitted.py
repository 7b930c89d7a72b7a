"""Where things are in the emitted files, found by reading them back."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from transpiler.model.pipeline import (
    Comment,
    ForLoop,
    GroupBlock,
    PipelineModel,
    Statement,
    StepCall,
)

Lines = tuple[int, int]


@dataclass(eq=False)
class EmittedModule:
    """Lines of the names that one emitted module defines or imports."""

    path: str
    defined: dict[str, Lines] = field(default_factory=dict)
    imported: dict[str, Lines] = field(default_factory=dict)
    docstring: Lines | None = None
    tree: ast.Module | None = None

    @classmethod
    def of(cls, path: str, files: Mapping[str, str]) -> EmittedModule | None:
        """The module of that path; None where nothing was emitted."""
        text = files.get(path)
        if text is None:
            return None
        module = cls(path, tree=ast.parse(text))
        assert module.tree is not None
        for node in module.tree.body:
            module._note(node)
        return module

    def _note(self, node: ast.stmt) -> None:
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            for alias in node.names:
                self.imported[alias.asname or alias.name.split(".")[0]] = _lines(alias)
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            first = min([node.lineno, *(item.lineno for item in node.decorator_list)])
            self.defined[node.name] = (first, node.end_lineno or first)
        elif isinstance(node, (ast.Assign, ast.AnnAssign)):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for name in (item.id for item in targets if isinstance(item, ast.Name)):
                self.defined[name] = _lines(node)
        elif self.docstring is None and isinstance(node, ast.Expr):
            self.docstring = _lines(node)


@dataclass(frozen=True, eq=False)
class EmittedCall:
    """The lines of a step call, and of each of its keywords."""

    lines: Lines
    keywords: Mapping[str, Lines]


def step_calls(module: EmittedModule, pipeline: PipelineModel) -> dict[str, EmittedCall]:
    """Each task's last step call by its id.

    The statements of the function are those of the model in the same order; where they are not, no
    lines are given rather than wrong ones.
    """
    assert module.tree is not None
    function = next(
        (n for n in module.tree.body if isinstance(n, ast.FunctionDef) and _is_pipeline(n)), None
    )
    body: list[ast.stmt] = [] if function is None else function.body
    if pipeline.mode == "dynamic" and len(body) == 1 and isinstance(body[0], ast.With):
        body = body[0].body
    calls: dict[str, EmittedCall] = {}
    _pair(list(pipeline.body), body, calls)
    return calls


def _is_pipeline(node: ast.FunctionDef) -> bool:
    return bool(node.decorator_list)


def _pair(model: Iterable[Statement], body: list[ast.stmt], calls: dict[str, EmittedCall]) -> None:
    statements = [one for one in model if not isinstance(one, Comment)]
    emitted = [one for one in body if not isinstance(one, ast.Pass)]
    if len(statements) != len(emitted):
        return
    for statement, node in zip(statements, emitted, strict=True):
        if isinstance(statement, StepCall):
            calls[statement.task_id] = EmittedCall(_lines(node), dict(_keywords(node)))
        elif isinstance(statement, (ForLoop, GroupBlock)) and isinstance(node, (ast.For, ast.With)):
            _pair(statement.body, node.body, calls)


def _keywords(node: ast.stmt) -> Iterator[tuple[str, Lines]]:
    for item in ast.walk(node):
        if isinstance(item, ast.keyword) and item.arg is not None:
            yield item.arg, (item.value.lineno, item.value.end_lineno or item.value.lineno)


def _lines(node: ast.stmt | ast.alias) -> Lines:
    return node.lineno, node.end_lineno or node.lineno
