"""Links to lines of files, as the forge has them."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from transpiler.report.markdown import code


@dataclass(frozen=True)
class Links:
    """Where files are shown: the repository's page, a commit of the base, the branch.

    `prefix` is the folder of the DAGs' project below the repository, `out` the output folder's.
    Without a page, places are named and not linked.
    """

    page: str | None
    """For example https://github.com/acme/dags, without a slash at the end."""
    commit: str
    branch: str
    out: str
    prefix: str = ""
    blob: str = "/blob/"
    """`/-/blob/` at GitLab."""
    only: str | None = None
    """The one DAG file that all is about, if it is one: its lines are named without it."""

    def source(self, file: str, line: int | None = None) -> str:
        """A file of the DAGs' project, as the base has it."""
        path = f"{self.prefix}{file}"
        if line is not None and file == self.only:
            return self._link(path, self.commit, line, f"line {line}")
        return self._link(path, self.commit, line, _named(path, line))

    def whole(self, file: str, line: int) -> str:
        """A line of a file of the DAGs' project, by its whole name."""
        path = f"{self.prefix}{file}"
        return self._link(path, self.commit, line, _named(path, line))

    def output(self, file: str, line: int | None = None) -> str:
        """A file of the output folder, as the branch has it."""
        path = f"{self.out}/{file}"
        return self._link(path, self.branch, line, _named(path, line))

    def _link(self, path: str, revision: str, line: int | None, shown: str) -> str:
        if self.page is None:
            return shown
        place = f"{self.page}{self.blob}{quote(revision)}/{quote(path)}"
        return f"[{shown}]({place}{'' if line is None else f'#L{line}'})"


def _named(path: str, line: int | None) -> str:
    return code(path if line is None else f"{path}:{line}")
