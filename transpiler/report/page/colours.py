"""Which parts of code have a colour: a few kinds of token, found by one pattern for each language.

The kinds are classes of the page's style: comments and docstrings `c`, strings `s`, numbers and
constants `n`, keywords and keys `k`, decorators `d`, names being defined `f`. Lexers of a library
take longer to load than the page to make, and tell more kinds apart than a page has colours.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterator

_CONSTANTS = ("None", "True", "False")
_SQL_WORDS = (
    "all alter and as asc begin between by call case commit copy create cross current database default "
    "delete desc distinct drop else end exists explain false file fetch first following for format from full "
    "function grant group having if ignore ilike in inner insert intersect interval into is join lateral left "
    "like limit match_recognize materialized merge minus natural not null nulls offset on or order outer over "
    "overwrite partition pivot preceding primary qualify range recursive references rename replace revoke "
    "right rollback row rows sample schema select sequence set show stage start table task temporary then to "
    "transaction transient true truncate union unique unpivot update use using values view warehouse when "
    "where window with within"
).split()


def _words(words: list[str]) -> str:
    return rf"\b(?:{'|'.join(words)})\b"


_TRIPLE = r'"""[\s\S]*?(?:"""|\Z)|' + r"'''[\s\S]*?(?:'''|\Z)"
_QUOTED = r'"(?:[^"\\\n]|\\[\s\S])*"?|' + r"'(?:[^'\\\n]|\\[\s\S])*'?"
_PATTERNS = {
    "py": re.compile(
        rf"(?P<c>#[^\n]*|^[ \t]*(?:{_TRIPLE}))"
        rf"|(?P<s>(?:\b[rbuftRBUFT]{{1,2}})?(?:{_TRIPLE}|{_QUOTED}))"
        r"|(?P<d>^[ \t]*@[\w.]+)"
        r"|(?P<f>(?<=\bdef )\w+|(?<=\bclass )\w+)"
        rf"|(?P<n>{_words(list(_CONSTANTS))}|\b\d[\w.]*)"
        rf"|(?P<k>{_words([word for word in keyword.kwlist if word not in _CONSTANTS])})",
        re.MULTILINE,
    ),
    "sql": re.compile(
        r"(?P<c>--[^\n]*|/\*[\s\S]*?(?:\*/|\Z))"
        r"""|(?P<s>'(?:[^'\\]|\\[\s\S]|'')*'?|"[^"\n]*"?)"""
        r"|(?P<n>\b\d[\d.]*\b)"
        rf"|(?P<k>{_words(_SQL_WORDS)})",
        re.IGNORECASE,
    ),
    "yaml": re.compile(
        r"(?P<c>(?:^|(?<=\s))#[^\n]*)"
        r"|(?P<k>^[ \t]*(?:- +)*[^\s#'\"{}\[\],&*!|>%@:-][^\n:#]*(?=:(?:\s|$)))"
        rf"|(?P<s>{_QUOTED})",
        re.MULTILINE,
    ),
}


def coloured(text: str, language: str) -> Iterator[tuple[str, str]]:
    """The text in pieces, each with its kind; an empty kind has no colour. `language` is the suffix
    of a file; text of a language that is not known is one piece.
    """
    pattern = _PATTERNS.get(language)
    end = 0
    for match in pattern.finditer(text) if pattern is not None else ():
        if match.start() > end:
            yield "", text[end : match.start()]
        yield match.lastgroup or "", match[0]
        end = match.end()
    if end < len(text):
        yield "", text[end:]
