"""The options by which DAG files are read; the same in every command that reads them."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_type_hints

from transpiler.commands.arguments import (
    AirflowVersion,
    Config,
    IncludeIgnored,
    Jobs,
    Mode,
    ProjectRoot,
    Rules,
)

if TYPE_CHECKING:
    from transpiler.commands.analysis import Analysis
    from transpiler.lower.mode import Requested


@dataclass(frozen=True)
class Reading:
    """What the command line says about reading; None: the default."""

    project_root: ProjectRoot = None
    config: Config = None
    rules: Rules = None
    mode: Mode = None
    airflow_version: AirflowVersion = None
    include_ignored: IncludeIgnored = False
    jobs: Jobs = None

    @property
    def requested_mode(self) -> Requested | None:
        """The mode as the analysis takes it."""
        return self.mode.value if self.mode else None

    def analyse(
        self, paths: Sequence[Path], *, emit: bool, project_root: Path | None = None
    ) -> Analysis:
        """Read the DAG files, from another project root where one is given. Raises
        MigrationConfigError and RuleLoadError.
        """
        from transpiler.commands.analysis import analyse_paths

        return analyse_paths(
            paths,
            project_root=project_root or self.project_root,
            config=self.config,
            rules=self.rules,
            mode=self.requested_mode,
            airflow_version=self.airflow_version,
            include_ignored=self.include_ignored,
            jobs=self.jobs,
            emit=emit,
        )


def with_reading_options(command: Callable[..., None]) -> Callable[..., None]:
    """A command with an option for each field of Reading in place of its argument `reading`.

    Typer makes options of a function's signature, and has none for a group of them.
    """
    hints = get_type_hints(Reading, include_extras=True)
    options = [
        inspect.Parameter(
            field.name,
            inspect.Parameter.POSITIONAL_OR_KEYWORD,
            default=field.default,
            annotation=hints[field.name],
        )
        for field in fields(Reading)
    ]

    @functools.wraps(command)
    def run(**values: Any) -> None:
        reading = Reading(**{option.name: values.pop(option.name) for option in options})
        command(reading=reading, **values)

    own = inspect.signature(command, eval_str=True)
    parameters = [one for name, one in own.parameters.items() if name != "reading"] + options
    run.__signature__ = own.replace(parameters=parameters)  # type: ignore[attr-defined]
    run.__annotations__ = {one.name: one.annotation for one in parameters}
    return run
