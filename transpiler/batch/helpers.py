"""Files without a DAG that other DAG files import: modules of the project, not failures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from transpiler.model.finding import Finding
from transpiler.report.result import FileResult

NO_DAG = "D2Z106"


def with_helpers(results: Sequence[FileResult]) -> list[FileResult]:
    """The results, where a file that makes no DAG but is read by those that do needs nobody.

    A search of a folder finds such modules, and Airflow finds no DAG in them either. What nobody
    imports may be a DAG file whose DAG hangs on a condition, and stays a failure.
    """
    users: dict[str, set[str]] = {}
    for result in results:
        if result.pipelines:
            for module in result.modules:
                users.setdefault(module, set()).add(result.path)
    return [_judged(result, users.get(result.path, set())) for result in results]


def _judged(result: FileResult, users: set[str]) -> FileResult:
    alone = {item.code for item in result.findings if item.severity == "manual"} == {NO_DAG}
    if result.pipelines or not users or not alone:
        return result
    findings = tuple(
        _accepted(item, users) if item.code == NO_DAG else item for item in result.findings
    )
    return replace(result, error=None, findings=findings)


def _accepted(item: Finding, users: set[str]) -> Finding:
    first, *others = sorted(users)
    more = f" and {len(others)} more" if others else ""
    message = f"a module without a DAG of its own, which {first}{more} reads"
    return replace(item, severity="info", message=message, remedy="Nothing is to be done.")
