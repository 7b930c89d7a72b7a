"""What became of a construct: a disposition, the codes that say so, and a sentence."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from transpiler.model.finding import Finding
from transpiler.model.pipeline import Disposition

NOT_NEEDED_CODES = frozenset(
    {"D2Z117", "D2Z130", "D2Z131", "D2Z133", "D2Z210", "D2Z311"},
)
"""Findings of these codes say that there is nothing to carry over, where they are `info`."""
_WEIGHT: dict[Disposition, int] = {"not_needed": 0, "mapped": 1, "approximated": 2, "manual": 3}


@dataclass(frozen=True, slots=True)
class Verdict:
    """`codes` is empty only for `mapped`."""

    disposition: Disposition = "mapped"
    codes: tuple[str, ...] = ()
    note: str = ""


MAPPED = Verdict()
NOT_REACHED = Verdict("not_needed", ("D2Z130",), "reading the file never runs it")


def not_used(note: str) -> Verdict:
    """Nothing of the output needs it."""
    return Verdict("not_needed", ("D2Z131",), note)


def of_findings(findings: Iterable[Finding]) -> Verdict | None:
    """What the findings of a construct say; None where there is none."""
    order = sorted(findings, key=lambda f: ("manual", "warning", "info").index(f.severity))
    if not order:
        return None
    first = order[0]
    codes = tuple(dict.fromkeys(item.code for item in order))
    disposition: Disposition = "mapped"
    if first.severity == "manual":
        disposition = "manual"
    elif first.severity == "warning":
        disposition = "approximated"
    elif all(item.code in NOT_NEEDED_CODES for item in order):
        disposition = "not_needed"
    return Verdict(disposition, codes, first.message)


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """The verdict that asks most of the reader; what is mapped anywhere is needed."""
    return max(verdicts, key=lambda verdict: _WEIGHT[verdict.disposition])
