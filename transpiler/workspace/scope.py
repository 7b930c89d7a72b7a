"""Which DAG files a run speaks for."""

from __future__ import annotations

from collections.abc import Callable, Collection


def covering(paths: Collection[str], unread: Collection[str] = ()) -> Callable[[str], bool]:
    """Whether a DAG file lies at or below one of the paths (relative to the project root).

    Not those at or below one that could not be read: what was made of them before is kept.
    """

    def covers(source: str) -> bool:
        return _below(source, paths) and not _below(source, unread)

    return covers


def _below(source: str, paths: Collection[str]) -> bool:
    return any(path == "." or f"{source}/".startswith(f"{path}/") for path in paths)
