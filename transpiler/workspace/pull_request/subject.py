"""What a pull request is about: everything that its description tells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from transpiler.report.models import DagEntry, FileEntry, MigrationDocument
from transpiler.workspace.pull_request.links import Links


@dataclass(frozen=True)
class AirflowVersion:
    """The Airflow that a DAG file is for, and what says so; None where nothing does."""

    major: int
    source: str | None


@dataclass(frozen=True)
class Verification:
    """What `dag2zen verify` found: differences, or why it did not run."""

    differences: tuple[str, ...] = ()
    not_run: str | None = None


@dataclass(frozen=True)
class Subject:
    """The migration of some DAGs."""

    document: MigrationDocument
    links: Links
    verification: Verification
    airflow: Mapping[str, AirflowVersion]
    """By DAG file."""
    variables: tuple[str, ...]
    """Environment variables that the configuration refers to."""
    commits: tuple[str, ...]
    """Subjects of the commits made, oldest first."""
    uncommitted: tuple[str, ...] = ()
    """What has changes that are not in the base, so not in the pull request."""
    migrated: bool = False
    """Whether the base has the pipelines already, so that this brings them up to date."""

    @property
    def dags(self) -> list[tuple[FileEntry, DagEntry]]:
        """The DAGs that became pipelines, with their files."""
        return [(file, dag) for file in self.document.files for dag in file.dags if dag.pipeline]


def title_of(dags: list[DagEntry], wave: int | None = None, *, migrated: bool = False) -> str:
    """The pull request's title."""
    names = [dag.dag_id for dag in dags]
    if migrated:
        return f"Bring {names_of(names)} up to date with Airflow"
    if wave is not None:
        return f"Migrate wave {wave} to ZenML: {names_of(names)}"
    return f"Migrate {names_of(names)} to ZenML"


def names_of(names: list[str]) -> str:
    """Up to three names in words, or how many there are."""
    shown = " ".join(
        " and ".join([", ".join(names[:-1]), names[-1]] if names[1:] else names).split()
    )
    return shown if len(names) <= 3 else f"{len(names)} DAGs"
