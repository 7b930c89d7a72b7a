"""`for` and `while`."""

from __future__ import annotations

from typing import Any

import libcst as cst

from transpiler.evaluate import both_sides, comprehensions
from transpiler.evaluate.changes import Journal
from transpiler.evaluate.comprehensions import iterate, loop_step, target_names
from transpiler.evaluate.errors import LimitReached, LoopExit, Returned
from transpiler.evaluate.frames import EarlyExit, Frame
from transpiler.evaluate.interpreter import Interpreter
from transpiler.evaluate.targets import assign
from transpiler.evaluate.truth import OneShot, truth
from transpiler.model.values import Symbolic


def for_statement(ip: Interpreter, node: cst.For, frame: Frame) -> None:
    """`for`; over a value that is not known the body is read once with unknown targets."""
    from transpiler.evaluate.expressions import evaluate
    from transpiler.evaluate.statements import execute_block

    value = evaluate(ip, node.iter, frame)
    items = iterate(ip, value, node.iter, frame)
    if items is None:
        items = comprehensions.by_default(ip, value, node.iter, frame)
    if items is None:
        _over_unknown(ip, node, value, frame)
        return
    if len(items) > ip.budget.limits.loop:
        raise LimitReached(
            f"a loop has {len(items):,} turns; the limit is {ip.budget.limits.loop:,}", node
        )
    ip.calls += 1
    entry = ip.calls
    comments = _take_comments(node, frame)
    exits = len(frame.exits)
    for index, item in enumerate(items):
        ip.budget.tick(node)
        assign(ip, node.target, item, frame)
        frame.loops.append(loop_step(ip, node, entry, index, len(items), frame, comments))
        try:
            execute_block(ip, node.body, frame)
        except LoopExit as leave:
            if not leave.again:
                both_sides.end_of_turn(ip, frame, exits, loop_ended=True)
                if isinstance(value, OneShot):
                    value[:0] = items[index + 1 :]
                return
        finally:
            frame.loops.pop()
        both_sides.end_of_turn(ip, frame, exits, loop_ended=False)
    both_sides.end_of_turn(ip, frame, exits, loop_ended=True)
    if node.orelse is not None:
        execute_block(ip, node.orelse.body, frame)


def _take_comments(node: cst.For, frame: Frame) -> tuple[str, ...]:
    """Comments above the loop, and those that waited for it."""
    if frame.loops:
        return tuple(line.comment.value for line in node.leading_lines if line.comment)
    pending = list(frame.pending_comments)
    frame.pending_comments.clear()
    return (*pending, *(line.comment.value for line in node.leading_lines if line.comment))


def _over_unknown(ip: Interpreter, node: cst.For, value: Any, frame: Frame) -> None:
    from transpiler.evaluate.statements import execute_block

    events = ip.events
    for name in target_names(node.target):
        frame.bind(name, Symbolic(name, "the loop runs over a value that is not known"))
    before, exits = dict(frame.names), len(frame.exits)
    ip.journals.append(Journal())
    try:
        execute_block(ip, node.body, frame)
    except Returned as left:
        both_sides.remember(frame, EarlyExit(left, node.iter, ip.events))
    except LoopExit:
        pass  # the only turn that is read ends here
    finally:
        changed = ip.journals.pop().undo()
    both_sides.settle_changes(ip, node.iter, frame, [changed, {}])
    both_sides.end_of_turn(ip, frame, exits, loop_ended=True)
    for name, new in list(frame.names.items()):
        if before.get(name) is not new:
            frame.bind(name, Symbolic(name, "it is set in a loop over a value that is not known"))
    if ip.events != events:
        shown = ip.code(node.iter, frame)
        ip.report(
            "D2Z110", node.iter, frame, f"the loop over {shown!r} decides which tasks there are"
        )


def while_statement(ip: Interpreter, node: cst.While, frame: Frame) -> None:
    """`while` with a known condition."""
    from transpiler.evaluate.expressions import evaluate
    from transpiler.evaluate.statements import execute_block

    turns, exits = 0, len(frame.exits)
    while True:
        test = truth(evaluate(ip, node.test, frame))
        if test is None:
            ip.report("D2Z110", node.test, frame, "the condition of the loop is not known")
            return
        if not test:
            break
        turns += 1
        if turns > ip.budget.limits.loop:
            raise LimitReached(f"a loop has over {ip.budget.limits.loop:,} turns", node)
        try:
            execute_block(ip, node.body, frame)
        except LoopExit as leave:
            if not leave.again:
                both_sides.end_of_turn(ip, frame, exits, loop_ended=True)
                return
        both_sides.end_of_turn(ip, frame, exits, loop_ended=False)
    both_sides.end_of_turn(ip, frame, exits, loop_ended=True)
    if node.orelse is not None:
        execute_block(ip, node.orelse.body, frame)
