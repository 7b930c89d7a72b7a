"""The SQL of one DAG: where it is read from, which files of the SQL library it becomes, and whether
it is valid.
"""

from __future__ import annotations

import textwrap
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

import jinja2

from transpiler.lower.errors import UntranslatableError
from transpiler.lower.lookups import note_in_template
from transpiler.lower.name_expressions import in_name, stem_of_loop
from transpiler.lower.reporting import report_once
from transpiler.lower.sample_context import Sample
from transpiler.lower.sql_check import DIALECT, CheckedSql, check_sql
from transpiler.lower.sql_includes import included_names, rename_includes
from transpiler.lower.sql_names import SUFFIX, SqlNames, safe_name
from transpiler.lower.template_check import KnownNames, TemplatePlace, parse_template
from transpiler.lower.template_files import TemplateFile, TemplateFiles
from transpiler.model.dag import Argument, Task
from transpiler.model.finding import finding
from transpiler.model.pipeline import Expr
from transpiler.model.span import Span
from transpiler.model.values import Each, Value, results_in

if TYPE_CHECKING:
    from transpiler.lower.lowering import Lowering

MAX_INCLUDES = 50


@dataclass(frozen=True)
class _Use:
    """One SQL of one task: which of several (`number` from 1, or 0 for the only one), and for which
    database (sqlglot's dialect, None for one that is not known).
    """

    argument: Argument
    task: Task
    number: int
    dialect: str | None = DIALECT

    @property
    def suffix(self) -> str:
        return f"_{self.number}" if self.number else ""


class SqlFiles:
    """Collects the SQL files of one DAG; `files` has their texts by name below `sql/`."""

    def __init__(self, to: Lowering, identifier: str) -> None:
        self.files: dict[str, str] = {}
        self.sources = TemplateFiles(to)
        self._to = to
        self._names = SqlNames(identifier)
        self._checked: dict[str, list[CheckedSql]] = defaultdict(list)

    def names(
        self, argument: Argument, task: Task, dialect: str | None = DIALECT
    ) -> Expr | list[Expr]:
        """What an SQL argument means, as names in the SQL library: one, or a list of them.

        A text that ends in `.sql` is a file, any other text becomes one. What is not known from
        the DAG file stays the expression that it is. `dialect` is sqlglot's name of the database,
        None where it is not known. Raises UntranslatableError for a file that is
        missing (D2Z401) or outside the project root (D2Z402).
        """
        value = argument.value
        if isinstance(value, str):
            return self._name(value, _Use(argument, task, 0, dialect))
        if isinstance(value, Each) and not results_in(value.value):
            return self._names_of_each(argument, value.value, task, dialect)
        if isinstance(value, (list, tuple)) and value and all(isinstance(v, str) for v in value):
            texts = enumerate(value, start=1)
            return [self._name(text, _Use(argument, task, n, dialect)) for n, text in texts]
        return self._to.expr(argument)

    def _names_of_each(
        self, argument: Argument, values: Value, task: Task, dialect: str | None
    ) -> Expr:
        """One name for each instance of a task that is mapped over SQL texts."""
        if not isinstance(values, (list, tuple)) or not all(isinstance(v, str) for v in values):
            detail = f"{argument.name} is mapped over something else than texts"
            raise UntranslatableError(
                finding("D2Z303", argument.span, detail, task_id=task.task_id)
            )
        texts = enumerate(values, start=1)
        names = [self._name(text, _Use(argument, task, n, dialect)) for n, text in texts]
        assert self._to.results is not None
        return self._to.results.each_of(names)

    def is_one_change(self, task_id: str) -> bool:
        """Whether the SQL of a task does the same with and without a transaction around it."""
        checked = self._checked[task_id]
        return len(checked) == 1 and checked[0].is_one_change

    def template_text(self, name: str, span: Span) -> str:
        """The text of a file that an argument other than SQL names (a script, a page), templates
        intact.
        """
        return self.sources.find(name, span).text

    def config_query(self, query: str, params: Iterable[str], span: Span) -> Expr:
        """A query of migration.yaml: a file relative to its folder, or SQL text, which stays where
        it is.
        """
        known = KnownNames(params=dict.fromkeys(params, Sample()))
        folder = self._to.config.folder
        if not query.endswith(SUFFIX) or folder is None:
            self._check(query, TemplatePlace(span, None), known, {})
            return self._to.literal(query)
        file = self.sources.at(folder / query, span)
        name = self._names.name(PurePosixPath(file.path).stem, file.path)
        self._add_file(name, file, TemplatePlace(Span(file.path, 1, 1), None, True), known)
        return self._to.literal(name)

    def _name(self, text: str, use: _Use) -> Expr:
        if text.endswith(SUFFIX):
            return self._file(text, use)
        return self._inline(text, use)

    def _file(self, reference: str, use: _Use) -> Expr:
        task_id = use.task.task_id
        file = self.sources.find(reference, use.argument.span, task_id)
        place = TemplatePlace(Span(file.path, 1, 1), task_id, True)
        if self._is_shared(reference, use):
            name = self._names.name(PurePosixPath(file.path).stem, file.path)
            expr = self._to.literal(name)
        else:
            name = self._names.name(f"{task_id}{use.suffix}", (task_id, use.number))
            expr = self._expression(name, use)
        known = KnownNames.of(self._to.dag, use.task)
        self._add_file(name, file, place, known, _is_bound(use.task), use.dialect)
        return expr

    def _is_shared(self, reference: str, use: _Use) -> bool:
        """Whether another task, or another SQL of this one, is the same file."""
        uses = [
            text
            for task in self._to.dag.tasks
            for text in _texts(task.arguments.get(use.argument.name))
            if text == reference
        ]
        return len(uses) > 1

    def _inline(self, text: str, use: _Use) -> Expr:
        task = use.task
        siblings = [other for other in self._to.dag.tasks if other.call is task.call]
        alike = [other.arguments.get(use.argument.name) for other in siblings]
        same = all(other is not None and other.value == use.argument.value for other in alike)
        key: Hashable = (task.task_id, use.number)
        if task.loops and len(siblings) > 1 and same:
            stem = stem_of_loop(siblings)
            name = self._names.name(f"{stem}{use.suffix}", (id(task.call), use.number))
            expr = self._to.literal(name)
        else:
            name = self._names.name(f"{task.task_id}{use.suffix}", key)
            expr = self._expression(name, use)
        place = TemplatePlace(use.argument.span, task.task_id)
        known = KnownNames.of(self._to.dag, task)
        file = TemplateFile(use.argument.span.file, tidy(text))
        self._add_file(name, file, place, known, _is_bound(task), use.dialect)
        return expr

    def _expression(self, name: str, use: _Use) -> Expr:
        """The name as an expression over the task's id where a loop makes it, so that the loop can
        stay a loop.
        """
        task_id = use.task.arguments.get("task_id")
        if use.task.loops and task_id is not None and task_id.source is not None:
            prefix = f"{use.task.group}." if use.task.group else ""
            plain = str(task_id.value)
            own = (
                f"{self._names.folder}/{safe_name(prefix)}_" if prefix else f"{self._names.folder}/"
            )
            tail = f"{use.suffix}{SUFFIX}"
            source = in_name(own, task_id.source, tail)
            if source is not None and f"{own}{plain}{tail}" == name:
                return self._to.expr_of(name, source)
        return self._to.literal(name)

    def _add_file(
        self,
        name: str,
        file: TemplateFile,
        place: TemplatePlace,
        known: KnownNames,
        bound: bool = False,
        dialect: str | None = DIALECT,
    ) -> None:
        includes: dict[str, str] = {}
        note_in_template(file.text, place.at(1), self._to.settings)
        self.files[name] = self._moved(file.text, place, known, includes)
        sources = {found: self.files[found] for found in includes.values()}
        self._check(self.files[name], place, known, sources, bound, dialect)

    def _moved(
        self, text: str, place: TemplatePlace, known: KnownNames, includes: dict[str, str]
    ) -> str:
        """The text with what it includes moved along; `includes` maps Airflow's names to those in
        the library.
        """
        tree = parse_template(text, known)
        if isinstance(tree, jinja2.TemplateSyntaxError):
            return text
        for included in included_names(tree):
            if included is None or len(includes) >= MAX_INCLUDES:
                detail = "an include whose name is not a plain text cannot be followed"
                raise UntranslatableError(
                    finding("D2Z401", place.at(1), detail, task_id=place.task_id)
                )
            if included not in includes:
                file = self.sources.find(included, place.at(1), place.task_id)
                stem = included.removesuffix(SUFFIX).strip("/")
                includes[included] = self._names.name(stem, file.path)
                inner = TemplatePlace(Span(file.path, 1, 1), place.task_id, True)
                self.files[includes[included]] = self._moved(file.text, inner, known, includes)
        return rename_includes(text, lambda old: includes.get(old, old))

    def _check(
        self,
        text: str,
        place: TemplatePlace,
        known: KnownNames,
        includes: Mapping[str, str],
        bound: bool = False,
        dialect: str | None = DIALECT,
    ) -> None:
        checked = check_sql(
            text,
            place,
            known,
            dag_id=self._to.dag.dag_id,
            includes=includes,
            bound=bound,
            dialect=dialect,
        )
        report_once(self._to, *checked.findings)
        if place.task_id is not None:
            self._checked[place.task_id].append(checked)


def _texts(argument: Argument | None) -> list[str]:
    if argument is None:
        return []
    value = argument.value
    items = value if isinstance(value, (list, tuple)) else [value]
    return [item for item in items if isinstance(item, str)]


def _is_bound(task: Task) -> bool:
    parameters = task.arguments.get("parameters")
    return parameters is not None and bool(parameters.value)


def tidy(text: str) -> str:
    """Inline SQL without the indentation of the Python code around it, where that changes nothing
    in the SQL.
    """
    dedented = textwrap.dedent(text).strip("\n").rstrip() + "\n"
    quotes = ("'", '"', "$$", "`")
    lines = text.split("\n")
    open_quote = any(line.count(quote) % 2 for line in lines for quote in quotes)
    return text if open_quote and len(lines) > 1 else dedented
