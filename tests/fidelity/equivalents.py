"""Where the two sides put one thing in different words."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any

from runtime.assets.uris import normalized_uri
from transpiler.report.models import FileEntry
from transpiler.verify.difference import Difference

# Timetables whose schedule is plain data; what others do is code, which the document quotes.
_PLAIN_TIMETABLES = {
    "NullTimetable",
    "OnceTimetable",
    "CronDataIntervalTimetable",
    "CronTriggerTimetable",
    "DeltaDataIntervalTimetable",
    "DeltaTriggerTimetable",
}
# A field that names a template file holds the file's text in Airflow.
_FILES = (".sql", ".sh", ".bash", ".json", ".yaml", ".yml", ".j2", ".html", ".txt", ".hql", ".py")


_URI = re.compile(r"[^\s()]*://[^\s()]+")


def same_schedule(ours: Any, airflow: Any, timetable: str) -> bool:
    """Whether a schedule that the document reports as code can be no plain data in Airflow either.

    Assets beside a time are the time in the document, whose finding tells of the assets.
    """
    if timetable in _PLAIN_TIMETABLES or ours is None:
        return False
    beside = airflow.get("time") if isinstance(airflow, dict) else None
    return beside is None or beside == ours


def same_assets(ours: Any, airflow: Any) -> bool:
    """Whether two texts name the same assets: Airflow writes each URI in one way, as runs do."""
    texts = [
        _URI.sub(lambda uri: normalized_uri(uri[0]), text)
        for text in (ours, airflow)
        if isinstance(text, str)
    ]
    return len(texts) == 2 and texts[0] == texts[1]


def moving_param(difference: Difference, moments: Collection[str]) -> bool:
    """Whether a param is another at each load: `moments` are those made from the clock or at random.

    The document says so, and both sides have the same code.
    """
    kind, _, name = difference.field.partition(".")
    return kind == "params" and difference.task_id is None and name in moments


def moving(difference: Difference, file: FileEntry) -> bool:
    """Whether a start date depends on the day on which the file is read, as the document says."""
    findings = [*file.findings]
    for dag in file.dags:
        findings += dag.findings if dag.dag_id == difference.dag_id else []
    return any(
        entry.code in ("D2Z207", "D2Z216")
        and entry.severity != "info"
        and "start_date" in entry.message
        for entry in findings
    )


def same_value(field: str, ours: Any, airflow: Any) -> bool:
    """Whether a template field holds what was passed, or what Airflow makes of it."""
    if ours == airflow or _names_file(ours):
        return True
    if ours is None and airflow in ({}, [], ""):
        return True
    if field == "env_vars" and isinstance(ours, dict) and isinstance(airflow, list):
        return _variables(airflow) == ours
    if isinstance(ours, (str, int, float)) and str(ours) == str(airflow):
        return True
    return "stand-in" in str(airflow)


def _variables(models: list[Any]) -> dict[str, Any]:
    return {item["name"]: item.get("value") for item in models if isinstance(item, dict)}


def _names_file(value: Any) -> bool:
    values = value if isinstance(value, list) else [value]
    return any(isinstance(item, str) and item.endswith(_FILES) for item in values)
