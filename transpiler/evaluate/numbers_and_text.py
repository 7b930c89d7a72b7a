"""Builtins on numbers and text whose results could be large, and those that need no care."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

from transpiler.evaluate import operations
from transpiler.evaluate.interpreter import CallSite
from transpiler.evaluate.iterators import take_all
from transpiler.evaluate.truth import OneShot, is_plain, truth

PURE: dict[str, Callable[..., Any]] = {
    "abs": abs,
    "ascii": ascii,
    "bin": bin,
    "chr": chr,
    "complex": complex,
    "divmod": divmod,
    "float": float,
    "hex": hex,
    "int": int,
    "max": max,
    "min": min,
    "oct": oct,
    "ord": ord,
    "repr": repr,
    "round": round,
    "slice": slice,
}
_CODECS = frozenset({"ascii", "latin-1", "iso-8859-1", "utf-8", "utf8", "utf-16", "utf-32"})
"""Encodings whose time grows with the text's length only."""


def safe_codec(arguments: tuple[Any, ...]) -> bool:
    """Whether the arguments of `encode` or `decode` name an encoding that is evaluated."""
    return not arguments or (
        isinstance(arguments[0], str) and arguments[0].lower().replace("_", "-") in _CODECS
    )


def make_range(site: CallSite, *args: Any) -> Any:
    """`range(…)`; a range as long as no file needs is refused at once."""
    if not all(map(is_plain, args)):
        return site.symbolic("a bound of the range is not known")
    made = operations.attempt(lambda: range(*args), site.node)
    if made:
        site.ip.budget.size(abs(made[-1] - made[0]) // abs(made.step) + 1, "a range")
    return made


def make_bool(site: CallSite, value: Any = False) -> Any:
    """`bool(…)`."""
    known = truth(value)
    return site.symbolic("the value is not known") if known is None else known


def add_up(site: CallSite, value: Any, start: Any = 0) -> Any:
    """`sum(…)`; sums of lists in one pass."""
    if not is_plain(value) or not is_plain(start):
        return site.symbolic("an item is not known")
    if isinstance(value, OneShot):
        value = take_all(site.ip, value)
    lists = isinstance(start, list) and not isinstance(value, (str, bytes))
    if lists and all(isinstance(part, list) for part in value):
        site.ip.budget.size(sum(map(len, value)))
        return list(itertools.chain(start, *value))
    return operations.attempt(lambda: sum(value, start), site.node)


def format_value(site: CallSite, value: Any, spec: Any = "") -> Any:
    """`format(value, spec)`."""
    if not is_plain(value) or not isinstance(spec, str):
        return site.symbolic("the value is not known")
    operations.guard_format("spec", spec, site.ip.budget)
    return operations.attempt(lambda: format(value, spec), site.node)


def make_bytes(site: CallSite, value: Any = b"", *args: Any) -> Any:
    """`bytes(…)` of text, bytes or a list of numbers."""
    if not is_plain(value) or isinstance(value, int) or not safe_codec(args):
        return site.symbolic("the bytes are not evaluated")
    if isinstance(value, str):
        return operations.attempt(lambda: value.encode(*args), site.node)
    return operations.attempt(lambda: bytes(value), site.node)
