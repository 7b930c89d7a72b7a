"""The fixtures, transpiled once for each process that asks."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from transpiler.config import load_migration_config
from transpiler.report.result import FileResult
from transpiler.service import analyse

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "fixtures_dags"
FILES = sorted(FOLDER.glob("*.py"))
LTV = "tran-ds-ltv-acquisition-be-inference"


@lru_cache(maxsize=1)
def results() -> dict[str, FileResult]:
    """Result of each fixture by its file's stem."""
    config = load_migration_config(FOLDER / "migration.yaml", ROOT)
    found = analyse(FILES, project_root=ROOT, config=config, jobs=1, emit=True)
    return {Path(result.path).stem: result for result in found}
