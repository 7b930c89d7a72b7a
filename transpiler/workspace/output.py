"""What a run wants the output folder to hold."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field

from transpiler.workspace.origin import Origin


def everything(_source: str) -> bool:
    """The run speaks for every DAG file."""
    return True


def nothing(_source: str) -> bool:
    """No DAG file is known to be gone."""
    return False


@dataclass(frozen=True)
class Output:
    """The files of a run, and for which DAG files it speaks.

    Files of DAG files that `covers` says no to are left as they are: two sets of DAGs can be
    written to one folder, and a file that could not be read this time keeps its pipeline.
    """

    files: Mapping[str, str]
    sources: Mapping[str, Collection[str]] = field(default_factory=dict)
    """The DAG files that a file is made of; none for the reports of the whole folder."""
    covers: Callable[[str], bool] = everything
    is_gone: Callable[[str], bool] = nothing
    """Whether a DAG file is not there any more: moved, so that another one now makes its files."""
    origin: Origin = field(default_factory=Origin)
    restore: bool = False
    """Whether files that the user deleted are made again."""


def encoded(text: str) -> bytes:
    """The file's bytes: UTF-8; a lone surrogate, which UTF-8 cannot carry, becomes its escape."""
    return text.encode("utf-8", errors="backslashreplace")
