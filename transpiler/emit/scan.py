"""What a piece of source binds and reads, and the parts of a pipeline body."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from transpiler.emit.expressions import loop_target
from transpiler.model.pipeline import (
    Assignment,
    Expr,
    ForLoop,
    GroupBlock,
    PipelineModel,
    Statement,
    StepCall,
)


def every_node(tree: ast.AST) -> Iterator[ast.AST]:
    """The tree and every node below it, in no order; `ast.walk` takes three times as long."""
    todo = [tree]
    while todo:
        node = todo.pop()
        yield node
        for value in node.__dict__.values():
            if value.__class__ is list:
                todo.extend([item for item in value if isinstance(item, ast.AST)])
            elif isinstance(value, ast.AST) and not isinstance(value, ast.expr_context):
                todo.append(value)


def stored_names(tree: ast.AST) -> Iterator[str]:
    """Every name that the tree binds: assignments, definitions, imports, parameters, handlers."""
    for node in every_node(tree):
        if isinstance(node, ast.Name):
            if isinstance(node.ctx, ast.Store):
                yield node.id
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            yield node.name
        elif isinstance(node, ast.alias):
            yield node.asname or node.name.split(".")[0]
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, (ast.ExceptHandler, ast.MatchAs, ast.MatchStar)) and node.name:
            yield node.name


def loaded_names(tree: ast.AST) -> set[str]:
    """Every name that the tree reads."""
    return {
        node.id
        for node in every_node(tree)
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Store)
    }


def step_calls(body: Iterable[Statement]) -> Iterator[StepCall]:
    """The step calls of a body, those inside loops included."""
    for statement in body:
        if isinstance(statement, StepCall):
            yield statement
        elif isinstance(statement, (ForLoop, GroupBlock)):
            yield from step_calls(statement.body)


def local_names(body: Iterable[Statement]) -> Iterator[str]:
    """The names that the body binds."""
    for statement in body:
        if isinstance(statement, StepCall) and statement.assign:
            yield statement.assign
        elif isinstance(statement, Assignment):
            yield statement.name
        elif isinstance(statement, ForLoop):
            yield from stored_names(loop_target(statement.target))
            yield from local_names(statement.body)
        elif isinstance(statement, GroupBlock):
            if statement.target:
                yield statement.target
            yield from local_names(statement.body)


def expressions(model: PipelineModel) -> Iterator[Expr]:
    """Every expression of the pipeline: the decorator's and the body's."""
    yield from model.decorator.values()
    yield from model.dag_run.values()
    yield from _body_expressions(model.body)


def _body_expressions(body: Iterable[Statement]) -> Iterator[Expr]:
    for statement in body:
        if isinstance(statement, StepCall):
            yield statement.step_id
            yield from (*statement.args, *statement.kwargs.values())
            yield from (*statement.options.values(), *statement.after)
            yield from statement.scheduling.values()
        elif isinstance(statement, Assignment):
            yield statement.value
        elif isinstance(statement, ForLoop):
            yield statement.iterable
            yield from _body_expressions(statement.body)
        elif isinstance(statement, GroupBlock):
            yield statement.group_id
            yield from (*statement.kwargs.values(), *statement.scheduling.values())
            yield from _body_expressions(statement.body)
