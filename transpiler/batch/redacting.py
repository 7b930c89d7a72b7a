"""Keeping secrets of the source out of everything that is written or printed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from transpiler.model.finding import Finding
from transpiler.report.result import FileResult

if TYPE_CHECKING:
    from transpiler.lower.redaction import Kind
    from transpiler.lower.secret_literal import SecretLiteral
    from transpiler.model.dag import DagFile

_SETTINGS = {".yaml", ".yml", ".json", ".toml", ".ini", ".cfg", ".conf", ".env", ".properties", ""}
_KINDS: dict[str, Kind] = {".py": "python", ".sql": "sql"}


def without_secrets(result: FileResult, dag_file: DagFile, root: Path) -> FileResult:
    """The result with its emitted files and findings redacted, and a finding for each secret.

    The secrets go along in the result, so that reports can be redacted as a whole.
    """
    from transpiler.lower.secrets import collect_secrets, secret_findings

    texts = {
        f"sql/{path}": text
        for pipeline in result.pipelines
        for path, text in pipeline.sql_files.items()
    }
    found = collect_secrets(dag_file.modules.values(), texts, _settings(dag_file, root))
    if not found:
        return result
    ids = [name for dag in dag_file.dags for name in (dag.dag_id, *(t.task_id for t in dag.tasks))]
    secrets = [replace(one, in_ids=any(one.value in name for name in ids)) for one in found]
    pipelines = tuple(
        replace(pipeline, findings=_redacted(pipeline.findings, secrets))
        for pipeline in result.pipelines
    )
    findings = (*_redacted(result.findings, secrets), *secret_findings(secrets))
    files = {path: _file(path, text, secrets) for path, text in result.files.items()}
    return replace(
        result, pipelines=pipelines, findings=findings, files=files, secrets=tuple(secrets)
    )


def _settings(dag_file: DagFile, root: Path) -> dict[str, str]:
    """The texts of the settings files that the DAG file reads, by path."""
    return {
        path: (root / path).read_text("utf-8", errors="replace")
        for path in dag_file.files_read
        if PurePosixPath(path).suffix in _SETTINGS and (root / path).is_file()
    }


def _file(path: str, text: str, secrets: list[SecretLiteral]) -> str:
    """The file without the secrets; a module is laid out again where that changed its lines."""
    from transpiler.emit.style import formatted
    from transpiler.lower.redaction import redact

    kind = _KINDS.get(PurePosixPath(path).suffix, "text")
    clean = redact(text, secrets, kind)
    return formatted(clean) if kind == "python" and clean != text else clean


def _redacted(findings: tuple[Finding, ...], secrets: list[SecretLiteral]) -> tuple[Finding, ...]:
    from transpiler.lower.redaction import redact

    return tuple(replace(item, message=redact(item.message, secrets)) for item in findings)
