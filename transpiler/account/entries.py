"""Arguments of calls, and the entries of the dictionaries given as default_args."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from transpiler.account.found import Found, Page
from transpiler.account.making import Makes
from transpiler.account.nodes import dotted
from transpiler.model.account import ConstructKind

_KINDS: dict[Makes, ConstructKind] = {
    "dag": "dag_argument",
    "group": "group_argument",
    "task": "argument",
}


class ArgumentWalk:
    """Notes arguments as constructs; each dictionary of default_args once, however many DAGs use it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self._values: dict[str, cst.BaseExpression] = {}
        self._defaults: list[tuple[cst.BaseExpression, Found, bool]] = []

    def note_values(self, node: cst.BaseSmallStatement) -> None:
        """Remember the value of a plain assignment, which default_args may name."""
        if isinstance(node, cst.Assign) and isinstance(node.targets[0].target, cst.Name):
            self._values[node.targets[0].target.value] = node.value
        elif isinstance(node, cst.AnnAssign) and isinstance(node.target, cst.Name) and node.value:
            self._values[node.target.value] = node.value

    def of_call(self, call: cst.Call, makes: Makes, thing: Found, *, executed: bool) -> None:
        """The arguments of a call that makes something."""
        for number, arg in enumerate(call.args, start=1):
            name = arg.keyword.value if arg.keyword is not None else _position(arg, number)
            item = self.page.add(
                self._kind(name, arg.value, makes),
                name,
                self.page.span(arg.keyword or arg.value, arg.value),
                starts=[self.page.start(arg.value)],
                executed=executed,
                parent=thing,
                node=arg,
            )
            if name == "default_args":
                self._defaults.append((arg.value, item, executed))

    def _kind(self, name: str, value: cst.BaseExpression, makes: Makes) -> ConstructKind:
        if name.startswith("on_") and name.endswith("_callback") or name == "sla_miss_callback":
            return "callback"
        if makes == "task" and "{{" in (code := self.page.positions.code(value)):
            return "template" if _quoted(code) else _KINDS[makes]
        return _KINDS[makes]

    def default_entries(self) -> None:
        """The entries of all dictionaries that were given as default_args."""
        seen: set[int] = set()
        for value, item, executed in self._defaults:
            if isinstance(value, cst.Name):
                value = self._values.get(value.value, value)
            if id(value) in seen:
                continue
            seen.add(id(value))
            for name, start, node in _entries(value):
                self.page.add(
                    "callback" if name.endswith("_callback") else "default_argument",
                    name,
                    self.page.span(start, node),
                    starts=[self.page.start(node)],
                    executed=executed,
                    parent=item,
                    node=node,
                )


def _position(arg: cst.Arg, number: int) -> str:
    return f"{arg.star}{'.'.join(dotted(arg.value))}" if arg.star else f"#{number}"


def _quoted(code: str) -> bool:
    return '"' in code or "'" in code


def _entries(
    value: cst.BaseExpression,
) -> Iterator[tuple[str, cst.BaseExpression, cst.BaseExpression]]:
    """Name, first and last node of each entry of `{…}` or `dict(…)`."""
    if isinstance(value, cst.Dict):
        for element in value.elements:
            if isinstance(element, cst.DictElement):
                yield _key(element.key), element.key, element.value
            elif isinstance(element, cst.StarredDictElement):
                yield f"**{'.'.join(dotted(element.value))}", element.value, element.value
    elif isinstance(value, cst.Call) and dotted(value.func) == ["dict"]:
        for number, arg in enumerate(value.args, start=1):
            name = arg.keyword.value if arg.keyword is not None else _position(arg, number)
            yield name, arg.keyword or arg.value, arg.value


def _key(node: cst.BaseExpression) -> str:
    return node.raw_value if isinstance(node, cst.SimpleString) else "…"
