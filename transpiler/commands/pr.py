"""`dag2zen pr`."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from transpiler.commands.arguments import Paths, PlainFormat, TextOrJson
from transpiler.commands.failures import failures
from transpiler.commands.reading import Reading, with_reading_options

if TYPE_CHECKING:
    from transpiler.workspace.forge.remote import Remote
    from transpiler.workspace.forge.request import Opened
    from transpiler.workspace.pull_request.making import Made
    from transpiler.workspace.pull_request.repository import Repository


class Forge(str, Enum):
    """What kind of forge the remote lies at."""

    github = "github"
    gitlab = "gitlab"


@with_reading_options
def pr(
    paths: Paths,
    reading: Reading,
    repo: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="The repository. Default: the one of the first PATH."),
    ] = None,
    base: Annotated[
        str | None,
        typer.Option(help="Branch to merge into. Default: the remote's, else main or master."),
    ] = None,
    branch: Annotated[
        str | None, typer.Option(help="Name of the branch. Default: dag2zen/<name of the file>.")
    ] = None,
    wave: Annotated[
        int | None,
        typer.Option(
            min=1,
            metavar="N",
            help="One branch for the DAGs of this wave: those that need only DAGs of the waves "
            "before. Default: one branch for each DAG file.",
        ),
    ] = None,
    out: Annotated[
        str | None,
        typer.Option(
            metavar="FOLDER",
            help="Folder in the repository for the output; {dag} stands for the DAG file's name. "
            "Default: `output` of migration.yaml, else zenml/{dag}.",
        ),
    ] = None,
    push: Annotated[
        bool, typer.Option("--push", help="Push the branch and open the pull request.")
    ] = False,
    draft: Annotated[bool, typer.Option("--draft", help="Open it as a draft.")] = False,
    verify: Annotated[
        bool,
        typer.Option("--verify/--no-verify", help="Compile the pipelines with ZenML, if there."),
    ] = True,
    remote: Annotated[str, typer.Option(help="The git remote to push to.")] = "origin",
    forge: Annotated[
        Forge | None, typer.Option(help="Kind of the forge, where its address does not tell.")
    ] = None,
    api_url: Annotated[
        str | None, typer.Option(metavar="URL", help="The forge's API, where it is elsewhere.")
    ] = None,
    format_: TextOrJson = PlainFormat.text,
) -> None:
    """Make a branch with the migration of the DAGs, in commits that a reviewer can follow.

    Works in a work tree of its own: files, index and branch that you have checked out stay as they
    are. The DAG files are read as the base has them. A branch that is there gets further commits.
    Nothing is pushed without --push; with it, the pull request is opened by `gh`, or with the token
    in GITHUB_TOKEN, GH_TOKEN or GITLAB_TOKEN.

    Exit code 0: made; 1: made, and findings need a person; 2: usage, git or forge.
    """
    from transpiler.commands.pull_requests import Options, make_pull_requests

    with failures():
        settings = Options(
            repo=repo,
            base=base,
            branch=branch,
            wave=wave,
            out=out,
            verify=verify,
            push=push,
            remote=remote,
            forge=forge.value if forge else None,
            api_url=api_url,
            reading=reading,
        )
        batch = make_pull_requests(paths, settings)
        opened: list[Opened | None] = [None] * len(batch.made)
        if push:
            from transpiler.workspace.pull_request.publishing import publish

            for number, made in enumerate(batch.made):
                opened[number] = publish(batch.repository, remote, batch.forge, made, draft=draft)
    rows = [
        _row(batch.repository, remote, batch.forge, made, found, push, draft)
        for made, found in zip(batch.made, opened, strict=True)
    ]
    if format_ is PlainFormat.json:
        import json

        typer.echo(json.dumps([row for row, _ in rows], indent=2))
    else:
        for _, lines in rows:
            typer.echo("\n".join(lines))
    raise typer.Exit(1 if any(made.decisions for made in batch.made) else 0)


def _row(
    repository: Repository,
    name: str,
    forge: Remote | None,
    made: Made,
    opened: Opened | None,
    pushed: bool,
    draft: bool,
) -> tuple[dict[str, object], Sequence[str]]:
    """One branch, as plain data and as lines of text."""
    from transpiler.workspace.pull_request.publishing import next_steps

    branch = made.target.branch
    steps = [] if opened else next_steps(repository, name, forge, made, pushed=pushed, draft=draft)
    data: dict[str, object] = {
        "branch": branch,
        "base": made.base,
        "existed": made.existed,
        "files": list(made.target.files),
        "out": made.target.out,
        "title": made.title,
        "commits": list(made.commits),
        "decisions": made.decisions,
        "uncommitted": list(made.uncommitted),
        "description": str(made.body_file),
        "pushed": pushed,
        "url": opened.url if opened else None,
        "next": steps,
    }
    number = len(made.commits)
    state = f"{number} commit{'' if number == 1 else 's'}" if number else "up to date"
    lines = [f"{branch}: {state}, based on {made.base}, output in {made.target.out}"]
    lines += [f"  {subject}" for subject in made.commits]
    lines.append(f"Description: {made.body_file}")
    lines += [
        f"Note: {name} has changes that are not committed; the branch is made without them."
        for name in made.uncommitted
    ]
    if made.decisions:
        lines.append(f"Findings that need a person: {made.decisions}")
    if opened:
        lines.append(f"{'Opened' if opened.created else 'Brought up to date'}: {opened.url}")
    lines += [f"Next: {step}" for step in steps]
    return data, lines
