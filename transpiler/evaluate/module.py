"""Loading and running one module of the project."""

from __future__ import annotations

from pathlib import Path

import libcst as cst

from transpiler.evaluate.errors import DagCodeError, LimitReached, LoopExit, Returned
from transpiler.evaluate.frames import Frame
from transpiler.evaluate.interpreter import Interpreter, ModuleSource
from transpiler.source.parse import parse
from transpiler.source.positions import positions_of
from transpiler.source.shared import SHARED
from transpiler.source.text import read_text


def load_source(ip: Interpreter, file: Path, name: str) -> ModuleSource:
    """Read and parse a file of the project. Raises SourceError."""
    text, encoding = read_text(file, may_be_empty=file != ip.main)
    # The file itself is seldom read twice, what it imports is.
    parsed = parse if file == ip.main else SHARED.parse
    tree = parsed(text, ip.budget.spend)
    path = file.relative_to(ip.project_root).as_posix()
    source = ModuleSource(path, file, name, tree, positions_of(tree), ip.mutated, encoding)
    ip.sources[path] = source
    return source


def run_module(ip: Interpreter, source: ModuleSource, frame: Frame) -> None:
    """Evaluate a module's statements in its frame. Raises what the code raises, with the module's
    path on it.
    """
    dags, groups = ip.dag_stack, ip.group_stack
    ip.dag_stack, ip.group_stack = [], []
    try:
        for statement in source.tree.body:
            _run_statement(ip, statement, source, frame)
    finally:
        ip.dag_stack, ip.group_stack = dags, groups


def _run_statement(
    ip: Interpreter, statement: cst.CSTNode, source: ModuleSource, frame: Frame
) -> None:
    from transpiler.evaluate.statements import execute

    try:
        execute(ip, statement, frame)
    except DagCodeError as error:
        if error.module is None:
            error.node, error.module = error.node or statement, source.path
        raise
    except LimitReached as error:
        error.node = error.node or statement
        raise
    except RecursionError as error:
        raise LimitReached("the code is nested too deeply to read", statement) from error
    except (Returned, LoopExit) as error:
        text = "return, break or continue outside its statement"
        failure = DagCodeError("SyntaxError", text, statement)
        failure.module = source.path
        raise failure from error
