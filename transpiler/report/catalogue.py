"""The catalogue of finding codes, for `dag2zen explain` and the documentation."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from transpiler.model.codes import CODES, Code

FAMILIES = {
    "1": "Reading",
    "2": "Meaning: states, dates and data",
    "3": "Operators",
    "4": "SQL and templates",
    "5": "Output",
    "6": "Security",
}
SEVERITIES = {
    "manual": "not equivalent until a person acts",
    "warning": "equivalent after a setting, or in all but a named respect",
    "info": "nothing to do",
}
_INDENT = "    "


def explain(code: Code) -> str:
    """One entry as text for the terminal, with an example."""
    return "".join(f"{line}\n" for line, _ in explanation(code))


def explanation(code: Code) -> Iterator[tuple[str, str]]:
    """Lines of an entry, each with its kind: title, severity, head, code, or nothing."""
    from transpiler.report.examples import EXAMPLES

    yield f"{code.code}  {code.title}", "title"
    yield f"Severity: {code.severity} ({SEVERITIES[code.severity]})", code.severity
    yield "", ""
    yield code.meaning, ""
    yield "", ""
    yield f"What to do: {code.remedy}", ""
    example = EXAMPLES[code.code]
    if example.said:
        yield "", ""
        yield example.said, ""
    if example.before.strip():
        yield "", ""
        yield "For example:", "head"
        yield from _source(example.before)
    if example.after and example.after != example.before:
        yield "", ""
        yield "Instead:", "head"
        yield from _source(example.after)


def _source(text: str) -> Iterator[tuple[str, str]]:
    yield "", ""
    for line in text.strip().splitlines():
        yield f"{_INDENT}{line}".rstrip(), "code"


def nearest_codes(text: str) -> list[str]:
    """Codes that the text may have meant."""
    longer = [code for code in CODES if code.startswith(text.upper())]
    return longer[:3] or difflib.get_close_matches(text.upper(), CODES, n=3, cutoff=0.6)


def code_list() -> str:
    """Every code on a line, by family."""
    lines: list[str] = []
    for digit, family in FAMILIES.items():
        lines.append(f"{'' if digit == '1' else chr(10)}{family}")
        lines += [
            f"  {code.code}  {code.severity:<8} {code.title}"
            for code in CODES.values()
            if code.code[3] == digit
        ]
    return "\n".join(lines) + "\n"


def severity_table() -> str:
    """What the severities mean, as a Markdown table."""
    rows = "\n".join(f"| `{name}` | {meaning} |" for name, meaning in SEVERITIES.items())
    return f"| severity | means |\n|---|---|\n{rows}"


def catalogue_tables() -> str:
    """All codes as Markdown tables, each linked to its page."""
    parts = []
    for digit, family in FAMILIES.items():
        rows = [
            f"| [{c.code}](findings/{c.code}.md) | `{c.severity}` | {c.title} | {c.meaning} |"
            for c in CODES.values()
            if c.code[3] == digit
        ]
        head = f"### D2Z{digit}xx: {family}\n\n| code | severity | title | meaning |\n|---|---|---|---|"
        parts.append("\n".join([head, *rows]))
    return "\n\n".join(parts)
