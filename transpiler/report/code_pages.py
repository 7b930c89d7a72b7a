"""The documentation page of each finding code, with what its example gives when it is tried."""

from __future__ import annotations

from collections.abc import Iterator

from transpiler.model.codes import CODES, Code
from transpiler.report.catalogue import SEVERITIES
from transpiler.report.examples import EXAMPLES, CodeExample
from transpiler.report.examples.trial import Trial, before

_PIPELINE = "pipelines/nightly.py"


def code_pages() -> dict[str, str]:
    """Every page by its path below docs/. Tries each example, which takes some seconds in all."""
    return {f"findings/{code}.md": code_page(CODES[code], before(EXAMPLES[code])) for code in CODES}


def code_page(code: Code, trial: Trial) -> str:
    """The page of one code; `trial` is what came of its example."""
    return "\n".join(_lines(code, EXAMPLES[code.code], trial)) + "\n"


def _lines(code: Code, example: CodeExample, trial: Trial) -> Iterator[str]:
    yield f"# {code.code}: {code.title}\n"
    yield f"**`{code.severity}`**: {SEVERITIES[code.severity]}.\n"
    yield f"{code.meaning}\n"
    yield f"**What to do.** {code.remedy}\n"
    if example.said:
        yield f"{example.said}\n"
    if example.before.strip():
        yield from _fence("python", "Before", example.before)
    for path, text in example.files.items():
        yield from _fence("python" if path.endswith(".py") else "text", path, text)
    if example.rules:
        yield from _fence("python", "The team's rule", example.rules)
    yield "The report says:\n"
    yield from _fence("text", "", "\n".join(_said(code.code, trial)))
    if example.after is not None and example.after != example.before:
        yield from _fence("python", "After", example.after)
    elif _PIPELINE in trial.files and code.severity != "manual":
        yield from _fence("python", f"What it becomes: {_PIPELINE}", trial.files[_PIPELINE])
    yield (
        f"Where this is known and accepted, write `# dag2zen: ignore[{code.code}] reason` on the "
        "line; see [suppression](../findings.md#suppression)."
    )


def _said(code: str, trial: Trial) -> Iterator[str]:
    """The findings of the code, or the rows of the account that have it."""
    findings = trial.findings(code)
    for entry in findings[:3]:
        task = f"[{entry.task_id}] " if entry.task_id else ""
        place = f"{entry.file}:{entry.line}:{entry.column}"
        yield f"{place}: {entry.code} {entry.severity} {task}{entry.message}"
    if not findings:
        rows = (row for file in trial.document.files for row in file.account if code in row.codes)
        for row in list(rows)[:3]:
            place = f"{row.file}:{row.line}:{row.column}"
            yield f"{place}: {code} {row.disposition.replace('_', ' ')}: {row.note}"


def _fence(language: str, title: str, text: str) -> Iterator[str]:
    # Four backticks: a text may itself hold a fence of three, in a docstring.
    shown = f' title="{title}"' if title else ""
    yield f"````{language}{shown}\n{text.strip()}\n````\n"
