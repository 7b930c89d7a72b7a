"""The published JSON Schema of the document."""

from __future__ import annotations

import json
from typing import Any

from transpiler.report.models import MigrationDocument


def document_schema() -> dict[str, Any]:
    """The schema, draft 2020-12."""
    schema = MigrationDocument.model_json_schema(mode="serialization")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def schema_json() -> str:
    """Content of docs/migration.schema.json."""
    return json.dumps(document_schema(), indent=2) + "\n"
