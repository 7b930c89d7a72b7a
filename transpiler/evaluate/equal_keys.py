"""Objects of the project as keys and members of sets, which are told apart by identity here."""

from __future__ import annotations

from transpiler.evaluate.comparisons import comparable
from transpiler.evaluate.interpreter import Interpreter
from transpiler.evaluate.objects import Instance, UserClass
from transpiler.model.finding import finding


def report_equal_keys(ip: Interpreter) -> None:
    """Say which classes have keys or members of which Python may count two as one."""
    for cls in ip.classes:
        if cls.span is not None and _may_be_one(cls):
            text = f"objects of {cls.name} that may be equal are keys, or members of a set"
            ip.findings.append(finding("D2Z116", cls.span, text))


def _may_be_one(cls: UserClass) -> bool:
    values = [comparable(item) for item in cls.hashed.values()]
    if any(isinstance(value, Instance) for value in values):
        return len(values) > 1
    return len(set(map(repr, values))) < len(values)
