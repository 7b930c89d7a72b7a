"""What ends the reading of a file, as findings with their places."""

from __future__ import annotations

import libcst as cst

from transpiler.evaluate.errors import DagCodeError, LimitReached
from transpiler.evaluate.frames import Frame
from transpiler.evaluate.interpreter import Interpreter, ModuleSource
from transpiler.evaluate.module import run_module
from transpiler.model.dag import DagFile
from transpiler.model.finding import Finding, finding
from transpiler.model.span import Span
from transpiler.source.errors import SourceError

_CODES = {"DuplicateTaskIdFound": "D2Z113", "SyntaxError": "D2Z101"}


def failed(path: str, error: SourceError) -> DagFile:
    """The result of a file that could not be read or parsed."""
    problem = finding(error.code, Span(path, error.line, error.column), error.message)
    return DagFile(path, (), {}, (problem,), f"{problem.code}: {problem.message}")


def run_failure(ip: Interpreter, source: ModuleSource, frame: Frame) -> Finding | None:
    """Evaluate the module; the finding that ended it early, if one did."""
    try:
        run_module(ip, source, frame)
    except LimitReached as error:
        return finding("D2Z108", _locate(ip, source, error.node), error.what)
    except DagCodeError as error:
        home = ip.sources.get(error.module or "", source)
        code = _CODES.get(error.kind, "D2Z109")
        return finding(code, _locate(ip, home, error.node), str(error))
    return None


def _locate(ip: Interpreter, source: ModuleSource, node: cst.CSTNode | None) -> Span:
    if node is not None:
        for candidate in (source, *ip.sources.values()):
            if candidate.positions.knows(node):
                return Span(candidate.path, *candidate.positions.range(node))
    return Span(source.path, 1, 1)
