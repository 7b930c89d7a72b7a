"""The catalogue of finding codes, for `dag2zen explain` and docs/findings.md."""

from __future__ import annotations

import difflib

from transpiler.model.codes import CODES, Code

_FAMILIES = {
    "1": "Reading",
    "2": "Meaning: states, dates and data",
    "3": "Operators",
    "4": "SQL and templates",
    "5": "Output",
    "6": "Security",
}
_SEVERITIES = {
    "manual": "not equivalent until a person acts",
    "warning": "equivalent after a setting, or in all but a named respect",
    "info": "nothing to do",
}


def explain(code: Code) -> str:
    """One entry as text for the terminal."""
    return (
        f"{code.code}  {code.title}\n"
        f"Severity: {code.severity} ({_SEVERITIES[code.severity]})\n\n"
        f"{code.meaning}\n\n"
        f"What to do: {code.remedy}\n"
    )


def nearest_codes(text: str) -> list[str]:
    """Codes that the text may have meant."""
    longer = [code for code in CODES if code.startswith(text.upper())]
    return longer[:3] or difflib.get_close_matches(text.upper(), CODES, n=3, cutoff=0.6)


def findings_markdown() -> str:
    """Content of docs/findings.md."""
    parts = ["# Findings\n", _head()]
    for digit, family in _FAMILIES.items():
        parts.append(f"## D2Z{digit}xx: {family}\n")
        parts += [_section(code) for code in CODES.values() if code.code[3] == digit]
    return "\n".join(parts)


def _head() -> str:
    rows = "\n".join(f"| `{name}` | {meaning} |" for name, meaning in _SEVERITIES.items())
    return (
        "Every argument, edge and import that is not carried over as it stands has a finding with "
        "a code. A code never changes its meaning.\n"
        "The command `dag2zen explain CODE` prints one entry of this page.\n\n"
        f"| severity | means |\n|---|---|\n{rows}\n"
    )


def _section(code: Code) -> str:
    return f"### {code.code} {code.title}\n\n`{code.severity}` {code.meaning}\n\n{code.remedy}\n"
