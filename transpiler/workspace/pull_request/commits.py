"""Small commits in the order in which a reviewer reads them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from transpiler.workspace.pull_request.repository import Repository


@dataclass(frozen=True)
class Part:
    """A group of files with the message of their commit; `{dags}` are the DAGs' names."""

    folders: tuple[str, ...]
    subject: str
    update: str
    why: str


PARTS = (
    Part(
        ("sql",),
        "Copy the SQL of {dags}",
        "Update the SQL of {dags}",
        "The queries as the DAG has them, templates included; the pipeline loads them by path.\n"
        "Those that came from files are unchanged: `git show -C --find-copies-harder` shows "
        "copies,\nand `git log --follow` leads to their history.",
    ),
    Part(
        ("steps",),
        "Add the steps of {dags}",
        "Update the steps of {dags}",
        "The DAG's own Python functions, with their bodies kept.",
    ),
    Part(
        ("pipelines",),
        "Add the pipeline of {dags}",
        "Update the pipeline of {dags}",
        "One step for each task, with the edges, retries and schedule of the DAG.",
    ),
    Part(
        ("configs",),
        "Add the configuration of {dags}",
        "Update the configuration of {dags}",
        "Connections and params that Airflow kept in its database. Secrets stay in the\n"
        "environment: the file only names the variables.",
    ),
    Part(
        ("tests",),
        "Test the graph of {dags}",
        "Update the test of {dags}",
        "The pipeline compiles, and has the tasks and edges of the DAG.",
    ),
    Part(
        (),
        "Report on the migration of {dags}",
        "Update the report on {dags}",
        "What became of every construct of the DAG, and in .dag2zen what later runs need to merge\n"
        "with hand edits.",
    ),
)
_HOOK_REMEDY = (
    "If a hook of the repository refused the commit, correct what it names in the DAG file, or "
    "leave the output folder out of that hook. Nothing was changed."
)


def commit_parts(tree: Repository, out: str, dags: str, *, update: bool) -> list[str]:
    """Commit what lies in the folder `out`, part by part; the subjects of the commits made.

    The author is the one of the user's git settings, and the repository's hooks run. Raises
    WorkspaceError where a commit is refused.
    """
    subjects = []
    for part in PARTS:
        subject = _cut((part.update if update else part.subject).format(dags=dags))
        if _commit(tree, _paths(tree, out, part), f"{subject}\n\n{part.why}\n"):
            subjects.append(subject)
    return subjects


def _paths(tree: Repository, out: str, part: Part) -> Sequence[str]:
    if not part.folders:
        return [out]
    return [path for folder in part.folders if _is_known(tree, path := f"{out}/{folder}")]


def _is_known(tree: Repository, path: str) -> bool:
    """Whether the folder is there, or was and is gone now."""
    return (tree.root / path).exists() or bool(tree.ask("ls-files", "--", path))


def _commit(tree: Repository, paths: Iterable[str], message: str) -> bool:
    named = [f":(top,literal){path}" for path in paths]
    if not named:
        return False
    for attempt in ("first", "second"):
        tree.git("add", "--all", "--", *named, remedy="Look at the messages above.")
        if tree.ask("diff", "--cached", "--quiet") is not None:
            return False
        if attempt == "first" and tree.ask("commit", "--quiet", "-m", message) is not None:
            return True
    # A hook that formats files has refused the first attempt; this one has what it wrote.
    tree.git("commit", "--quiet", "-m", message, remedy=_HOOK_REMEDY)
    return True


def _cut(subject: str, width: int = 72) -> str:
    return subject if len(subject) <= width else subject[: width - 3] + "..."
