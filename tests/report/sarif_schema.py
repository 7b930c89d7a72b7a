"""What SARIF 2.1.0 asks of the parts that the report has, as a JSON Schema.

Written after the standard: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html,
section 3. Objects have the properties that are used here and no others, so that a misspelled one is
found.
"""

from __future__ import annotations

from typing import Any


def _object(required: str = "", **properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": required.split(),
        "additionalProperties": False,
    }


def _list(items: Any, **more: Any) -> dict[str, Any]:
    return {"type": "array", "items": items, **more}


_TEXT = {"type": "string"}
_MESSAGE = _object("text", text=_TEXT)
_LEVEL = {"enum": ["none", "note", "warning", "error"]}
_ONE_OR_MORE = {"type": "integer", "minimum": 1}
_INDEX = {"type": "integer", "minimum": -1}
_URI = {"type": "string", "pattern": r"^[^\s<>\"{}|\\^`]*$"}
_ARTIFACT = _object(uri=_URI, uriBaseId=_TEXT, description=_MESSAGE)
_REGION = _object(startLine=_ONE_OR_MORE, startColumn=_ONE_OR_MORE)
_LOCATION = _object(
    physicalLocation=_object("artifactLocation", artifactLocation=_ARTIFACT, region=_REGION),
    logicalLocations=_list(_object(name=_TEXT, kind=_TEXT)),
)
_SUPPRESSION = _object(
    "kind",
    kind={"enum": ["inSource", "external"]},
    status={"enum": ["accepted", "underReview", "rejected"]},
    justification=_TEXT,
)
_RESULT = _object(
    "message",
    ruleId=_TEXT,
    ruleIndex=_INDEX,
    level=_LEVEL,
    message=_MESSAGE,
    locations=_list(_LOCATION),
    suppressions=_list(_SUPPRESSION, uniqueItems=True),
)
_RULE = _object(
    "id",
    id=_TEXT,
    shortDescription=_MESSAGE,
    fullDescription=_MESSAGE,
    help=_MESSAGE,
    defaultConfiguration=_object(level=_LEVEL),
)
_DRIVER = _object("name", name=_TEXT, version=_TEXT, rules=_list(_RULE, uniqueItems=True))
_RUN = _object(
    "tool",
    tool=_object("driver", driver=_DRIVER),
    columnKind={"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
    originalUriBaseIds={"type": "object", "additionalProperties": _ARTIFACT},
    results=_list(_RESULT),
)
SARIF: dict[str, Any] = {
    "$schema": "http://json-schema.org/draft-07/schema#",
    **_object("version runs", version={"const": "2.1.0"}, runs=_list(_RUN), **{"$schema": _TEXT}),
}
