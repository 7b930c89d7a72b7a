"""The query library: SQL files with Airflow's templates, under the project's `sql/` folder."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import BaseLoader, Environment

from runtime.context import RunContext, params_of
from runtime.exceptions import SqlLibraryError
from runtime.project import project_root
from runtime.templates import TemplateEnvironment, render_text, template_context
from runtime.templates.errors import explain_errors
from runtime.templates.settings import template_settings
from runtime.templates.verbatim import VerbatimText

SUFFIX = ".sql"


@dataclass(frozen=True)
class RenderedSql:
    """SQL ready to run, and where it comes from: a name in the library, or `inline`."""

    text: str
    source: str


class SqlLibrary:
    """Finds queries by name, relative to its root. No name leads out of it, links included."""

    def __init__(self, root: Path | None = None) -> None:
        """Use this folder, or `sql/` of the project."""
        self.root = (root or project_root() / "sql").resolve()

    def render(
        self,
        sql: str,
        run: RunContext,
        params: Mapping[str, Any] | None = None,
        *,
        task_id: str = "",
    ) -> RenderedSql:
        """Render a query: a name that ends in `.sql` is a file, anything else is SQL text.

        `params` are laid over the run's params. Raises `SqlLibraryError` for a file that is
        missing or outside of the library, `TemplateError` for what does not render.
        """
        merged = {"params": params_of(run, params)}
        context = template_context(run, task_id, merged)
        settings = template_settings(run.dag_id)
        if isinstance(sql, VerbatimText) or not sql.endswith(SUFFIX):
            name = f"SQL of task {task_id!r}"
            return RenderedSql(render_text(sql, context, name, settings), "inline")
        self.path(sql)
        environment = TemplateEnvironment(_LibraryLoader(self), settings)
        with explain_errors(sql, context):
            return RenderedSql(environment.get_template(sql).render(context), sql)

    def path(self, name: str) -> Path:
        """Give the file of a query."""
        path = (self.root / name).resolve()
        if not path.is_relative_to(self.root):
            raise SqlLibraryError(
                f"The query {name!r} leads out of the SQL library {self.root}. "
                "Move the file into the library and name it relative to that."
            )
        if not path.is_file():
            raise SqlLibraryError(self._missing(name))
        return path

    def names(self) -> list[str]:
        """Give the names of all queries."""
        return sorted(file.relative_to(self.root).as_posix() for file in self.root.rglob("*.sql"))

    def _missing(self, name: str) -> str:
        names = self.names()
        near = difflib.get_close_matches(name, names, n=3, cutoff=0.4) or names[:3]
        hint = f"The nearest are: {', '.join(near)}." if near else "The library is empty."
        return f"The SQL library {self.root} has no query {name!r}. {hint}"


class _LibraryLoader(BaseLoader):
    def __init__(self, library: SqlLibrary) -> None:
        self._library = library

    def get_source(
        self, environment: Environment, template: str
    ) -> tuple[str, str, Callable[[], bool]]:
        try:
            path = self._library.path(template)
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError as error:
            raise SqlLibraryError(
                f"The query {template!r} is not UTF-8 text ({error.reason}). Save it as UTF-8."
            ) from error
        return text, template, lambda: True
