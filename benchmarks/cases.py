"""What is measured: two floors and the commands that stand on them."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LTV_DAG = ROOT / "fixtures_dags" / "tran-ds-ltv-acquisition-be-inference.py"


@dataclass(frozen=True)
class Case:
    """One command line. `target_seconds` is what the project promises, None for a floor."""

    name: str
    argv: tuple[str, ...]
    target_seconds: float | None = None


def cases(output: Path) -> tuple[Case, ...]:
    """Both floors, then the commands on one file; `transpile` writes to `output`."""
    python = sys.executable
    command = (python, "-m", "transpiler")
    return (
        Case("python -c pass", (python, "-c", "pass")),
        Case("import libcst, black, jinja2", (python, "-c", "import libcst, black, jinja2")),
        Case("dag2zen --help", (*command, "--help"), target_seconds=0.3),
        Case(
            "dag2zen transpile",
            (*command, "transpile", str(LTV_DAG), "--out", str(output)),
            target_seconds=1.5,
        ),
        Case(
            "dag2zen assess",
            (*command, "assess", str(LTV_DAG), "--format", "json"),
        ),
    )
