"""Which finding of the document tells the user of a difference."""

from __future__ import annotations

from collections.abc import Iterator

from transpiler.report.models import FileEntry, FindingEntry
from transpiler.verify.airflow_fields import SCHEDULE_CODES
from transpiler.verify.difference import Difference

# Read only in part: the rest depends on a run, on a module that is not there, or is over a limit.
SYMBOLIC = {"D2Z108", "D2Z110", "D2Z111", "D2Z116"}
STRUCTURE = SYMBOLIC | {"D2Z101", "D2Z102", "D2Z104", "D2Z106", "D2Z107", "D2Z109"}
STRUCTURE |= {"D2Z112", "D2Z113", "D2Z114", "D2Z115", "D2Z119"}
_UNKNOWN = "D2Z216"
# Findings that speak of one field alone.
_OF_FIELD = {
    "schedule": {*SCHEDULE_CODES, "D2Z211"},
    "start_date": {"D2Z207"},
    "catchup": {"D2Z211"},
    "mapped": {"D2Z202"},
    "retries": {"D2Z208"},
    "retry_delay_seconds": {"D2Z208"},
    "trigger_rule": {"D2Z213"},
}
_STRUCTURAL_FIELDS = {"dag_id", "task_id", "upstream", "group", "mapped"}


def explanation(difference: Difference, file: FileEntry) -> FindingEntry | None:
    """The first finding that says so, or None: then the user is not told."""
    field = difference.field.partition(".")[0]
    for finding in _near(difference, file):
        if finding.severity == "info":
            continue
        if finding.code in _OF_FIELD.get(field, ()):
            return finding
        if field in _STRUCTURAL_FIELDS and finding.code in STRUCTURE:
            return finding
        if finding.code in {_UNKNOWN, *STRUCTURE} and _names(finding, difference):
            return finding
    if field == "dag_id":
        return _unread(file) or _subdag(difference, file)
    return None


def _unread(file: FileEntry) -> FindingEntry | None:
    """The finding that the document gives as the reason why nothing of the file was read."""
    found = (entry for entry in file.findings if file.error == f"{entry.code}: {entry.message}")
    return next(found, None)


def _subdag(difference: Difference, file: FileEntry) -> FindingEntry | None:
    """A finding of the SubDagOperator whose own DAG Airflow lists beside the one that it is in."""
    parent, _, task_id = difference.dag_id.rpartition(".")
    found = (entry for dag in file.dags if dag.dag_id == parent for entry in dag.findings)
    return next((entry for entry in found if entry.task_id == task_id), None)


def _near(difference: Difference, file: FileEntry) -> Iterator[FindingEntry]:
    """Findings of the file, and of the DAG, that concern the task or no single task."""
    found = list(file.findings)
    for dag in file.dags:
        if dag.dag_id == difference.dag_id or difference.field == "dag_id":
            found += dag.findings
    for finding in found:
        if finding.task_id is None or finding.task_id == difference.task_id:
            yield finding


def _names(finding: FindingEntry, difference: Difference) -> bool:
    """Whether the message names the field, or the task as a whole."""
    field = difference.field.removesuffix("_seconds").replace("params.", "")
    names = {field, field.replace("_", " ")} | (
        {"params"} if "params." in difference.field else set()
    )
    return any(name in finding.message for name in names)
