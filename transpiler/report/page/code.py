"""Code as highlighted lines, with the findings beside them."""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from transpiler.emit.text import visible
from transpiler.report.grouping import Group
from transpiler.report.page.colours import coloured

_LARGEST = 150_000
"""Characters; a longer file is shown without colours."""


@dataclass(frozen=True)
class Line:
    """One line: its markup, the part that it belongs to, and the findings at it."""

    number: int
    markup: str
    part: int | None = None
    findings: Sequence[Group] = ()


@dataclass(frozen=True)
class CodeFile:
    """One file to be shown; `label` names its tab."""

    path: str
    label: str
    lines: Sequence[Line]


def code_file(
    path: str, label: str, text: str, parts: Mapping[int, int], findings: Iterable[Group] = ()
) -> CodeFile:
    """The file with its parts by line; a finding past its end stands at its last line."""
    markup = highlighted(text, path.rpartition(".")[2])
    at: dict[int, list[Group]] = {}
    for group in findings:
        at.setdefault(min(max(group.entry.line, 1), len(markup)), []).append(group)
    lines = [
        Line(number, line, parts.get(number), at.get(number, ()))
        for number, line in enumerate(markup, start=1)
    ]
    return CodeFile(path, label, lines)


@lru_cache(maxsize=64)
def highlighted(text: str, language: str) -> Sequence[str]:
    """The lines as HTML, everything of the text escaped and made visible."""
    text = text.replace("\r\n", "\n").rstrip("\n")
    if len(text) > _LARGEST:
        language = ""
    lines = [""]
    for kind, value in coloured(text, language):
        for number, piece in enumerate(value.split("\n")):
            if number:
                lines.append("")
            if piece:
                shown = _escaped(piece)
                lines[-1] += f"<i class={kind}>{shown}</i>" if kind else shown
    return lines


def _escaped(text: str) -> str:
    return html.escape(visible(text, keep="\t"))


def spans_of(lines: Iterable[Line]) -> Iterator[tuple[int | None, list[Line]]]:
    """Neighbouring lines of one part together."""
    block: list[Line] = []
    for line in lines:
        if block and line.part != block[0].part:
            yield block[0].part, block
            block = []
        block.append(line)
    if block:
        yield block[0].part, block
