"""Making the branch of one pull request: transpile in the work tree, commit, verify, describe."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from transpiler.emit.text import visible
from transpiler.report.models import MigrationDocument
from transpiler.workspace.errors import WorkspaceError, from_os_error
from transpiler.workspace.plan import Plan
from transpiler.workspace.pull_request.branch import on_branch, refuse_ignored
from transpiler.workspace.pull_request.commits import commit_parts
from transpiler.workspace.pull_request.description import description
from transpiler.workspace.pull_request.links import Links
from transpiler.workspace.pull_request.names import slug
from transpiler.workspace.pull_request.repository import Base, Repository
from transpiler.workspace.pull_request.subject import (
    AirflowVersion,
    Subject,
    Verification,
    names_of,
    title_of,
)

_REFERENCE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
_ATTRIBUTES = """\
# Reports that are made anew by every run: folded away in reviews.
migration.html linguist-generated
migration.json linguist-generated
migration/** linguist-generated
"""
Transpile = Callable[[Sequence[Path], Path], tuple[MigrationDocument, Plan]]
"""Reads the DAG files and writes the folder; the run's document, and what was done."""


@dataclass(frozen=True)
class Tools:
    """What the making of a branch calls: reading and writing, verifying, versions of Airflow."""

    transpile: Transpile
    verify: Callable[[Path, Collection[str]], Verification]
    airflow: Callable[[Path], AirflowVersion]


@dataclass(frozen=True)
class Target:
    """One branch: its name, the DAG files (below the repository), and where their output goes."""

    branch: str
    files: tuple[str, ...]
    out: str
    wave: int | None = None


@dataclass(frozen=True)
class Made:
    """A branch that is ready to be looked at."""

    target: Target
    base: str
    title: str
    body: str
    body_file: Path
    commits: tuple[str, ...]
    """Subjects of the commits that this run made; none where the branch was up to date."""
    existed: bool
    decisions: int
    """Findings that need a person."""
    uncommitted: tuple[str, ...] = ()
    """What has changes in the user's work tree that the branch is made without."""


@dataclass(frozen=True)
class Place:
    """Where branches are made."""

    repository: Repository
    tree: Repository
    base: Base
    remote: str
    page: str | None = None
    blob: str = "/blob/"
    prefix: str = ""
    """The DAGs' project below the repository, with a slash at the end, or nothing."""


def make_branch(place: Place, target: Target, tools: Tools) -> Made:
    """Make the branch or bring it up to date. Raises WorkspaceError, and then it is as it was."""
    tree = place.tree
    with on_branch(tree, target.branch, place.base, place.remote, target.out) as existed:
        refuse_ignored(tree, target.out)
        folder = tree.root / target.out
        files = [tree.root / file for file in target.files]
        document, plan = tools.transpile(files, folder)
        _refuse_unusable(document, plan, target, "the branch" if existed else place.base.branch)
        if not existed:
            _fold_reports(folder)
        dags = [dag for file in document.files for dag in file.dags if dag.pipeline]
        names = visible(names_of([dag.dag_id for dag in dags]))
        update = any(dag.pipeline in plan.before.files for dag in dags)
        commits = commit_parts(tree, target.out, names, update=update)
        migrated = all(_is_in(place, f"{target.out}/{dag.pipeline}") for dag in dags)
        subject = Subject(
            document,
            Links(
                place.page,
                place.base.commit,
                target.branch,
                target.out,
                place.prefix,
                place.blob,
                document.files[0].path if len(document.files) == 1 else None,
            ),
            tools.verify(folder, [file.path for file in document.files]),
            {
                file.path: tools.airflow(tree.root / place.prefix / file.path)
                for file in document.files
            },
            _variables(folder, [Path(str(dag.pipeline)).stem for dag in dags]),
            _all_commits(tree, place.base),
            _uncommitted(place, target),
            migrated,
        )
    body = description(subject)
    body_file = _saved(place.repository, target.branch, body)
    manual = document.totals.findings_by_severity["manual"]
    title = visible(title_of(dags, target.wave, migrated=migrated))
    return Made(
        target,
        place.base.branch,
        title,
        body,
        body_file,
        tuple(commits),
        existed,
        manual,
        subject.uncommitted,
    )


def _fold_reports(folder: Path) -> None:
    """Have code hosts fold the reports for machines away, unless the folder has attributes."""
    path = folder / ".gitattributes"
    if not path.exists():
        path.write_text(_ATTRIBUTES, encoding="utf-8")


def _saved(repository: Repository, branch: str, body: str) -> Path:
    """The file that the text is written to: in the repository's own folder, which no commit has."""
    path = repository.folder().resolve() / "dag2zen" / f"{slug(branch)}.md"
    try:
        path.parent.mkdir(exist_ok=True)
        path.write_text(body, encoding="utf-8", errors="backslashreplace")
    except OSError as error:
        raise from_os_error(error, path) from error
    return path


def _is_in(place: Place, path: str) -> bool:
    """Whether the base has the file."""
    return place.tree.ask("cat-file", "-e", f"{place.base.commit}:{path}") is not None


def _refuse_unusable(document: MigrationDocument, plan: Plan, target: Target, where: str) -> None:
    marked = [f for f in plan.standing if f.code == "D2Z510"]
    if marked:
        lines = ", ".join(f"{target.out}/{f.span.file}:{f.span.line}" for f in marked)
        files = " ".join(target.files)
        raise WorkspaceError(
            target.branch,
            f"what is newly generated conflicts with edits on {where} ({lines})",
            f"Switch to {where}, run `dag2zen transpile {files} --out {target.out}`, resolve "
            "and commit; then run again.",
        )
    if not any(dag.pipeline for file in document.files for dag in file.dags):
        why = "; ".join(
            f"{finding.code} {finding.message}"
            for file in document.files
            for finding in file.findings
        )
        cause = f"no pipeline was made of {', '.join(target.files)}{': ' if why else ''}{why}"
        raise WorkspaceError(
            target.branch, visible(cause), "`dag2zen assess` says more; mend the DAG file first."
        )


def _variables(folder: Path, pipelines: Collection[str]) -> tuple[str, ...]:
    """The environment variables that the pipelines' configurations refer to, in their order."""
    found: dict[str, None] = {}
    for path in sorted((folder / "configs").glob("*.yaml")):
        if path.stem in pipelines:
            found.update(dict.fromkeys(_REFERENCE.findall(path.read_text("utf-8", "replace"))))
    return tuple(found)


def _all_commits(tree: Repository, base: Base) -> tuple[str, ...]:
    listed = tree.ask("log", "--no-merges", "--reverse", "--format=%s", f"{base.commit}..HEAD")
    return tuple((listed or "").splitlines())


def _uncommitted(place: Place, target: Target) -> tuple[str, ...]:
    """DAG files that are not in the user's work tree as the base has them, and the output folder
    where it has changes there.
    """
    files = tuple(file for file in target.files if _differs(place, file))
    status = ("status", "--porcelain", "--", f":(top,literal){target.out}")
    return (*files, target.out) if place.repository.ask(*status) else files


def _differs(place: Place, file: str) -> bool:
    mine, theirs = place.repository.root / file, place.tree.root / file
    if not mine.is_file() or not theirs.is_file():
        return False
    contents = (path.read_bytes().replace(b"\r\n", b"\n") for path in (mine, theirs))
    return len({*contents}) > 1
