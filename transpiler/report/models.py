"""The models of `migration.json`, the document that `assess --format json` prints too.

The schema is published as docs/migration.schema.json. Within one `schema_version` fields are only
added.
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from transpiler.model.account import ConstructKind

SCHEMA_VERSION: Literal["1.1"] = "1.1"


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


class Source(_Entry):
    """A place in the source file; both count from 1."""

    line: int
    column: int


class SuppressedEntry(_Entry):
    """Why a finding is accepted, and the place that says so."""

    reason: str
    place: str


class FindingEntry(_Entry):
    """A coded remark; `manual` means not equivalent until a person acts."""

    code: str = Field(pattern=r"^D2Z\d{3}$")
    severity: Literal["info", "warning", "manual"]
    message: str
    remedy: str
    file: str = Field(description="Relative to the project root; for D2Z5xx to the output folder.")
    line: int
    column: int
    task_id: str | None
    suppressed: SuppressedEntry | None = Field(
        default=None, description="Why it is accepted; such a finding is in no count of severities."
    )


class TaskEntry(_Entry):
    """One Airflow task and what became of it."""

    task_id: str = Field(description="Airflow's id, with the prefix of its groups.")
    operator: str = Field(description="Qualified name of the operator in Airflow.")
    step: str = Field(description="Qualified name of the step, or its name in the steps module.")
    steps: list[str] = Field(description="Ids of the steps that are this task, itself included.")
    upstream: list[str]
    trigger_rule: str
    retries: int
    retry_delay_seconds: float
    execution_timeout_seconds: float | None
    mapped: bool
    group: str | None
    disposition: Literal["mapped", "approximated", "not_needed", "manual"]
    source: Source
    kind: Literal["task", "branch", "short_circuit", "map", "map_kwargs"] = Field(
        default="task", description="How a dynamic pipeline notes the task."
    )
    setup: bool = False
    teardown: bool = False
    waits_for: list[str] = Field(default=[], description="DAGs whose runs the task waits for.")
    triggers: list[str] = Field(default=[], description="DAGs that the task starts.")
    updates: list[str] = Field(
        default=[], description="Assets that the task updates: URIs, names, `alias(…)`."
    )


class DagEntry(_Entry):
    """One DAG and the pipeline that it became."""

    dag_id: str
    pipeline: str | None = Field(
        description="Path of the pipeline module below the output folder; null without tasks."
    )
    mode: Literal["static", "dynamic"]
    mode_reason: str
    schedule: str | None
    start_date: str | None
    catchup: bool
    tags: list[str]
    params: dict[str, JsonValue]
    tasks: list[TaskEntry]
    findings: list[FindingEntry]
    source: Source
    starts_by: list[str] = Field(
        default=[], description="Assets of the schedule's condition: URIs, names, `alias(…)`."
    )


class PlaceEntry(_Entry):
    """A place in the output. Lines are known while the files are written, and not in the JSON text."""

    file: str = Field(description="Below the output folder.")
    what: str
    line: int | None = None
    end_line: int | None = None


class ConstructEntry(_Entry):
    """One construct of the source and what became of it."""

    kind: ConstructKind
    name: str
    text: str = Field(description="The first line of the source, cut to a readable length.")
    file: str
    line: int
    column: int
    end_line: int
    end_column: int
    disposition: Literal["mapped", "approximated", "not_needed", "manual"]
    codes: list[str] = Field(description="Empty only where the construct is mapped.")
    note: str = ""
    dags: list[str] = Field(description="DAGs that it is part of; empty for the whole file.")
    tasks: list[str] = Field(default=[], description="Tasks that a construct of kind task makes.")
    output: list[PlaceEntry] = []


class Coverage(_Entry):
    """How many constructs have which disposition; the four add up to `constructs`."""

    constructs: int = 0
    mapped: int = 0
    approximated: int = 0
    not_needed: int = 0
    manual: int = 0
    share_mapped: float = Field(
        default=0.0, description="What needs nobody: mapped or not needed, of all; 0 for nothing."
    )


class FileEntry(_Entry):
    """One source file; `findings` are those that belong to no DAG."""

    path: str = Field(description="Relative to the project root, forward slashes.")
    error: str | None = Field(description="Why the file as a whole was not read.")
    dags: list[DagEntry]
    findings: list[FindingEntry]
    account: list[ConstructEntry] = Field(
        default=[], description="Every construct of the source once, in the order of the source."
    )
    coverage: Coverage = Coverage()


class OperatorCount(_Entry):
    """An operator with tasks that need a person."""

    operator: str
    tasks: int
    dags: int


class Totals(_Entry):
    """Counts over the whole document."""

    files: int
    files_with_error: int
    dags: int
    tasks: int
    tasks_by_disposition: dict[str, int]
    findings_by_severity: dict[str, int]
    findings_suppressed: int = 0
    blocking_operators: list[OperatorCount]
    coverage: Coverage = Field(
        default=Coverage(), description="What several files share is counted once."
    )
    manual_points: int = Field(
        default=0, description="Places where a person must act: constructs, and files not read."
    )


class MigrationDocument(_Entry):
    """What `dag2zen` read, what became of it, and what is left to do."""

    schema_version: Literal["1.0", "1.1"] = SCHEMA_VERSION
    generator: str = Field(description="Name and version of the tool that wrote the document.")
    totals: Totals
    files: list[FileEntry]
    findings: list[FindingEntry] = Field(
        description="Findings of the run as a whole: output files, paths that were not found."
    )
