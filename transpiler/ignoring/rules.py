"""One `.airflowignore` file as rules, in the order of its lines."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from transpiler.ignoring.globs import ANY_FOLDER, glob_regex

Syntax = Literal["regexp", "glob"]
_COMMENT = re.compile(r"\s*#.*")
_ONLY_PYTHON = re.compile(r"\(\?(?:[=!>]|<[=!]|P=|\()|\\[1-9]|[*+?}]\+")
"""What RE2, by which Airflow 2 matches, has not."""
_STARS = re.compile(r"^(?:\^?\.\*)+|(?:(?<!\\)\.\*\$?)+$")
_QUANTIFIED_GROUP = re.compile(r"\)[*+{]")
_REPETITION = re.compile(r"[*+{]")
_MAX_PATTERN = 1_000


@dataclass(frozen=True)
class Rule:
    """A line that is a pattern. `relative`: it is held against the path from the ignore file's
    folder (glob) or from the DAGs folder (regexp), else against the last name alone.
    """

    line: int
    text: str
    expression: re.Pattern[str]
    syntax: Syntax
    ignores: bool = True
    relative: bool = True
    only_folders: bool = False

    @property
    def repetitions(self) -> int:
        """To which power of the path's length a search may take time."""
        return len(_REPETITION.findall(self.expression.pattern))


@dataclass(frozen=True)
class Unusable:
    """A line that leaves nothing out, and why."""

    line: int
    text: str
    why: str


def rules_of(text: str, syntax: Syntax, airflow: int) -> Iterator[Rule | Unusable]:
    """The lines of an ignore file. `airflow` is the major version, as 2 matches by RE2.

    Follows airflow/utils/file.py of Airflow 2.10 and airflow/_shared/module_loading/file_discovery.py
    of 3.3.
    """
    for number, line in enumerate(text.split("\n"), start=1):
        pattern = _COMMENT.sub("", line.rstrip("\r"))
        if pattern:
            made = _glob if syntax == "glob" else _regexp
            yield from made(number, pattern, airflow)


def _regexp(number: int, pattern: str, airflow: int) -> Iterator[Rule | Unusable]:
    if airflow < 3 and _ONLY_PYTHON.search(pattern):
        yield Unusable(number, pattern, "Airflow 2 has no such pattern, and passes over it")
        return
    # A search does not need what may be anything at the ends.
    yield from _rule(Rule(number, pattern, re.compile(""), "regexp"), _STARS.sub("", pattern))


def _glob(number: int, pattern: str, airflow: int) -> Iterator[Rule | Unusable]:
    negated = pattern.startswith("!")
    bare = pattern.lstrip("!") if negated else pattern
    expression = glob_regex(pattern[1:] if negated else pattern)
    if expression is None:
        if pattern.strip():
            yield Unusable(number, pattern, "it is no pattern of git's ignore files")
        return
    if airflow < 3 and expression == ANY_FOLDER:
        yield Unusable(number, pattern, "Airflow 2 leaves nothing out by it")
        return
    relative = pattern.startswith("/") or "/" in pattern.rstrip("/")
    folders = airflow >= 3 and bare.rstrip().endswith("/")
    rule = Rule(number, pattern, re.compile(""), "glob", not negated, relative, folders)
    yield from _rule(rule, expression)


def _rule(rule: Rule, expression: str) -> Iterator[Rule | Unusable]:
    if len(expression) > _MAX_PATTERN or _is_costly(rule, expression):
        yield Unusable(rule.line, rule.text, "matching it could take too long, so it is not used")
        return
    try:
        with warnings.catch_warnings():
            # What a later Python may read otherwise is the business of whoever wrote the pattern.
            warnings.simplefilter("ignore", FutureWarning)
            compiled = re.compile(expression)
    except re.error as error:
        yield Unusable(rule.line, rule.text, f"it is no regular expression: {error}")
        return
    yield Rule(
        rule.line, rule.text, compiled, rule.syntax, rule.ignores, rule.relative, rule.only_folders
    )


def _is_costly(rule: Rule, expression: str) -> bool:
    return rule.syntax == "regexp" and _QUANTIFIED_GROUP.search(expression) is not None
