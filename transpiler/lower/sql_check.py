"""Checking SQL: rendered with sample values, then parsed in the dialect of its database."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import jinja2

from transpiler.lower.sample_context import SAMPLE, Sample, sample_context
from transpiler.lower.template_check import KnownNames, TemplatePlace, check_template
from transpiler.lower.template_sandbox import BoundedEnvironment
from transpiler.model.finding import Finding, finding

DIALECT = "snowflake"
MAX_PARSED = 200_000
"""Characters of rendered SQL that are parsed."""
MAX_BRACKETS = 40
_BINDING = re.compile(r"%\((\w+)\)s")
_SCRIPTING = re.compile(
    r"\b(DECLARE|LET|BEGIN\s+(?!;|TRANSACTION|WORK|NAME)\w|EXECUTE\s+IMMEDIATE|EXCEPTION\s+WHEN|LANGUAGE\s+SQL)\b",
    re.IGNORECASE,
)
"""Signs of Snowflake Scripting, which the parser does not know."""
_CHANGES = frozenset({"Insert", "Update", "Delete", "Merge", "Copy", "Command"})
_BRACKETS = re.compile(r"[()\[\]]")


@dataclass(frozen=True)
class CheckedSql:
    """Findings, and the kind of each statement (a class of sqlglot) where the text was parsed."""

    findings: list[Finding]
    kinds: tuple[str, ...] | None = None

    @property
    def is_one_change(self) -> bool:
        """Whether it does not matter if each statement commits by itself.

        At most one of them changes rows, or the text opens its own transaction.
        """
        if self.kinds is None:
            return False
        return "Transaction" in self.kinds or sum(kind in _CHANGES for kind in self.kinds) <= 1


def check_sql(
    text: str,
    place: TemplatePlace,
    known: KnownNames,
    *,
    dag_id: str,
    includes: Mapping[str, str] | None = None,
    bound: bool = False,
    dialect: str | None = DIALECT,
) -> CheckedSql:
    """What is wrong with SQL text: its template (D2Z404, D2Z405), or what it renders to (D2Z403).

    `includes` are the templates that it may include; `bound` tells that values are bound to `%s` or
    `%(name)s`; `dialect` is sqlglot's name of the database. What does not parse is wrong on
    Snowflake; of the others the parser does not know every statement, and nothing is parsed for
    None.
    """
    findings = check_template(text, place, known)
    if any(found.severity == "manual" for found in findings):
        return CheckedSql(findings)
    environment = BoundedEnvironment(includes, dict.fromkeys(known.filters, str))
    try:
        rendered = environment.bounded(text, _context(place, known, dag_id))
    # Sample values may fit a template badly, and it may raise anything: nothing is concluded.
    except Exception as error:
        return CheckedSql([*findings, _not_checked(place, _cause(error))])
    if dialect is None:
        return CheckedSql(findings)
    parsed = _parse(_without_bindings(rendered, bound), place, dialect)
    return CheckedSql([*findings, *parsed.findings], parsed.kinds)


def _context(place: TemplatePlace, known: KnownNames, dag_id: str) -> dict[str, Any]:
    filled: dict[str, Any] = _SampleParams(known.params or {})
    own = {name: Sample() for name in known.macros}
    return {**own, **sample_context(dag_id, place.task_id or "task", {}), "params": filled}


class _SampleParams(dict[str, Any]):
    """Params; one without a default is a sample, as it has a finding already."""

    def __missing__(self, key: str) -> Any:
        return Sample()


def _cause(error: Exception) -> str:
    if isinstance(error, jinja2.TemplateNotFound):
        return f"it includes {error.name!r}, which is not found"
    return f"rendering it with sample values fails: {type(error).__name__}: {error}"


def _not_checked(place: TemplatePlace, cause: str) -> Finding:
    return finding(
        "D2Z403",
        place.at(1),
        f"the SQL was not checked: {cause}",
        task_id=place.task_id,
        severity="warning",
        remedy="Look at the emitted SQL file.",
    )


def _without_bindings(sql: str, bound: bool) -> str:
    """The connector's placeholders as values, which the parser can read."""
    if not bound:
        return sql
    return _BINDING.sub("NULL", sql).replace("%s", "NULL").replace("%%", "%")


def _parse(sql: str, place: TemplatePlace, dialect: str) -> CheckedSql:
    if not sql.strip():
        empty = finding("D2Z403", place.at(1), "the SQL is empty", task_id=place.task_id)
        return CheckedSql([empty])
    if len(sql) > MAX_PARSED or _depth(sql) > MAX_BRACKETS:
        return CheckedSql([_not_checked(place, "it is too large or nested too deeply")])
    import sqlglot
    from sqlglot.errors import SqlglotError

    logger = logging.getLogger("sqlglot")
    level = logger.level
    # It warns of statements that it keeps as plain commands, which are no errors.
    logger.setLevel(logging.CRITICAL)
    try:
        statements = sqlglot.parse(sql, read=dialect)
    except SqlglotError as error:
        return CheckedSql([_does_not_parse(sql, error, place, dialect)])
    except RecursionError:
        return CheckedSql([_not_checked(place, "it is nested too deeply")])
    finally:
        logger.setLevel(level)
    return CheckedSql([], tuple(type(statement).__name__ for statement in statements if statement))


def _does_not_parse(sql: str, error: Exception, place: TemplatePlace, dialect: str) -> Finding:
    details = getattr(error, "errors", None) or [{}]
    line = details[0].get("line") or 1
    cause = details[0].get("description") or str(error).split("\n")[0]
    near = details[0].get("highlight")
    shown = f" near {near!r}" if near else ""
    if _SCRIPTING.search(sql):
        return _not_checked(place, f"it is Snowflake Scripting ({cause})")
    if dialect != DIALECT:
        return _not_checked(place, f"the parser of {dialect} does not know it ({cause}{shown})")
    if SAMPLE in sql:
        return _not_checked(place, f"a part of it is known at run time only ({cause}{shown})")
    detail = f"{cause}{shown}, in line {line} of the SQL rendered with sample values"
    return finding("D2Z403", place.at(1), detail, task_id=place.task_id)


def _depth(sql: str) -> int:
    depth = deepest = 0
    for bracket in _BRACKETS.finditer(sql):
        depth += 1 if bracket[0] in "([" else -1
        deepest = max(deepest, depth)
    return deepest
