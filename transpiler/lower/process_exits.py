"""Callables that may end their process, which for Airflow ends the task alone."""

from __future__ import annotations

from collections.abc import Iterable

from transpiler.lower.airflow_uses import Piece

_NAMES = frozenset({"SystemExit", "exit", "quit"})
_CHAINS = frozenset({"sys.exit"})


def exits_process(pieces: Iterable[Piece]) -> bool:
    """Whether the code names `sys.exit`, `exit`, `quit` or `SystemExit`.

    Such a function is called by `call_python`, which makes a result or a failure of the exit code.
    """
    return any(
        not _CHAINS.isdisjoint(piece.parts.chains)
        or any(name.value in _NAMES for name in piece.parts.names)
        for piece in pieces
    )
