"""The patterns of the migration guide convert, and the page shows what they become."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

import pytest

DOCS = Path(__file__).parents[2] / "docs"
HOOK: dict[str, Any] = runpy.run_path(str(DOCS / "hooks" / "patterns.py"))
TEXT = (DOCS / "migration-guide.md").read_text(encoding="utf-8")
PATTERNS: list[str] = HOOK["PATTERN"].findall(TEXT)


def test_there_is_one_for_each_section() -> None:
    assert len(PATTERNS) == TEXT.count("\n## ") == TEXT.count("**What changes:**")


@pytest.mark.parametrize("pattern", PATTERNS)
def test_it_converts(pattern: str) -> None:
    result = HOOK["transpiled"](pattern)
    (pipeline,) = result.pipelines
    found = [*result.findings, *pipeline.findings]
    assert [f"{f.code} {f.message}" for f in found if f.severity == "manual"] == []
    shown = HOOK["with_output"](f'```python title="Airflow" pattern\n{pattern}```\n')
    assert shown.index('title="Airflow"') < shown.index('title="ZenML"')
    assert f"\ndef {pipeline.identifier}(run: RunContext) -> None:\n" in shown
