"""Rendering a template that may be hostile, within bounds.

Jinja's sandbox keeps a template from Python's internals, but not from using up time and memory.
Here every loop turn and call is counted, and every operation whose result could be large is refused
before it runs.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import jinja2
from jinja2 import nodes
from jinja2.sandbox import SandboxedEnvironment
from jinja2.visitor import NodeTransformer

from transpiler.lower.template_names import FILTERS

MAX_STEPS = 20_000
"""Loop turns, calls and includes of one rendering."""
MAX_CHARACTERS = 1_000_000
"""Length of any text that comes up, the result included."""
MAX_PRODUCT = 10_000_000
"""Largest product of the sizes and numbers that a call or a filter on texts is given."""
MAX_SOURCE = 200_000
"""Characters of a template."""
_SIZED = (str, bytes, list, tuple, dict, set, frozenset)
_WIDTH = re.compile(r"\d{4,}")
_WIDTH_ARGUMENT = re.compile(r"\*|\{[^{}]*:[^{}]*\{")
"""`%*d` and `{:>{width}}`: the width is an argument."""
_COUNT, _LOOP, _JOIN = "_bounded_step", "_bounded_loop", "_bounded_join"


class TemplateBoundsError(Exception):
    """Rendering would take more time or memory than a template of a DAG may."""


class BoundedEnvironment(SandboxedEnvironment):
    """Airflow's Jinja, sandboxed and bounded; make one for each rendering."""

    intercepted_binops = frozenset({"*", "**", "%", "+"})

    def __init__(
        self, sources: Mapping[str, str] | None = None, filters: Mapping[str, Any] | None = None
    ) -> None:
        """`sources` are templates that others may include; `filters` come on top of Airflow's."""
        super().__init__(
            undefined=jinja2.StrictUndefined,
            extensions=["jinja2.ext.do"],
            loader=jinja2.DictLoader(dict(sources or {})),
            cache_size=len(sources or {}),
            optimized=False,
        )
        del self.globals["lipsum"]
        self.filters.update(dict.fromkeys(FILTERS, str))
        self.filters.update(filters or {})
        self.filters = {name: self._filter(name, found) for name, found in self.filters.items()}
        self.globals.update({_COUNT: self._step, _LOOP: self._loop, _JOIN: self._join})
        self._steps = 0

    def bounded(self, source: str, context: Mapping[str, Any]) -> str:
        """Render a text. Raises TemplateBoundsError, and what Jinja and the template raise."""
        if len(source) > MAX_SOURCE:
            raise TemplateBoundsError(f"the template has more than {MAX_SOURCE} characters")
        parts, size = [], 0
        try:
            for chunk in self.from_string(source).generate(dict(context)):
                size += len(chunk)
                if size > MAX_CHARACTERS:
                    raise TemplateBoundsError(
                        f"the result has more than {MAX_CHARACTERS} characters"
                    )
                parts.append(chunk)
        except (RecursionError, MemoryError) as error:
            raise TemplateBoundsError("the template calls itself without end") from error
        return "".join(parts)

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        return _Bounds().visit(super()._parse(source, name, filename))  # type: ignore[no-any-return]

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """Refuse results that could be large: `'x' * 10**9`, `9 ** 9 ** 9`, `'%999999999d' % 1`."""
        if operator == "+":
            _check_size(_size(left) + _size(right))
        elif operator == "%" and isinstance(left, (str, bytes)):
            _check_format(left)
        elif operator in ("*", "**"):
            _check_product(operator, left, right)
        return super().call_binop(context, operator, left, right)

    def call(self, __context: Any, __obj: Any, *args: Any, **kwargs: Any) -> Any:
        """Count the call, and refuse arguments that could make its result large."""
        self._step()
        owner = getattr(__obj, "__self__", None)
        if owner is not self:
            self._check_arguments([owner, *args, *kwargs.values()])
        return super().call(__context, __obj, *args, **kwargs)

    def wrap_str_format(self, value: Any) -> Callable[..., str] | None:
        """Refuse `'{:>999999999}'.format(1)`."""
        owner = getattr(value, "__self__", None)
        if isinstance(owner, str) and getattr(value, "__name__", "") in ("format", "format_map"):
            _check_format(owner)
        return super().wrap_str_format(value)

    def _filter(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def bounded(*args: Any, **kwargs: Any) -> Any:
            self._step()
            self._check_arguments([*args, *kwargs.values()])
            if name == "format":
                _check_format(next((arg for arg in args if isinstance(arg, str)), ""))
            return function(*args, **kwargs)

        # Jinja reads from this attribute whether a filter takes the context as its first argument.
        bounded.__dict__.update(vars(function) if hasattr(function, "__dict__") else {})
        return bounded

    def _check_arguments(self, values: list[Any]) -> None:
        """The result of a call is at most about the product of what it is given: replace, join,
        center, indent.
        """
        sizes = [max(1, _size(value)) for value in values if isinstance(value, _SIZED)]
        numbers = [abs(value) for value in values if isinstance(value, int) and value]
        if sizes and math.prod(sizes + numbers) > MAX_PRODUCT:
            raise TemplateBoundsError("a text or a list would grow too large")

    def _step(self, value: Any = None) -> Any:
        self._steps += 1
        if self._steps > MAX_STEPS:
            raise TemplateBoundsError(
                f"the template takes more than {MAX_STEPS} loop turns and calls"
            )
        return value

    def _loop(self, values: Iterable[Any]) -> Iterator[Any]:
        for value in values:
            yield self._step(value)

    def _join(self, *values: Any) -> str:
        _check_size(sum(_size(value) for value in values))
        return "".join(str(value) for value in values)


class _Bounds(NodeTransformer):
    """Puts the counters into a parsed template."""

    def visit_For(self, node: nodes.For) -> nodes.Node:
        self.generic_visit(node)
        node.iter = _call(_LOOP, [node.iter], node.lineno)
        return node

    def visit_Concat(self, node: nodes.Concat) -> nodes.Node:
        self.generic_visit(node)
        return _call(_JOIN, node.nodes, node.lineno)

    def visit_Include(self, node: nodes.Include) -> nodes.Node:
        self.generic_visit(node)
        node.template = _call(_COUNT, [node.template], node.lineno)
        return node


def _call(name: str, args: list[Any], lineno: int) -> nodes.Call:
    return nodes.Call(nodes.Name(name, "load", lineno=lineno), args, [], None, None, lineno=lineno)


def _size(value: Any) -> int:
    """Characters of a text, or of the texts of a container, roughly."""
    if isinstance(value, (str, bytes)):
        return len(value)
    if isinstance(value, _SIZED):
        return sum(len(item) if isinstance(item, str) else 8 for item in value)
    return 32


def _check_size(size: int) -> None:
    if size > MAX_CHARACTERS:
        raise TemplateBoundsError(f"a text would have more than {MAX_CHARACTERS} characters")


def _check_format(pattern: str | bytes) -> None:
    text = pattern.decode("latin-1") if isinstance(pattern, bytes) else pattern
    if _WIDTH.search(text) or _WIDTH_ARGUMENT.search(text):
        raise TemplateBoundsError("a text is formatted to a width that is too large")


def _check_product(operator: str, left: Any, right: Any) -> None:
    numbers = [value for value in (left, right) if isinstance(value, int)]
    if operator == "**" and any(abs(value) > 1000 for value in numbers):
        raise TemplateBoundsError("a power is too large")
    if operator == "*" and not all(isinstance(value, (int, float)) for value in (left, right)):
        _check_size(max(_size(left), _size(right)) * max([0, *(abs(value) for value in numbers)]))
    elif operator == "*" and any(abs(value) > 10**100 for value in numbers):
        raise TemplateBoundsError("a number is too large")
