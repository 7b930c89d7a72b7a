"""Comments that suppress findings.

x = Operator(pool="p")  # dag2zen: ignore[D2Z212] the reason
# dag2zen: ignore[D2Z302, D2Z303] a line of its own is about the next line of code
# dag2zen: ignore-file[D2Z308] for the whole file
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from transpiler.model.codes import CODES
from transpiler.model.dag import SourceModule
from transpiler.model.span import Span
from transpiler.model.suppression import Suppression
from transpiler.source.positions import positions_of

_MARK = "dag2zen:"
_COMMENT = re.compile(r"#\s*dag2zen:\s*(?P<what>[\w-]*)\s*(?:\[(?P<codes>[^\]]*)\])?(?P<reason>.*)")
_FORM = "write `# dag2zen: ignore[D2Z212] reason`"


def suppressions_of(module: SourceModule) -> list[Suppression]:
    """The suppressions in the comments of a module; text in strings is none."""
    positions = positions_of(module.tree)
    if _MARK not in positions.text:
        return []
    comments = {token for token in positions.tokens() if token.startswith("#")}
    lines = positions.text.splitlines()
    found: list[Suppression] = []
    for number, text in enumerate(lines, start=1):
        match = _COMMENT.search(text) if _MARK in text else None
        if match is not None and any(comment.endswith(match[0]) for comment in comments):
            span = Span(module.path, number, match.start() + 1, number, len(text) + 1)
            own = not text[: match.start()].strip().strip("#").strip()
            found += _parsed(match, span, _next_code(lines, number) if own else number)
    return found


def _parsed(match: re.Match[str], span: Span, line: int) -> Iterator[Suppression]:
    what, reason = match["what"], match["reason"].strip(" \t:-–—")
    if what not in ("ignore", "ignore-file") or not match["codes"]:
        yield Suppression("", reason, span, None, f"it is not understood; {_FORM}")
        return
    for code in (part.strip().upper() for part in match["codes"].split(",")):
        problem = ""
        if code not in CODES:
            problem = f"there is no code {code!r}"
        elif not reason:
            problem = f"it gives no reason; {_FORM}"
        yield Suppression(code, reason, span, line if what == "ignore" else None, problem)


def _next_code(lines: list[str], number: int) -> int:
    """The next line that is no comment and not empty; the line itself at the end of the file."""
    for following in range(number, len(lines)):
        text = lines[following].strip()
        if text and not text.startswith("#"):
            return following + 1
    return number
