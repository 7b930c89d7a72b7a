"""What the commands that write or compare an output folder share."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from transpiler.commands.failures import fail

if TYPE_CHECKING:
    from transpiler.commands.analysis import Analysis
    from transpiler.config import MigrationConfig
    from transpiler.project import Migration


def migration_of(
    analysis: Analysis,
    paths: Sequence[Path],
    rules: Sequence[Path] | None,
    *,
    restore: bool = False,
) -> Migration:
    """The analysis as a run that speaks for the DAG files at and below the paths."""
    from transpiler.batch.inputs import shown_path
    from transpiler.project import Migration
    from transpiler.workspace.origin import origin_of
    from transpiler.workspace.scope import covering

    root, settings = analysis.project_root, analysis.config
    return Migration(
        analysis.results,
        analysis.findings,
        covering(
            [shown_path(path, root) for path in paths],
            [result.path for result in analysis.results if result.error is not None],
        ),
        origin_of(
            root,
            [result.path for result in analysis.results],
            [*settings.rule_paths(), *(rules or ())],
            settings.model_dump_json(),
        ),
        restore,
        root,
        analysis.jobs,
    )


def output_folder(out: Path | None, config: MigrationConfig) -> Path:
    """The folder named by --out, or by `output` of migration.yaml."""
    if out is not None:
        return out
    if config.output is None:
        raise fail("no output folder. Name one with --out DIR, or as `output` in migration.yaml.")
    return (config.folder or Path()) / config.output
