"""Uses of Airflow's classes in callables that the runtime's classes of those names do not have."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import libcst as cst

from transpiler.lower.airflow_names import RUNTIME_NAMES
from transpiler.lower.airflow_uses import Piece, qualified_chain
from transpiler.lower.module_index import dotted
from transpiler.lower.project_modules import ProjectModules
from transpiler.model.finding import Finding, finding
from transpiler.source.visiting import visit

_HOOK_MEMBERS = frozenset(
    {
        "conn_id",
        "conn_name_attr",
        "default_conn_name",
        "get_conn",
        "get_connection",
        "get_cursor",
        "get_df",
        "get_first",
        "get_pandas_df",
        "get_records",
        "get_sqlalchemy_engine",
        "get_uri",
        "insert_rows",
        "log",
        "placeholder",
        "run",
        "schema",
    }
)
_OF_ALL_HOOKS = frozenset(
    {"conn_name_attr", "default_conn_name", "get_conn", "get_connection", "log"}
)
MEMBERS: Mapping[str, frozenset[str]] = {
    "Variable": frozenset({"get"}),
    "BaseHook": frozenset({"get_connection", "get_conn", "log"}),
    "Dataset": frozenset({"uri", "extra"}),
    "Asset": frozenset({"name", "uri", "group", "extra", "ref"}),
    **dict.fromkeys(("DatasetAlias", "AssetAlias"), frozenset({"name", "group"})),
    **dict.fromkeys(
        ("DbApiHook", "MySqlHook", "MsSqlHook", "PostgresHook", "SnowflakeHook", "SqliteHook"),
        _HOOK_MEMBERS,
    ),
    "HttpHook": _OF_ALL_HOOKS | {"run", "method", "http_conn_id"},
    "S3Hook": _OF_ALL_HOOKS
    | frozenset(
        "aws_conn_id get_key check_for_key check_for_bucket read_key list_keys list_prefixes load_file "
        "load_string load_bytes load_file_obj download_file delete_objects".split()
    ),
    "SlackAPIPostOperator": frozenset({"execute", "task_id", "log"}),
    "SlackHook": frozenset({"call", "get_connection", "slack_conn_id", "log"}),
    "SlackWebhookHook": frozenset({"send", "send_dict", "send_text", "execute", "log"}),
    "SlackWebhookOperator": frozenset({"execute", "task_id", "log"}),
    "SubprocessHook": frozenset({"run_command", "log"}),
}
"""What the runtime's classes have of Airflow's; anything else that a callable uses is reported."""


def missing_members(modules: ProjectModules, pieces: list[Piece]) -> Iterator[Finding]:
    """A finding (D2Z304) for each `Variable.set(…)`, `hook.copy_expert(…)` and the like."""
    for piece in pieces:
        key = ("members", piece.path, id(piece.node))
        if key not in modules.facts:
            modules.facts[key] = list(_missing(modules, piece))
        yield from modules.facts[key]


def _missing(modules: ProjectModules, piece: Piece) -> Iterator[Finding]:
    classes = _classes(modules, piece)
    if not classes:
        return
    uses = _Uses(classes)
    visit(piece.node, uses)
    for node, class_name in uses.found:
        detail = f"the callable uses {class_name}.{node.attr.value}, which has no equivalent"
        yield finding("D2Z304", modules.span(piece.path, node), detail)


def _classes(modules: ProjectModules, piece: Piece) -> dict[str, str]:
    """Names of the piece that stand for a class of which the runtime has a part."""
    imports = [*modules.index(piece.path).all_imports, *piece.parts.imports]
    known = {one.bound: RUNTIME_NAMES.get(f"{one.module}.{one.member}") for one in imports}
    for chain in piece.parts.chains:
        known[chain] = RUNTIME_NAMES.get(qualified_chain(modules, piece, chain) or "")
    return {
        bound: str(found.name)
        for bound, found in known.items()
        if found is not None and found.name in MEMBERS
    }


class _Uses(cst.CSTVisitor):
    """Attributes of the classes, of calls of them, and of variables that hold such a call."""

    def __init__(self, classes: dict[str, str]) -> None:
        super().__init__()
        self._classes = classes
        self._instances: dict[str, str] = {}
        self.found: list[tuple[cst.Attribute, str]] = []

    def visit_Assign(self, node: cst.Assign) -> None:
        class_name = self._of_call(node.value)
        for target in node.targets:
            if class_name is not None and isinstance(target.target, cst.Name):
                self._instances[target.target.value] = class_name

    def visit_Attribute(self, node: cst.Attribute) -> None:
        class_name = self._of_call(node.value)
        if class_name is None and isinstance(node.value, cst.Name):
            name = node.value.value
            class_name = self._classes.get(name) or self._instances.get(name)
        elif class_name is None:
            class_name = self._classes.get(dotted(node.value))
        attribute = node.attr.value
        if class_name is None or attribute.startswith("__"):
            return
        if attribute not in MEMBERS[class_name]:
            self.found.append((node, class_name))

    def _of_call(self, node: cst.BaseExpression) -> str | None:
        return self._classes.get(dotted(node.func)) if isinstance(node, cst.Call) else None
