"""Long definitions of a module, formatted by themselves and kept: the pipelines of one file often
have the same ones.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from functools import lru_cache

MIN_LINES = 30
"""Shorter ones cost less than another call of Black."""
_BODY = "    pass"


def format_definitions(
    source: str, tree: ast.Module, name: str, whole: Callable[[str], str]
) -> str | None:
    """The module with its long functions and classes formatted one by one by `whole`.

    In their place `whole` gets functions called `name` and a number. None where there are no long
    ones, or Black has moved one.
    """
    lines = source.split("\n")
    found = [span for node in tree.body if (span := _span(node, lines)) is not None]
    if not found:
        return None
    kept: list[str] = []
    made: dict[str, list[str]] = {}
    position = 0
    for number, (first, last) in enumerate(found):
        head = f"def {name}d{number}():"
        kept += [*lines[position:first], head, _BODY]
        made[head] = _formatted("\n".join(lines[first : last + 1]), whole).split("\n")
        position = last + 1
    return _put_back(whole("\n".join(kept + lines[position:])), made)


@lru_cache(maxsize=256)
def _formatted(definition: str, whole: Callable[[str], str]) -> str:
    return whole(f"{definition}\n").rstrip("\n")


def _put_back(text: str, made: dict[str, list[str]]) -> str | None:
    lines = iter(text.split("\n"))
    restored: list[str] = []
    for line in lines:
        if (definition := made.pop(line, None)) is None:
            restored.append(line)
        elif next(lines, None) == _BODY:
            restored += definition
        else:
            return None
    return None if made else "\n".join(restored)


def _span(node: ast.stmt, lines: list[str]) -> tuple[int, int] | None:
    """The first and the last line of a long definition; None where comments of its block follow."""
    if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return None
    assert node.end_lineno is not None
    first = min([node.lineno, *(one.lineno for one in node.decorator_list)]) - 1
    last = node.end_lineno - 1
    after = next((line for line in lines[last + 1 :] if line.strip()), "")
    if last - first + 1 < MIN_LINES or after[:1].isspace():
        return None
    # Another statement may share the last line, a comment may not be told from the block's.
    end = lines[last].encode()[node.end_col_offset :].strip()
    return None if end else (first, last)
