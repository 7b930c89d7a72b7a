"""What was found in a source, counted."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.fidelity.comparing import GRAPH_FIELDS, Found
from tests.fidelity.explaining import SYMBOLIC
from tests.fidelity.reading import Reading
from tests.fidelity.sources import Source


@dataclass(frozen=True)
class FileResult:
    """One file: our reading, Airflow's facts and the differences."""

    part: str
    reading: Reading
    facts: dict[str, Any]
    found: tuple[Found, ...]

    @property
    def loads(self) -> bool:
        """Whether Airflow loads the file and finds a DAG in it."""
        return not self.facts["error"] and bool(self.facts["dags"])

    @property
    def symbolic(self) -> bool:
        """Whether the document says that the file's structure was not read to its end."""
        entries = [*self.reading.file.findings]
        entries += [finding for dag in self.reading.file.dags for finding in dag.findings]
        return any(entry.code in SYMBOLIC for entry in entries)

    @property
    def crashed(self) -> bool:
        """Whether this tool failed on the file."""
        return any(entry.code == "D2Z119" for entry in self.reading.file.findings)

    def dag_ids(self) -> set[str]:
        """Ids of Airflow's DAGs."""
        return {dag["dag_id"] for dag in self.facts["dags"]}

    def differing(self, fields: set[str] | None = None, *, silent: bool = False) -> set[str]:
        """Ids of DAGs with differences: in these fields, or such that no finding tells of."""
        return {
            found.difference.dag_id
            for found in self.found
            if (fields is None or found.difference.field in fields)
            and not (silent and found.code is not None)
        }


@dataclass(frozen=True)
class SourceResult:
    """A source and its files."""

    source: Source
    files: tuple[FileResult, ...]

    def counts(self) -> dict[str, int]:
        """The numbers of the table's row."""
        loaded = [file for file in self.files if file.loads]
        return {
            "files": len(self.files),
            "loaded": len(loaded),
            "with_stand_ins": sum(bool(file.facts["stand_ins"]) for file in loaded),
            "dags": sum(len(file.dag_ids()) for file in loaded),
            "graph": sum(len(file.dag_ids() - file.differing(GRAPH_FIELDS)) for file in loaded),
            "every_field": sum(len(file.dag_ids() - file.differing()) for file in loaded),
            "symbolic": sum(file.symbolic for file in self.files),
            "crashes": sum(file.crashed for file in self.files),
            "silent": sum(len(file.differing(silent=True)) for file in loaded),
        }

    def summary(self) -> str:
        """Counts as a line of text."""
        slowest = max(self.files, key=lambda file: file.reading.seconds)
        counts = " ".join(f"{name}={number}" for name, number in self.counts().items())
        name = slowest.reading.file.path
        return f"{self.source.name}: {counts} slowest={slowest.reading.seconds:.2f}s {name}"


def write_json(result: SourceResult, folder: Path) -> None:
    """All differences of a source, for those who mend them."""
    folder.mkdir(parents=True, exist_ok=True)
    document = {
        "source": result.source.name,
        "counts": result.counts(),
        "fields": Counter(
            f"{found.field} {found.code or 'SILENT'}"
            for file in result.files
            for found in file.found
        ),
        "files": [_file(file) for file in result.files if file.found or file.facts["error"]],
    }
    text = json.dumps(document, indent=1, default=str)
    (folder / f"{result.source.name}.json").write_text(text, encoding="utf-8")


def _file(file: FileResult) -> dict[str, Any]:
    return {
        "path": str(file.reading.path),
        "airflow": file.facts["airflow"],
        "stand_ins": file.facts["stand_ins"],
        "airflow_error": file.facts["error"],
        "our_error": file.reading.file.error,
        "our_findings": [
            f"{entry.code} {entry.line}:{entry.column} {entry.message}"
            for entry in file.reading.file.findings
        ],
        "differences": [
            {
                "dag": found.difference.dag_id,
                "task": found.difference.task_id,
                "field": found.difference.field,
                "ours": found.difference.expected,
                "airflow": found.difference.found,
                "finding": found.code and f"{found.code} {found.message}",
            }
            for found in file.found
        ],
    }
