"""What migration.yaml refers to: the values on a container's own command line and in its
environment.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import libcst as cst

from rules.arguments import given, refused
from rules.pod_values import is_model
from rules.sources import entry_sources, item_sources, keyword_sources, part
from transpiler.config.references import Reference, parse
from transpiler.model.pipeline import Expr

if TYPE_CHECKING:
    from transpiler.lower.errors import UntranslatableError
    from transpiler.lower.lowering import Lowering
    from transpiler.lower.reader import TaskReader
    from transpiler.model.dag import Argument, SourceExpression


@dataclass(frozen=True)
class _Word:
    """One word of the command line, or one variable's value."""

    value: Any
    source: SourceExpression | None


class CommandLine:
    """Command, arguments and environment of a container; knows what was asked for."""

    def __init__(self, task: TaskReader, to: Lowering) -> None:
        self._task = task
        self._to = to
        self._place = given(task, "arguments") or given(task, "cmds") or task.require("image")
        self._words = [word for name in ("cmds", "arguments") for word in _words(given(task, name))]
        self._variables = _variables(given(task, "env_vars"))
        self.asked: set[Reference] = set()

    def unasked(self) -> list[str]:
        """Options and variables that nothing referred to, as they are written."""
        asked = {(reference.kind, _option(reference.name)) for reference in self.asked}
        options = [
            str(word.value).split("=")[0]
            for word in _words(given(self._task, "arguments"))
            if _is_option(word.value)
        ]
        rest = [option for option in options if ("args", _option(option)) not in asked]
        return rest + [name for name in self._variables if ("env", _option(name)) not in asked]

    def expr(self, value: Any) -> Expr:
        """A value of migration.yaml as emitted code, each reference as the DAG file writes the
        value it stands for.

        Raises UntranslatableError (D2Z303) for a reference to an option or a variable that the
        container has not.
        """
        if not isinstance(value, str):
            return self._to.literal(value)
        pieces = parse(value)
        if len(pieces) == 1 and isinstance(pieces[0], Reference):
            return self._resolved(pieces[0])
        if not any(isinstance(piece, Reference) for piece in pieces):
            return self._to.literal("".join(map(str, pieces)))
        return self._joined(pieces)

    def _joined(self, pieces: list[str | Reference]) -> Expr:
        found = [
            self._found(piece) if isinstance(piece, Reference) else _Word(piece, None)
            for piece in pieces
        ]
        parts = [self._to.expr_of(str(word.value), word.source) for word in found]
        literals = [self._to.literal(str(word.value)) for word in found]
        if parts == literals:
            return self._to.literal("".join(str(word.value) for word in found))
        names = frozenset().union(*(piece.names for piece in parts))
        return Expr(" + ".join(piece.code for piece in parts), names)

    def _resolved(self, reference: Reference) -> Expr:
        word = self._found(reference)
        if not reference.as_int:
            return self._to.expr_of(word.value, word.source)
        try:
            number = int(word.value)
        except (TypeError, ValueError) as error:
            raise self._refused(f"{reference} is {word.value!r}, which is not a number") from error
        return self._to.expr_of(number, _inside_str(word.source))

    def _found(self, reference: Reference) -> _Word:
        self.asked.add(reference)
        word: _Word | None
        if reference.kind == "env":
            word = self._variables.get(reference.name)
        else:
            word = _value_of_option(self._words, reference.name)
        if word is None:
            raise self._refused(
                f"migration.yaml refers to {reference}, which the container is not given"
            )
        return word

    def _refused(self, detail: str) -> UntranslatableError:
        return refused(self._task, self._place, detail)


def _words(argument: Argument | None) -> Iterable[_Word]:
    if argument is None or not isinstance(argument.value, (list, tuple)):
        return []
    sources = item_sources(argument.value, argument.source)
    return [_Word(*pair) for pair in zip(argument.value, sources, strict=True)]


def _variables(argument: Argument | None) -> dict[str, _Word]:
    if argument is None:
        return {}
    value, source = argument.value, argument.source
    if isinstance(value, dict):
        sources = entry_sources(value, source)
        return {str(name): _Word(item, sources[name]) for name, item in value.items()}
    variables = {}
    if isinstance(value, (list, tuple)):
        for item, item_source in zip(value, item_sources(value, source), strict=True):
            if is_model(item, "V1EnvVar") and isinstance(item.kwargs.get("name"), str):
                inner = keyword_sources(item, item_source).get("value")
                variables[item.kwargs["name"]] = _Word(item.kwargs.get("value", ""), inner)
    return variables


def _is_option(word: Any) -> bool:
    return isinstance(word, str) and word.startswith("-") and len(word) > 1


def _option(name: str) -> str:
    return name.lstrip("-").replace("_", "-")


def _value_of_option(words: list[_Word], name: str) -> _Word | None:
    """The word after `--name`, or what follows in `--name=value`."""
    for index, word in enumerate(words):
        if not _is_option(word.value):
            continue
        option, equals, value = word.value.partition("=")
        if _option(option) != _option(name):
            continue
        if equals:
            return _Word(value, _after(word.source, f"{option}="))
        if index + 1 < len(words):
            return words[index + 1]
    return None


def _after(source: SourceExpression | None, prefix: str) -> SourceExpression | None:
    """The f-string without the text that it begins with; a single `{expression}` alone is
    `str(expression)`.
    """
    if source is None or not isinstance(source.node, cst.FormattedString) or not source.node.parts:
        return None
    first, *rest = source.node.parts
    if not isinstance(first, cst.FormattedStringText) or not first.value.startswith(prefix):
        return None
    text = first.value.removeprefix(prefix)
    parts = [first.with_changes(value=text), *rest] if text else rest
    if len(parts) == 1 and isinstance(parts[0], cst.FormattedStringExpression):
        only = parts[0]
        if only.conversion is None and only.format_spec is None and only.equal is None:
            return part(source, cst.Call(cst.Name("str"), [cst.Arg(only.expression)]))
    return part(source, source.node.with_changes(parts=parts))


def _inside_str(source: SourceExpression | None) -> SourceExpression | None:
    """`x` of `str(x)`."""
    if source is None or not isinstance(source.node, cst.Call) or len(source.node.args) != 1:
        return None
    call = source.node
    is_str = isinstance(call.func, cst.Name) and call.func.value == "str"
    return part(source, call.args[0].value) if is_str else None
