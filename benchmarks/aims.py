"""Whether a measurement is what the project aims at."""

from __future__ import annotations


def met(measured: float, aim: float | None) -> str:
    """`yes` or `no`; empty where there is no aim."""
    if aim is None:
        return ""
    return "yes" if measured <= aim else "no"
