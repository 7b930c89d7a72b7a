"""`dag2zen pr` without its command line: repository, branches, and what each is made with."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from transpiler.batch.inputs import gather
from transpiler.commands.migration import migration_of
from transpiler.commands.reading import Reading
from transpiler.config import MigrationConfigError, load_migration_config
from transpiler.evaluate.release import release_of
from transpiler.project import write
from transpiler.report.document import build_document
from transpiler.verify.errors import VerifyError
from transpiler.workspace.errors import WorkspaceError
from transpiler.workspace.forge.remote import ForgeName, Remote, parse_remote
from transpiler.workspace.pull_request.branch import check_name
from transpiler.workspace.pull_request.making import Made, Place, Target, Tools, make_branch
from transpiler.workspace.pull_request.names import (
    DEFAULT_OUT,
    inside_repository,
    out_folder,
    slugs,
)
from transpiler.workspace.pull_request.repository import Repository, find_base, find_repository
from transpiler.workspace.pull_request.subject import AirflowVersion, Verification
from transpiler.workspace.pull_request.targets import (
    check_present,
    files_of_wave,
    targets_by_file,
)
from transpiler.workspace.pull_request.worktree import worktree

if TYPE_CHECKING:
    from transpiler.commands.analysis import Analysis
    from transpiler.report.models import MigrationDocument
    from transpiler.workspace.plan import Plan


_FETCH_REMEDY = (
    "Check the network and the remote's URL. Without --push, the branch is made all the same."
)


@dataclass(frozen=True)
class Options:
    """The options of the command; None: its default."""

    repo: Path | None = None
    base: str | None = None
    branch: str | None = None
    wave: int | None = None
    out: str | None = None
    verify: bool = True
    push: bool = False
    """Whether the branches will be pushed, so that the remote's state matters."""
    remote: str = "origin"
    forge: ForgeName | None = None
    api_url: str | None = None
    reading: Reading = Reading()


@dataclass(frozen=True)
class Batch:
    """The branches that were made, and where they can be pushed."""

    repository: Repository
    forge: Remote | None
    made: list[Made]


def make_pull_requests(paths: Sequence[Path], options: Options) -> Batch:
    """Make the branches. Raises WorkspaceError, MigrationConfigError and RuleLoadError; branches
    made before the failure stay.
    """
    repository = find_repository(options.repo or _folder_of(paths[0]))
    _refuse_without_author(repository)
    if options.push:
        repository.git("fetch", "--quiet", options.remote, remedy=_FETCH_REMEDY)
    names = [inside_repository(_given(path, repository), repository.root) for path in paths]
    base = find_base(repository, options.base, options.remote)
    url = repository.ask("config", "--get", f"remote.{options.remote}.url")
    forge = parse_remote(url, forge=options.forge, api=options.api_url) if url else None
    prefix = _prefix(options.reading.project_root, repository)
    with worktree(repository, base.commit) as tree, _named_as_in(repository, tree):
        check_present(tree, names, base.branch)
        work = _Work(tree, prefix, options)
        place = Place(
            repository,
            tree,
            base,
            options.remote,
            forge.page if forge else None,
            forge.blob if forge else "/blob/",
            prefix,
        )
        tools = Tools(work.transpile, work.verify, work.airflow)
        targets = work.targets([tree.root / name for name in names])
        for target in targets:
            check_name(tree, target.branch)
        made = [make_branch(place, target, tools) for target in targets]
    return Batch(repository, forge, made)


@contextmanager
def _named_as_in(repository: Repository, tree: Repository) -> Iterator[None]:
    """Have errors name files as the user has them, not in the work tree that is gone by then."""
    here, there = str(tree.root), str(repository.root)
    try:
        yield
    except WorkspaceError as error:
        texts = (error.path, error.cause, error.remedy)
        raise WorkspaceError(*(text.replace(here, there) for text in texts)) from error
    except MigrationConfigError as error:
        raise MigrationConfigError(str(error).replace(here, there)) from error


def _folder_of(path: Path) -> Path:
    return next((folder for folder in (path, *path.absolute().parents) if folder.is_dir()), path)


def _given(path: Path, repository: Repository) -> Path:
    """The path from the current folder, else from the repository."""
    inside = repository.root / path
    return inside if not path.exists() and inside.exists() else path


def _prefix(project_root: Path | None, repository: Repository) -> str:
    inner = inside_repository(project_root, repository.root) if project_root else "."
    return "" if inner == "." else f"{inner}/"


def _refuse_without_author(repository: Repository) -> None:
    if repository.ask("var", "GIT_COMMITTER_IDENT") is None:
        raise WorkspaceError(
            repository.root,
            "git does not know who you are, so it cannot commit",
            "Set user.name and user.email with git config.",
        )


@dataclass(frozen=True)
class _Work:
    """What is done in the work tree."""

    tree: Repository
    prefix: str
    options: Options

    @property
    def root(self) -> Path:
        return self.tree.root / self.prefix

    def targets(self, paths: Sequence[Path]) -> list[Target]:
        start = paths[0] if paths[0].is_dir() else paths[0].parent
        settings = load_migration_config(self.options.reading.config, self.root, start)
        if self.options.reading.include_ignored:
            settings = settings.model_copy(update={"airflowignore": "include"})
        files = [
            file.relative_to(self.tree.root).as_posix()
            for file in gather(paths, self.root, settings).files
        ]
        if not files:
            raise WorkspaceError(paths[0].name, "has no DAG file", "Name DAG files.")
        out = self.options.out or self._configured(settings.output, settings.folder) or DEFAULT_OUT
        if self.options.wave is None:
            return targets_by_file(files, self.options.branch, out)
        document = build_document(self._analyse([self.tree.root / file for file in files]).results)
        wave = files_of_wave(document, self.options.wave)
        return [self._wave(tuple(f"{self.prefix}{file}" for file in wave), out)]

    def _wave(self, files: tuple[str, ...], out: str) -> Target:
        name = f"wave-{self.options.wave}" if len(files) > 1 else slugs(files)[files[0]]
        branch = self.options.branch or f"dag2zen/wave-{self.options.wave}"
        return Target(branch, files, out_folder(out, name), self.options.wave)

    def _configured(self, output: object, folder: Path | None) -> str | None:
        if output is None:
            return None
        path = (folder or self.root) / str(output)
        return Path(os.path.relpath(path, self.tree.root)).as_posix()

    def _analyse(self, files: Sequence[Path], *, emit: bool = False) -> Analysis:
        return self.options.reading.analyse(files, emit=emit, project_root=self.root)

    def transpile(self, files: Sequence[Path], folder: Path) -> tuple[MigrationDocument, Plan]:
        analysis = self._analyse(files, emit=True)
        return write(folder, migration_of(analysis, files, self.options.reading.rules))

    def verify(self, folder: Path, files: Collection[str]) -> Verification:
        from transpiler.verify.project import verify_project

        if not self.options.verify:
            return Verification(not_run="it was switched off")
        try:
            return Verification(tuple(map(str, verify_project(folder, files))))
        except VerifyError as error:
            return Verification(not_run=str(error).replace(f"{self.tree.root}/", ""))

    def airflow(self, file: Path) -> AirflowVersion:
        if self.options.reading.airflow_version is not None:
            return AirflowVersion(
                int(self.options.reading.airflow_version[0]), "--airflow-version says so"
            )
        settings = load_migration_config(self.options.reading.config, self.root, file.parent)
        if (stated := settings.airflow_release()) is not None:
            return AirflowVersion(stated.major, "migration.yaml says so")
        text = file.read_text("utf-8", "replace") if file.is_file() else ""
        top = self.root.resolve()
        folders = [folder for folder in file.resolve().parents if folder.is_relative_to(top)]
        release = release_of(text, folders)
        return AirflowVersion(release.major, release.source)
