"""The findings as SARIF 2.1.0, which code hosts show beside the lines.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

from transpiler import __version__
from transpiler.model.codes import CODES
from transpiler.report.document import all_findings
from transpiler.report.models import FindingEntry, MigrationDocument

_LEVELS = {"manual": "error", "warning": "warning", "info": "note"}
_SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)


def sarif_json(document: MigrationDocument) -> str:
    """The log's text."""
    return json.dumps(sarif_log(document), indent=2) + "\n"


def sarif_log(document: MigrationDocument) -> dict[str, Any]:
    """The log: one run, a rule for each code that occurs, a result for each finding."""
    entries = all_findings(document)
    codes = sorted({entry.code for entry in entries})
    driver = {
        "name": "dag2zen",
        "version": __version__,
        "rules": [_rule(code) for code in codes],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {"PROJECT": {"description": {"text": "The project root."}}},
        "results": [_result(entry, codes.index(entry.code)) for entry in entries],
    }
    return {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(code: str) -> dict[str, Any]:
    entry = CODES[code]
    return {
        "id": code,
        "shortDescription": {"text": entry.title},
        "fullDescription": {"text": entry.meaning},
        "help": {"text": entry.remedy},
        "defaultConfiguration": {"level": _LEVELS[entry.severity]},
    }


def _result(entry: FindingEntry, rule: int) -> dict[str, Any]:
    physical = {
        "artifactLocation": {"uri": quote(entry.file), "uriBaseId": "PROJECT"},
        "region": {"startLine": max(entry.line, 1), "startColumn": max(entry.column, 1)},
    }
    location: dict[str, Any] = {"physicalLocation": physical}
    if entry.task_id is not None:
        location["logicalLocations"] = [{"name": entry.task_id, "kind": "task"}]
    suppressions = _suppressions(entry)
    return {
        "ruleId": entry.code,
        "ruleIndex": rule,
        "level": _LEVELS[entry.severity],
        "message": {"text": f"{entry.message}. {entry.remedy}"},
        "locations": [location],
        **({"suppressions": suppressions} if suppressions else {}),
    }


def _suppressions(entry: FindingEntry) -> list[dict[str, Any]]:
    if entry.suppressed is None:
        return []
    in_source = entry.suppressed.place.startswith(f"{entry.file}:")
    return [
        {
            "kind": "inSource" if in_source else "external",
            "status": "accepted",
            "justification": entry.suppressed.reason,
        }
    ]
