"""Airflow Variables and connections that templates, arguments and callables look up by name."""

from __future__ import annotations

import re
from collections.abc import Iterator

import libcst as cst

from transpiler.lower.airflow_names import RUNTIME_NAMES, is_airflow
from transpiler.lower.airflow_uses import Piece, qualified_chain
from transpiler.lower.hook_connections import HOOK_CONNECTIONS, HOOK_DEFAULTS, HOOK_TYPES
from transpiler.lower.module_index import dotted
from transpiler.lower.project_modules import ProjectModules
from transpiler.lower.settings import GENERIC, Settings
from transpiler.lower.signatures import plain_default
from transpiler.model.dag import Argument
from transpiler.model.span import Span
from transpiler.model.values import Call, Symbolic, Value, marks

_KEYS = frozenset({"key", "conn_id", *HOOK_CONNECTIONS.values()})
_TOKENS = frozenset({"token", "slack_token", "webhook_token"})
"""With these a hook needs no connection."""
_PLACE_OF_JSON = 2
"""Where `Variable.get` has `deserialize_json` among its arguments."""
_BLOCK = re.compile(r"\{\{(.*?)\}\}|\{%(.*?)%\}", re.DOTALL)
_VARIABLE = re.compile(r"\bvar\.(?:value|json)\.(?!get\b)(\w+)")
_VARIABLE_GET = re.compile(r"""\bvar\.(value|json)\.get\(\s*(['"])(.+?)\2\s*(?:,([^()]*))?""")
_CONNECTION = re.compile(r"\bconn\.(?!get\b)(\w+)")
_CONNECTION_GET = re.compile(r"""\bconn\.get\(\s*(['"])(.+?)\1""")


def note_in_template(text: str, span: Span, settings: Settings) -> None:
    """Note what the Jinja blocks of a text look up."""
    for block in _BLOCK.finditer(text):
        code = block[1] or block[2] or ""
        for plain in _VARIABLE.finditer(code):
            settings.variable(plain[1], span)
        for get in _VARIABLE_GET.finditer(code):
            given = plain_default((get[4] or "").strip())[1]
            default = _as_configured(given, is_json=get[1] == "json")
            settings.variable(get[3], span, default=default, required=get[4] is None)
        for conn_id in _names(code, _CONNECTION, _CONNECTION_GET):
            settings.connection(conn_id, span, kind=GENERIC)


def note_in_argument(argument: Argument, settings: Settings) -> None:
    """Note what the templates in an argument look up, and calls of `Variable.get` in it."""
    for text in _texts(argument.value):
        note_in_template(text, argument.span, settings)
    for mark in marks(argument.value):
        if isinstance(mark, Call) and is_airflow(mark.func) and mark.func.endswith("Variable.get"):
            key = mark.args[0] if mark.args else mark.kwargs.get("key")
            if isinstance(key, str):
                settings.variable(key, mark.span)


def note_in_code(modules: ProjectModules, pieces: list[Piece], settings: Settings) -> None:
    """Note `Variable.get("…")` and `BaseHook.get_connection("…")` in the code of callables."""
    for piece in pieces:
        key = ("looked up", piece.path, id(piece.node))
        if key not in modules.facts:
            modules.facts[key] = list(_calls(modules, piece))
        for call, names, span in modules.facts[key]:
            _note_call(call, names, span, settings)


def _calls(
    modules: ProjectModules, piece: Piece
) -> Iterator[tuple[cst.Call, dict[str, str], Span]]:
    """Calls of what looks something up by the names in `_bound_names`."""
    names = _bound_names(modules, piece)
    for call in piece.parts.calls if names else ():
        written = dotted(call.func)
        if written in names or written.rpartition(".")[0] in names:
            yield call, names, modules.span(piece.path, call)


def _note_call(call: cst.Call, names: dict[str, str], span: Span, settings: Settings) -> None:
    written = dotted(call.func)
    owner, _, method = written.rpartition(".")
    hook = names.get(written, "")
    place = 1 if hook == "HttpHook" else 0
    key = _text_argument(call, place)
    if hook in HOOK_CONNECTIONS:
        if key is None and not _is_told(call, hook, place):
            key = HOOK_DEFAULTS.get(hook)
        if key is not None:
            settings.connection(key, span, kind=HOOK_TYPES.get(hook, GENERIC))
    elif key is None:
        return
    elif names.get(owner) == "Variable" and method == "get":
        settings.variable(key, span, default=_default(call), required=not _has_default(call))
    elif names.get(owner) in (*HOOK_CONNECTIONS, "BaseHook") and method == "get_connection":
        settings.connection(key, span, kind=GENERIC)


def _is_told(call: cst.Call, hook: str, place: int) -> bool:
    """Whether a hook is told its connection, or may be, by an argument that is no text."""
    names = {HOOK_CONNECTIONS[hook], "http_conn_id", *_TOKENS}
    for position, arg in enumerate(call.args):
        if arg.star:
            return True
        is_it = position == place if arg.keyword is None else arg.keyword.value in names
        if is_it and not (isinstance(arg.value, cst.Name) and arg.value.value == "None"):
            return True
    return False


def _bound_names(modules: ProjectModules, piece: Piece) -> dict[str, str]:
    """Names in the piece's module that stand for Airflow's lookup classes."""
    imports = [
        *modules.index(piece.path).all_imports,
        *piece.parts.imports,
    ]
    known = {one.bound: RUNTIME_NAMES.get(f"{one.module}.{one.member}") for one in imports}
    for chain in piece.parts.chains:
        known[chain] = RUNTIME_NAMES.get(qualified_chain(modules, piece, chain) or "")
    return {bound: str(found.name) for bound, found in known.items() if found is not None}


def _text_argument(call: cst.Call, position: int = 0) -> str | None:
    """The text that says what is looked up: by its name, or at its position."""
    for place, arg in enumerate(call.args):
        name = arg.keyword.value if arg.keyword else None
        if (name is None and place == position) or name in _KEYS:
            value = arg.value
            if isinstance(value, (cst.SimpleString, cst.ConcatenatedString)):
                text = value.evaluated_value
                return text if isinstance(text, str) else None
    return None


def _default_node(call: cst.Call) -> cst.BaseExpression | None:
    for position, arg in enumerate(call.args):
        name = arg.keyword.value if arg.keyword else None
        if (name is None and position == 1) or name in ("default_var", "default"):
            return arg.value
    return None


def _has_default(call: cst.Call) -> bool:
    return _default_node(call) is not None


def _default(call: cst.Call) -> Value:
    node = _default_node(call)
    if node is None:
        return None
    given = plain_default(cst.Module([]).code_for_node(node))[1]
    is_json = any(
        arg.keyword is not None
        and arg.keyword.value == "deserialize_json"
        and getattr(arg.value, "value", "True") != "False"
        for arg in call.args
    )
    return _as_configured(given, is_json=is_json or len(call.args) > _PLACE_OF_JSON)


def _as_configured(default: Value, *, is_json: bool) -> Value:
    """A default that means the same when it stands in the configuration; None for another one.

    What is configured is text, or read as JSON; Airflow gives a default as it is.
    """
    return default if isinstance(default, str) is not is_json else None


def _names(code: str, plain: re.Pattern[str], get: re.Pattern[str]) -> Iterator[str]:
    yield from (match[1] for match in plain.finditer(code))
    yield from (match[2] for match in get.finditer(code))


def _texts(value: Value) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _texts(key)
            yield from _texts(item)
    elif isinstance(value, (list, tuple, set, frozenset)):
        for item in value:
            yield from _texts(item)
    elif isinstance(value, Call):
        yield from _texts((value.args, dict(value.kwargs)))
    elif isinstance(value, Symbolic):
        yield from _texts(value.parts)
