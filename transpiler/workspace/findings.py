"""The findings about files of the output folder; files are named relative to it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from transpiler.model.finding import Finding, finding
from transpiler.model.span import Span


def conflicts(name: str, lines: Iterable[int]) -> Iterator[Finding]:
    """D2Z510 for each conflict, at its line."""
    for line in lines:
        text = "edited by hand where the newly generated text differs too"
        yield finding("D2Z510", Span(name, line, 1), text)


def kept(name: str, why: str, remedy: str | None = None) -> Finding:
    """D2Z503: the file stays as it is, although something else would be generated."""
    return finding("D2Z503", Span(name, 1, 1), f"{name} {why}", remedy=remedy)


def abandoned(name: str) -> Finding:
    """D2Z511: the file is not made any more, but has a hand edit."""
    text = f"{name} is not made any more, but was edited by hand and stays"
    return finding("D2Z511", Span(name, 1, 1), text)


def deleted(name: str) -> Finding:
    """D2Z512: the file was deleted by hand."""
    return finding("D2Z512", Span(name, 1, 1), f"{name} was deleted by hand and is not made again")


def merged(name: str) -> Finding:
    """D2Z513: hand edits and newly generated text went together."""
    text = "the hand edits were merged with what is newly generated"
    return finding("D2Z513", Span(name, 1, 1), text)


def taken_over(name: str, before: Iterable[str], now: Iterable[str]) -> Finding:
    """D2Z514 as a warning: the DAG file that the output was made from is gone."""
    was, is_now = ", ".join(sorted(before)), ", ".join(sorted(now))
    text = f"{name} was made from {was}, which is gone; from now on it is made from {is_now}"
    remedy = "Nothing to do if the DAG file was moved."
    return finding("D2Z514", Span(name, 1, 1), text, severity="warning", remedy=remedy)


def belongs(name: str, owners: Iterable[str]) -> Finding:
    """D2Z514: the file was made from a DAG file that this run does not read."""
    text = f"{name} was made from {', '.join(sorted(owners))}, which this run does not read"
    return finding("D2Z514", Span(name, 1, 1), text)
