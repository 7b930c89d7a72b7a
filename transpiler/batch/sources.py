"""The source files of a result as a report may show them: line by line as they are, no secret."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from transpiler.report.result import FileResult

if TYPE_CHECKING:
    from transpiler.lower.secret_literal import SecretLiteral
    from transpiler.model.dag import DagFile

_LARGEST = 400_000
"""Characters; a longer file is no reading for a reviewer."""
_HIDDEN = "# This line holds a secret."


def shown_sources(result: FileResult, dag_file: DagFile) -> Mapping[str, str]:
    """Text by path of the DAG file and the project's modules that tasks and findings stand in."""
    from transpiler.source.positions import positions_of

    used = {dag_file.path, *(f.span.file for f in result.all_findings)}
    used.update(task.span.file for pipeline in result.pipelines for task in pipeline.tasks)
    texts: dict[str, str] = {}
    for module in dag_file.modules.values():
        if module.path in used:
            code = positions_of(module.tree).text
            if len(code) <= _LARGEST:
                texts[module.path] = masked(code, module.path, result.secrets)
    return texts


def masked(code: str, path: str, secrets: Iterable[SecretLiteral]) -> str:
    """The file without the secrets, on the same lines.

    A line that spells a secret in a way of its own (of several strings, or by escapes) is not shown.
    """
    from transpiler.lower.redaction import redact

    secrets = list(secrets)
    if not secrets:
        return code
    shown = redact(_without_places(code, path, secrets), secrets)
    return _without_lines(shown, redact(shown, secrets, "python"))


def _without_lines(shown: str, redacted: str) -> str:
    """The file with a remark in place of each line that the redaction of Python would change."""
    if shown == redacted:
        return shown
    lines = shown.split("\n")
    matcher = difflib.SequenceMatcher(None, lines, redacted.split("\n"), autojunk=False)
    for tag, first, last, _, _ in matcher.get_opcodes():
        if tag != "equal":
            lines[first:last] = [_HIDDEN] * (last - first)
    return "\n".join(lines)


def _without_places(code: str, path: str, secrets: Iterable[SecretLiteral]) -> str:
    """The file with `***` where its secrets stand; a string of several lines keeps their number."""
    lines = code.split("\n")
    places = {(s.span.line, s.span.column, s.span.end_line, s.span.end_column): s for s in secrets}
    for (line, column, end_line, end_column), secret in sorted(places.items(), reverse=True):
        if secret.span.file != path or not end_line or end_line > len(lines):
            continue
        head, tail = lines[line - 1][: column - 1], lines[end_line - 1][end_column - 1 :]
        lines[line - 1 : end_line] = [f'{head}"***"', *[""] * (end_line - line)]
        lines[end_line - 1] += tail
    return "\n".join(lines)
