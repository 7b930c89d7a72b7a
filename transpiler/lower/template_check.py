"""Checking the templates of a DAG: do they parse, and does every name exist at run time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import jinja2
from jinja2 import meta, nodes

from transpiler.lower.params import own_params, params_of_dag, plain_params
from transpiler.lower.reporting import report_once
from transpiler.lower.template_names import AIRFLOW_ONLY, CONTEXT, MACROS, MEMBERS
from transpiler.lower.template_sandbox import MAX_SOURCE, BoundedEnvironment
from transpiler.model.finding import Finding, finding
from transpiler.model.span import Span
from transpiler.model.values import Each

if TYPE_CHECKING:
    from transpiler.lower.lowering import Lowering
    from transpiler.model.dag import Argument, Dag, Task

_BINDING = tuple(
    kind
    for kind in vars(nodes).values()
    if isinstance(kind, type)
    and issubclass(kind, nodes.Stmt)
    and kind not in (nodes.Stmt, nodes.Output, nodes.If)
)
"""Statements that may bind names. Where there is none, every name comes from the context, and
Jinja's own search, which compiles the template, is not needed."""
_NOT_TEMPLATES = frozenset(
    {
        "task_id",
        "doc",
        "doc_md",
        "doc_rst",
        "doc_json",
        "doc_yaml",
        "description",
        "owner",
        "params",
        "default_args",
        "task_display_name",
        "map_index_template",
        "dag",
        "task_group",
    }
)
"""Arguments whose text Airflow does not render, or renders for its own pages only."""
_MAX_DEPTH = 20
_REMEMBERED = 10_000
"""Characters of a template whose tree is kept for the next time."""


@dataclass(frozen=True)
class TemplatePlace:
    """Where a template stands; `in_file` where the text is a file of its own, whose lines count
    from 1.
    """

    span: Span
    task_id: str | None
    in_file: bool = False

    def at(self, line: int) -> Span:
        """The place of a line of the text."""
        return replace(self.span, line=line, column=1) if self.in_file else self.span

    def label(self, line: int) -> str:
        """How a message names the line where the place does not."""
        return "" if self.in_file or line <= 1 else f" (line {line} of the text)"


@dataclass(frozen=True)
class KnownNames:
    """What a template may use besides Airflow's context: the DAG's macros, filters, params."""

    macros: frozenset[str] = frozenset()
    filters: frozenset[str] = frozenset()
    params: Mapping[str, Any] | None = None
    own_task: bool = False
    """Whether `task` is an object of a class of the project, with attributes of its own."""

    @classmethod
    def of(cls, dag: Dag, task: Task | None = None) -> KnownNames:
        """The names of a DAG; `params` are those of the DAG, with the task's own over them."""
        own = own_params(task) if task else None
        given = [*params_of_dag(dag), *([own] if own else [])]
        # A param without a default is reported where it is given, and a run cannot start without it.
        params: dict[str, Any] = {name: None for one in given for name in _keys(one)}
        params.update(item for one in given for item in plain_params(one).items())
        known = all(one.value is None or isinstance(one.value, dict) for one in given)
        macros = _keys(dag.arguments.get("user_defined_macros"))
        filters = _keys(dag.arguments.get("user_defined_filters"))
        own_task = task is not None and task.own_class is not None
        return cls(macros, filters, params if known else None, own_task)


def check_task_templates(task: Task, to: Lowering) -> None:
    """Report what is wrong with the templates among a task's arguments (D2Z404, D2Z405)."""
    known = KnownNames.of(to.dag, task)
    for argument in (*task.arguments.values(), *task.call_arguments):
        if argument.name in _NOT_TEMPLATES:
            continue
        place = TemplatePlace(argument.span, task.task_id)
        for text in templates_in(argument.value):
            report_once(to, *check_template(text, place, known))


def templates_in(value: Any, depth: int = 0) -> Iterator[str]:
    """The texts with template syntax in a value, in order."""
    if isinstance(value, str):
        if "{{" in value or "{%" in value:
            yield value
    elif isinstance(value, Each):
        yield from templates_in(value.value, depth)
    elif depth < _MAX_DEPTH:
        items: Iterable[Any] = ()
        if isinstance(value, dict):
            items = value.values()
        elif isinstance(value, (list, tuple)):
            items = value
        for item in items:
            yield from templates_in(item, depth + 1)


def check_template(text: str, place: TemplatePlace, known: KnownNames) -> list[Finding]:
    """What is wrong with one template."""
    if len(text) > MAX_SOURCE:
        detail = f"the template has more than {MAX_SOURCE} characters and was not checked"
        return [finding("D2Z405", place.at(1), detail, task_id=place.task_id, severity="warning")]
    tree = parse_template(text, known)
    if isinstance(tree, jinja2.TemplateSyntaxError):
        return [_syntax_error(tree, place)]
    return [*_unknown_names(tree, place, known), *_unknown_params(tree, place, known)]


def parse_template(text: str, known: KnownNames) -> nodes.Template | jinja2.TemplateSyntaxError:
    """The parsed template, or what is wrong with it. The tree is shared: do not change it."""
    return (_parsed_once if len(text) <= _REMEMBERED else _parsed)(text, known.filters)


def _parsed(text: str, filters: frozenset[str]) -> nodes.Template | jinja2.TemplateSyntaxError:
    environment = _environment(filters)
    try:
        tree = jinja2.Environment.parse(environment, text)
        jinja2.Environment.compile(environment, tree)
    except jinja2.TemplateSyntaxError as error:
        return error
    except (RecursionError, MemoryError):
        return jinja2.TemplateSyntaxError("it is nested too deeply", 1)
    return tree


# The same text is looked at for one purpose after the other, and in all DAGs of a factory.
_parsed_once = lru_cache(maxsize=512)(_parsed)


@lru_cache(maxsize=8)
def _environment(filters: frozenset[str]) -> BoundedEnvironment:
    """An environment to parse in, which counts nothing; making one takes longer than parsing."""
    return BoundedEnvironment(filters=dict.fromkeys(filters, str))


def _syntax_error(error: jinja2.TemplateSyntaxError, place: TemplatePlace) -> Finding:
    detail = f"the template does not parse: {error.message}{place.label(error.lineno)}"
    return finding("D2Z405", place.at(error.lineno), detail, task_id=place.task_id)


def _unknown_names(
    tree: nodes.Template, place: TemplatePlace, known: KnownNames
) -> Iterator[Finding]:
    undeclared = _undeclared(tree) - CONTEXT - known.macros
    undeclared -= {"range", "dict", "cycler", "joiner", "namespace"} | _INTERNAL
    lines = {name.name: name.lineno for name in reversed(list(tree.find_all(nodes.Name)))}
    for name in sorted(undeclared):
        line = lines.get(name, 1)
        known_by = "the runtime" if name in AIRFLOW_ONLY else "Airflow"
        yield _unknown(f"{known_by} has no name {name!r} for templates", line, place)
    for member in tree.find_all(nodes.Getattr):
        yield from _unknown_member(member, place, known)
        of_macros = isinstance(member.node, nodes.Name) and member.node.name == "macros"
        if of_macros and member.attr not in MACROS:
            yield _unknown(f"the runtime has no macros.{member.attr}", member.lineno, place)


def _undeclared(tree: nodes.Template) -> set[str]:
    """The names that the template takes from its context."""
    if next(tree.find_all(_BINDING), None) is not None:
        return meta.find_undeclared_variables(tree)
    return {name.name for name in tree.find_all(nodes.Name)}


def _unknown_member(
    member: nodes.Getattr, place: TemplatePlace, known: KnownNames
) -> Iterator[Finding]:
    """`dag.fileloc`: what Airflow's objects have, and the runtime's have not."""
    owner = member.node.name if isinstance(member.node, nodes.Name) else ""
    members = MEMBERS.get(owner)
    if members is None or member.attr in members or (owner == "task" and known.own_task):
        return
    yield _unknown(f"the runtime has no {owner}.{member.attr} for templates", member.lineno, place)


def _unknown(detail: str, line: int, place: TemplatePlace) -> Finding:
    return finding("D2Z404", place.at(line), f"{detail}{place.label(line)}", task_id=place.task_id)


def _unknown_params(
    tree: nodes.Template, place: TemplatePlace, known: KnownNames
) -> Iterator[Finding]:
    """Params without a default: the run fails as it does in Airflow, unless it is started with
    them.
    """
    if known.params is None:
        return
    optional = {id(node) for node in _with_default(tree)}
    told: set[str] = set()
    for node in tree.find_all((nodes.Getattr, nodes.Getitem)):
        name = _param_name(node)
        if name is None or name in known.params or name in told or id(node) in optional:
            continue
        told.add(name)
        detail = f"params.{name} has no default{place.label(node.lineno)}"
        yield finding(
            "D2Z404",
            place.at(node.lineno),
            detail,
            task_id=place.task_id,
            severity="warning",
            remedy=f"Give {name} a default in params, or start each run with --param {name}=VALUE.",
        )


def _param_name(node: nodes.Node) -> str | None:
    if not isinstance(node, (nodes.Getattr, nodes.Getitem)):
        return None
    if not isinstance(node.node, nodes.Name) or node.node.name != "params":
        return None
    if isinstance(node, nodes.Getattr):
        return None if node.attr in ("get", "items", "keys", "values", "dump") else node.attr
    is_text = isinstance(node.arg, nodes.Const) and isinstance(node.arg.value, str)
    return node.arg.value if is_text and isinstance(node.arg, nodes.Const) else None


def _with_default(tree: nodes.Template) -> Iterator[nodes.Node]:
    """What `default`, `defined` and `undefined` are applied to."""
    for node in tree.find_all((nodes.Filter, nodes.Test)):
        if node.name in ("default", "d", "defined", "undefined") and node.node is not None:
            yield node.node


_INTERNAL = {"_bounded_step", "_bounded_loop", "_bounded_join"}


def _keys(argument: Argument | None) -> frozenset[str]:
    if argument is None or not isinstance(argument.value, dict):
        return frozenset()
    return frozenset(map(str, argument.value))
