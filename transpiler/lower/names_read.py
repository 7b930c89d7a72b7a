"""Which names code reads and binds, by Python's own symbol table. Nothing is executed."""

from __future__ import annotations

import symtable
from dataclasses import dataclass


class UnreadableCodeError(Exception):
    """The code is not valid for the Python version that runs this tool."""


@dataclass(frozen=True, slots=True)
class NamesOf:
    """Names of one module-level piece of code.

    `read` are those that it takes from around it, `bound` those that it binds at module level,
    `local` those that are local to functions and classes in it.
    """

    read: frozenset[str]
    bound: frozenset[str]
    local: frozenset[str]
    set_globally: frozenset[str] = frozenset()
    """Names that functions bind by `global`; they count as read."""


def names_of(code: str) -> NamesOf:
    """Names of a piece of module-level code. Raises UnreadableCodeError."""
    try:
        top = symtable.symtable(code, "<source>", "exec")
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise UnreadableCodeError(str(error)) from error
    read: set[str] = set()
    bound: set[str] = set()
    local: set[str] = set()
    set_globally: set[str] = set()
    for symbol in top.get_symbols():
        if symbol.is_assigned() or symbol.is_imported():
            bound.add(symbol.get_name())
        if symbol.is_referenced():
            read.add(symbol.get_name())
    for child in top.get_children():
        _inside(child, read, local, set_globally)
    read |= set_globally
    return NamesOf(
        frozenset(read - bound), frozenset(bound), frozenset(local), frozenset(set_globally)
    )


def _inside(
    table: symtable.SymbolTable, read: set[str], local: set[str], set_globally: set[str]
) -> None:
    for symbol in table.get_symbols():
        name = symbol.get_name()
        if symbol.is_global():
            if symbol.is_referenced():
                read.add(name)
            if symbol.is_assigned():
                set_globally.add(name)
        elif symbol.is_assigned() or symbol.is_parameter() or symbol.is_imported():
            local.add(name)
    for child in table.get_children():
        _inside(child, read, local, set_globally)
