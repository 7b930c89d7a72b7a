"""Text to a LibCST module, with errors a person can act on."""

from __future__ import annotations

import ast
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import libcst as cst

from transpiler.source.deep import RECURSION, STACK_BYTES
from transpiler.source.errors import SourceError
from transpiler.source.shape import shape_of
from transpiler.source.visiting import visit

PROBE_SECONDS = 3.0
"""How long a suspicious text may keep the parser busy, in time of the processor."""
_WALL_SECONDS = 60.0
"""After which the parse is given up where no limit on the processor's time can be set."""
_TOO_SLOW = f"the code takes over {PROBE_SECONDS:g} seconds to parse"
_OUT_OF_TIME = getattr(signal, "SIGXCPU", 0)
"""Signal that ends a process at its limit; no such thing on Windows, where no limit is set."""
_PYTHON2 = re.compile(
    r"^[ \t]*(print[ \t]+[\"'\w]|exec[ \t]+[\"']|raise[ \t]+\w+[ \t]*,"
    r"|except[ \t]+[\w.]+[ \t]*,[ \t]*\w+[ \t]*:)",
    re.MULTILINE,
)
_OLD_EXCEPT = re.compile(r"^[ \t]*except[ \t]+[\w.]+[ \t]*,[ \t]*[a-z_]\w*[ \t]*:", re.MULTILINE)
_CONTINUED_RAW = re.compile(
    r"\b(?:[rR][fF]|[fF][rR])(?:'(?!'')[^'\n]*|\"(?!\"\")[^\"\n]*)\\\n", re.MULTILINE
)
_RAW_HINT = (
    "a raw f-string that goes on in the next line is not parsed here; with triple quotes it is the "
    "same text, and it is read"
)
# Syntax errors end the probe well: the parse in this process reports them.
_PROBE = """
import sys, threading, time
sys.setrecursionlimit(int(sys.argv[3]))
sys.path.append(sys.argv[1])
import libcst
try:
    import resource
except ImportError:
    pass
else:
    used = int(time.process_time() + float(sys.argv[4])) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (used, used + 1))
def parse():
    try:
        libcst.parse_module(sys.stdin.buffer.read().decode("utf-8", "surrogatepass"))
    except (libcst.ParserSyntaxError, RecursionError):
        pass
threading.stack_size(int(sys.argv[2]))
thread = threading.Thread(target=parse)
thread.start()
thread.join()
"""


def parse(text: str, spent: Callable[[float], None] | None = None) -> cst.Module:
    """Parse the text of a Python file. `spent` is told the seconds that other processes took for it.

    Raises SourceError: D2Z101 for a syntax error, D2Z102 for Python 2, D2Z108 where length or
    nesting would exhaust the parser.
    """
    shape = shape_of(text)
    if shape.suspicious:
        _probe(text, shape.line, spent or (lambda seconds: None))
    try:
        tree = cst.parse_module(text)
    except cst.ParserSyntaxError as error:
        raise _syntax_error(text, error) from error
    except (RecursionError, MemoryError) as error:
        message = "the code is nested too deeply to parse"
        raise SourceError("D2Z108", message, shape.line) from error
    _refuse_old_except(text, tree)
    return tree


def _refuse_old_except(text: str, tree: cst.Module) -> None:
    """Refuse `except Error, name:`, which LibCST takes for the two classes that Python 3.14 allows there."""
    found = _OLD_EXCEPT.search(text)
    if found is None:
        return
    finder = _OldExcept()
    visit(tree, finder)
    if finder.found:
        line = text.count("\n", 0, found.start()) + 1
        raise SourceError("D2Z102", "the file is written in Python 2", line)


class _OldExcept(cst.CSTVisitor):
    def __init__(self) -> None:
        super().__init__()
        self.found = False

    def visit_ExceptHandler(self, node: cst.ExceptHandler) -> None:
        kinds = node.type
        if isinstance(kinds, cst.Tuple) and not kinds.lpar and len(kinds.elements) == 2:
            second = kinds.elements[1].value
            self.found |= isinstance(second, cst.Name) and second.value.islower()


def _syntax_error(text: str, error: cst.ParserSyntaxError) -> SourceError:
    if python2 := _PYTHON2.search(text):
        line = text.count("\n", 0, python2.start()) + 1
        return SourceError("D2Z102", "the file is written in Python 2", line)
    if raw := _CONTINUED_RAW.search(text):
        line = text.count("\n", 0, raw.start()) + 1
        return SourceError("D2Z101", _RAW_HINT, line)
    try:
        ast.parse(text)
    except SyntaxError as own:  # says what is wrong, where LibCST names what it expected
        return SourceError("D2Z101", f"syntax error: {own.msg}", own.lineno or 1, own.offset or 1)
    except (ValueError, RecursionError, MemoryError):
        pass  # LibCST's message is all there is
    return SourceError("D2Z101", error.message, max(error.raw_line, 1), error.raw_column + 1)


def _probe(text: str, line: int, spent: Callable[[float], None]) -> None:
    """Parse in a process that can be ended. Raises SourceError (D2Z108) where it does not end well.

    The native parser can neither be interrupted nor survive an exhausted stack.
    """
    library = str(Path(cst.__file__).parents[1])
    sizes = [str(STACK_BYTES), str(RECURSION), str(PROBE_SECONDS)]
    command = [sys.executable, "-I", "-c", _PROBE, library, *sizes]
    data = text.encode("utf-8", "surrogatepass")
    before = _of_children()
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=_WALL_SECONDS)
    except subprocess.TimeoutExpired as error:
        raise SourceError("D2Z108", _TOO_SLOW, line) from error
    finally:
        spent(_of_children() - before)
    if done.returncode and done.returncode == -_OUT_OF_TIME:
        raise SourceError("D2Z108", _TOO_SLOW, line)
    if done.returncode != 0:
        raise SourceError("D2Z108", "the code is nested too deeply to parse", line)


def _of_children() -> float:
    """Processor's seconds of the processes that this one has started and seen end."""
    times = os.times()
    return times.children_user + times.children_system
