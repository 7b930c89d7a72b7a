"""What the compile service hands to the reports: one result for each file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from transpiler.lower.secret_literal import SecretLiteral
from transpiler.model.account import Construct
from transpiler.model.finding import Finding
from transpiler.model.pipeline import PipelineModel
from transpiler.model.suppression import Suppression


@dataclass(frozen=True, slots=True)
class FileResult:
    """One source file: its pipelines, and the findings that belong to no DAG.

    `path` is relative to the project root with forward slashes; `error` says why the file as a
    whole was not read, or is None.
    """

    path: str
    error: str | None
    pipelines: tuple[PipelineModel, ...] = ()
    findings: tuple[Finding, ...] = ()
    files: Mapping[str, str] = field(default_factory=dict)
    """The emitted files: text by path below the output folder."""
    secrets: tuple[SecretLiteral, ...] = ()
    """Secrets of the source; no report may show them."""
    suppressions: tuple[Suppression, ...] = ()
    """What comments of the source accept."""
    account: tuple[Construct, ...] = ()
    """Every construct of the source and what became of it."""
    sources: Mapping[str, str] = field(default_factory=dict)
    """The source files as reports show them, without secrets; only where files were emitted."""

    modules: tuple[str, ...] = ()
    """The files of the project that were read for it, its own among them."""

    @property
    def all_findings(self) -> tuple[Finding, ...]:
        """The file's findings and those of its DAGs."""
        return (*self.findings, *(f for pipeline in self.pipelines for f in pipeline.findings))
