"""Foreign text inside Python source: string literals, docstrings and comments that cannot break
out.

Text of a DAG file may hold quotes, backslashes, control characters and the bidirectional controls
that make source read differently from how it runs (CVE-2021-42574). All of these are written as
escapes.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize

BIDI_CONTROLS = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_BIDI = re.compile(rf"(?P<slashes>\\*)(?P<control>[{BIDI_CONTROLS}])")


_QUOTE_BEFORE_QUOTE = re.compile(r'"(?="|\Z)')


def escape_char(char: str) -> str:
    """One character as a Python escape sequence."""
    code = ord(char)
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def visible(text: str, keep: str = "") -> str:
    """The text with everything that is not printable shown as an escape, except the characters of
    `keep`.
    """
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or c in keep else escape_char(c) for c in text)


def quoted(text: str) -> str:
    """The text as a string literal with the quotes that Black prefers: double ones, where these need
    no more escapes than single ones.
    """
    literal = repr(text)
    if literal[0] == '"' or text.count('"') > text.count("'"):
        return literal
    body = literal[1:-1].replace("\\'", "'").replace('"', '\\"')
    return f'"{body}"'


def comment_lines(text: str) -> list[str]:
    """The text as comment lines, each with its `#`; lines that already start with one keep it."""
    lines = re.split(r"\r\n|\r|\n", text.strip("\r\n"))
    shown = [visible(line.rstrip(), keep="\t") for line in lines]
    return [s.lstrip() if s.lstrip().startswith("#") else f"# {s}".rstrip() for s in shown]


def docstring(text: str) -> str:
    """The text as a triple-quoted string literal, readable, without indentation.

    It evaluates to the text without the blanks around it and at the ends of its lines; several
    lines end with a line break.
    """
    lines = [line.rstrip() for line in re.split(r"\r\n|\r|\n", text.strip())]
    body = visible("\n".join(lines).replace("\\", "\\\\"), keep="\n")
    if len(lines) > 1:
        body += "\n"
    body = _QUOTE_BEFORE_QUOTE.sub(r"\"", body)
    return f'"""{body}"""'


def without_bidi_controls(source: str) -> str:
    """Python source with bidirectional controls as escapes.

    In a string where an escape would change the value (a raw string) the character stays: it is the
    user's data, and the value must not change.
    """
    if not any(char in source for char in BIDI_CONTROLS):
        return source
    source = _clean_comments(source)
    escaped = _BIDI.sub(_escape_in_string, source)
    return escaped if _same(source, escaped) else source


def _clean_comments(source: str) -> str:
    lines = source.split("\n")
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            row, column = token.start
            line = lines[row - 1]
            end = column + len(token.string)
            lines[row - 1] = line[:column] + visible(token.string, keep="\t") + line[end:]
    return "\n".join(lines)


def _escape_in_string(match: re.Match[str]) -> str:
    slashes = match["slashes"]
    odd = len(slashes) % 2
    return slashes + "\\" * odd + escape_char(match["control"])


def _same(first: str, second: str) -> bool:
    return ast.dump(ast.parse(first)) == ast.dump(ast.parse(second))
