"""What a value that is not known would be where the environment has nothing: by the defaults that the
file itself gives (`os.getenv("ENV", "dev")`, `Variable.get("shards", default_var=10)`).

Read so are ids, what a loop runs over, and the settings that a scheduler needs (retries, timeouts, the
schedule), each time with a finding: a DAG whose id names the environment is the same DAG in each. Other
values stay the code that they are.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import libcst as cst

from transpiler.evaluate.errors import DagCodeError, NotAssumedError
from transpiler.evaluate.frames import Frame
from transpiler.evaluate.interpreter import CallSite, Interpreter
from transpiler.evaluate.truth import is_plain
from transpiler.model.dag import Argument
from transpiler.model.finding import Severity, finding
from transpiler.model.values import Call, Ref, Symbolic

TASK_SETTINGS = frozenset("""
    retries retry_delay max_retry_delay retry_exponential_backoff execution_timeout trigger_rule
    priority_weight pool_slots depends_on_past
    """.split())
DAG_SETTINGS = frozenset("""
    schedule schedule_interval start_date end_date catchup max_active_runs max_active_tasks concurrency
    dagrun_timeout
    """.split())
NOTHING = object()
"""There is no default."""
_VARIABLE = re.compile(r"airflow\.(?:\w+\.)*Variable\.get")
_CONFIGURATION = re.compile(r"airflow\.configuration\.(?:\w+\.)?get\w*")
_MAX_SHOWN = 60
ONCE = (cst.Call, cst.ListComp, cst.SetComp, cst.DictComp, cst.GeneratorExp)
"""Expressions that may do something, or whose parts are evaluated with other names each time."""

CHAINS = (cst.BinaryOperation, cst.BooleanOperation, cst.Attribute, cst.Subscript)
"""Expressions that stand in each other by the hundred."""


def given(func: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """The default in a call of Airflow's that reads a setting; NOTHING in any other call."""
    if _VARIABLE.fullmatch(func):
        names = [name for name in ("default_var", "default") if name in kwargs]
        value = kwargs[names[0]] if names else args[1] if len(args) > 1 else NOTHING
    elif _CONFIGURATION.fullmatch(func):
        value = kwargs.get("fallback", NOTHING)
    else:
        return NOTHING
    return value if is_plain(value) else NOTHING


def by_default(ip: Interpreter, value: Any) -> Any:
    """The value that a Symbolic or Call has by defaults; NOTHING where it has none."""
    return ip.defaults.get(id(value), (value, NOTHING))[1]


def usual_side(ip: Interpreter, test: Any) -> int | None:
    """The side of a condition that the defaults lead to: 0 where it holds; None where they do not."""
    found = by_default(ip, test)
    return None if found is NOTHING else int(not found)


def inherit(ip: Interpreter, value: Symbolic, usual: Any) -> None:
    """Keep for a value what it is on the side of a condition that the defaults lead to."""
    found = by_default(ip, usual) if isinstance(usual, (Symbolic, Call)) else usual
    if found is not NOTHING and is_plain(found):
        ip.defaults[id(value)] = (value, found)


def remember(ip: Interpreter, value: Symbolic | Call, node: cst.CSTNode, frame: Frame) -> None:
    """Find the value by defaults of an expression that was just evaluated, while its names hold
    what they held then.
    """
    from transpiler.evaluate.expressions import evaluate

    if not isinstance(node, cst.BaseExpression):
        return
    findings, events = len(ip.findings), ip.events
    ip.results.pop(id(node), None)
    ip.assuming = True
    try:
        found = evaluate(ip, node, frame)
    except DagCodeError:
        return
    finally:
        ip.assuming = False
        del ip.findings[findings:]
    assert ip.events == events  # no function of the project was called
    if is_plain(found):
        ip.defaults[id(value)] = (value, found)


def keep(ip: Interpreter, node: cst.BaseExpression, value: Any) -> None:
    """Keep what a link of a chain is by defaults alone: the next link need not ask again."""
    if by_default(ip, value) is not NOTHING:
        ip.results[id(node)] = value
    else:
        ip.results.pop(id(node), None)


def again(ip: Interpreter, node: cst.BaseExpression, action: Callable[[], Any]) -> Any:
    """A part of the expression, evaluated a second time; what calls gave the first time is kept."""
    if isinstance(node, (*ONCE, *CHAINS)) and id(node) in ip.results:
        return _assume(ip, ip.results[id(node)])
    return _assume(ip, action())


def _assume(ip: Interpreter, value: Any) -> Any:
    if isinstance(value, (Symbolic, Call)):
        if (found := by_default(ip, value)) is NOTHING:
            raise NotAssumedError
        return found
    if is_plain(value):
        return value
    if isinstance(value, (list, tuple)):
        return type(value)([_assume(ip, item) for item in value])
    if isinstance(value, dict):
        return {key: _assume(ip, item) for key, item in value.items()}
    return value


def call(function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """While defaults are assumed: the default in a call of something outside the project.

    Raises NotAssumedError for every other call: nothing of the file is run.
    """
    name = function.qualified_name if isinstance(function, Ref) else ""
    if (found := given(name, args, kwargs)) is NOTHING:
        raise NotAssumedError
    return found


def note_call(ip: Interpreter, mark: Call) -> Call:
    """Keep the default of a call that stays as it is written."""
    if (found := given(mark.func, mark.args, dict(mark.kwargs))) is not NOTHING:
        ip.defaults[id(mark)] = (mark, found)
    return mark


def environment(site: CallSite, default: Any) -> Any:
    """A read of the environment that has a default."""
    if site.ip.assuming:
        return default
    value = site.symbolic("it reads the environment")
    if is_plain(default):
        site.ip.defaults[id(value)] = (value, default)
    return value


def assumed(site: CallSite, value: Any, what: str) -> str | None:
    """The text that an id is by defaults, with the finding that says so; None where there is none."""
    found = by_default(site.ip, value)
    if not isinstance(found, str):
        return None
    report(site.ip, site.node, site.frame, value, found, what, "warning")
    return found


def settle(
    ip: Interpreter, arguments: dict[str, Argument], settings: frozenset[str]
) -> dict[str, Argument]:
    """The arguments, those of a scheduler's settings that are not known with their defaults."""
    settled = dict(arguments)
    for name, argument in arguments.items() if ip.defaults else ():
        if name not in settings:
            continue
        assumed_parts: list[tuple[Any, Any]] = []
        found = _settled(ip, argument.value, assumed_parts)
        for value, default in assumed_parts:
            settled[name] = replace(argument, value=found)
            text = _text(value, default, name)
            item = finding("D2Z216", argument.span, text, severity="warning")
            ip.findings += [item] if item not in ip.findings else []
    return settled


def _settled(ip: Interpreter, value: Any, parts: list[tuple[Any, Any]]) -> Any:
    """The value with defaults in it, and in the arguments of a timetable that it calls; each part that
    was read so goes into `parts`, with its default.
    """
    found = by_default(ip, value)
    if found is not NOTHING:
        parts.append((value, found))
        return found
    if not isinstance(value, Call) or "imetable" not in value.func:
        return value
    args = tuple(_settled(ip, item, parts) for item in value.args)
    kwargs = {name: _settled(ip, item, parts) for name, item in value.kwargs.items()}
    return replace(value, args=args, kwargs=kwargs)


def report(
    ip: Interpreter,
    node: cst.CSTNode,
    frame: Frame,
    value: Any,
    found: Any,
    what: str,
    severity: Severity,
) -> None:
    """Say that a piece of structure was read with its default."""
    ip.report("D2Z110", node, frame, _text(value, found, what), severity=severity)


def _text(value: Any, found: Any, what: str) -> str:
    code = " ".join(str(value.code).split())[:_MAX_SHOWN]
    return (
        f"{what} depends on {code!r}, which is known only when the file runs; it is read with the "
        f"default that the file gives: {str(found)[:_MAX_SHOWN]!r}"
    )
