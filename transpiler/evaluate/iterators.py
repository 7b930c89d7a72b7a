"""Iterators that Python would run later than they are evaluated here.

A generator's body runs when somebody asks for its items; here it is evaluated when it is made. Where
that makes tasks, and nobody asks or another DAG or group is open by then, a finding says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import libcst as cst

from transpiler.evaluate.frames import Frame
from transpiler.evaluate.truth import OneShot

if TYPE_CHECKING:
    from transpiler.evaluate.interpreter import Interpreter


@dataclass(eq=False)
class Waiting:
    """An iterator whose items made tasks, and where it was made."""

    iterator: OneShot
    node: cst.CSTNode
    frame: Frame
    dag: Any
    group: Any


def structure(ip: Interpreter) -> int:
    """Counts what was built so far, tasks without a DAG too."""
    return ip.events + ip.homeless


def made(
    ip: Interpreter, items: list[Any], before: int, node: cst.CSTNode, frame: Frame
) -> OneShot:
    """An iterator over the items; `before` is the `structure` before they were evaluated."""
    iterator = OneShot(items)
    if structure(ip) != before:
        ip.waiting[id(iterator)] = Waiting(iterator, node, frame, ip.dag, ip.group)
    return iterator


def asked(ip: Interpreter, iterator: OneShot) -> None:
    """Note that somebody takes items now."""
    waiting = ip.waiting.pop(id(iterator), None)
    if waiting is not None and (waiting.dag is not ip.dag or waiting.group is not ip.group):
        text = "an iterator makes tasks where another DAG or group is open than where it was made"
        ip.report("D2Z116", waiting.node, waiting.frame, text)


def take_all(ip: Interpreter, iterator: OneShot) -> list[Any]:
    """The items that are left, of which none is left then."""
    ip.mutate(iterator)
    asked(ip, iterator)
    items = list(iterator)
    iterator.clear()
    return items


def take_up_to(ip: Interpreter, iterator: OneShot, item: Any) -> None:
    """Take the items that a look for one has passed, that one too."""
    ip.mutate(iterator)
    asked(ip, iterator)
    passed = next((n for n, one in enumerate(iterator) if one is item or one == item), None)
    del iterator[: len(iterator) if passed is None else passed + 1]


def report_waiting(ip: Interpreter) -> None:
    """Say which iterators nobody asked, although their items would be tasks."""
    for waiting in ip.waiting.values():
        text = "an iterator that makes tasks is never asked for its items, as far as is read here"
        ip.report("D2Z116", waiting.node, waiting.frame, text)
