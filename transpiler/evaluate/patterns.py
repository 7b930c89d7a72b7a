"""Regular expressions, where their time is sure to be short: the pattern and the text are the file's."""

from __future__ import annotations

import re
from typing import Any

from transpiler.evaluate import operations
from transpiler.evaluate.interpreter import CallSite
from transpiler.evaluate.objects import Builtin
from transpiler.evaluate.truth import is_plain

_MAX_PATTERN = 200
_MAX_TEXT = 2_000
_MAX_WORK = 10_000_000
"""Steps of a backtracking search: the text's length to the power of the repetitions."""
_QUANTIFIED_GROUP = re.compile(r"\)\s*[*+?{]")
_REPETITION = re.compile(r"[*+{]")
_PLAIN = ("sub", "findall", "split", "escape")
_MATCHING = ("match", "search", "fullmatch")


class Match:
    """What a match found: groups by number and name."""

    def __init__(self, found: re.Match[str]) -> None:
        self.found = found


def _is_short(pattern: Any, text: Any) -> bool:
    if not isinstance(pattern, str) or not isinstance(text, str):
        return False
    if len(pattern) > _MAX_PATTERN or len(text) > _MAX_TEXT or _QUANTIFIED_GROUP.search(pattern):
        return False
    repetitions = len(_REPETITION.findall(pattern))
    return bool((len(text) + 1) ** repetitions <= _MAX_WORK)


def _function(name: str) -> Builtin:
    def call(site: CallSite, *args: Any, **kwargs: Any) -> Any:
        qualified = f"re.{name}"
        texts = {"escape": 0, "sub": 2}.get(name, 1)
        known = all(map(is_plain, (*args, *kwargs.values()))) and len(args) > texts
        if not known or not (name == "escape" or _is_short(args[0], args[texts])):
            return site.call_mark(qualified, args, kwargs)
        found = operations.attempt(lambda: getattr(re, name)(*args, **kwargs), site.node)
        if isinstance(found, str):
            site.ip.budget.size(len(found), "a string")
        return Match(found) if isinstance(found, re.Match) else found

    return Builtin(f"re.{name}", call, wants_site=True)


def match_attribute(match: Match, name: str) -> Any:
    """`match.group(…)` and the like; None for what is not evaluated."""
    if name not in ("group", "groups", "groupdict", "start", "end", "span"):
        return None
    method = getattr(match.found, name)
    return Builtin(name, lambda *args: operations.attempt(lambda: method(*args)))


KNOWN: dict[str, Any] = {f"re.{name}": _function(name) for name in (*_PLAIN, *_MATCHING)}
