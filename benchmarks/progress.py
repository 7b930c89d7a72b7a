"""What a measurement is doing, for whoever waits for it; nothing where nobody watches."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

T = TypeVar("T")
_CONSOLE = Console(stderr=True)


def tell(text: str) -> None:
    """A line on stderr."""
    _CONSOLE.print(text, highlight=False)


def shown(what: str, items: Iterable[T]) -> Iterator[T]:
    """The items, with a bar on stderr that says how many are done."""
    chosen: Sequence[T] = list(items)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    hidden = not _CONSOLE.is_terminal
    # No refreshes of its own: the thread for them would take time from what is measured.
    with Progress(*columns, console=_CONSOLE, disable=hidden, auto_refresh=False) as progress:
        task = progress.add_task(what, total=len(chosen))
        for item in chosen:
            progress.update(task, description=f"{what}: {item}")
            progress.refresh()
            yield item
            progress.advance(task)
        progress.update(task, description=what)
        progress.refresh()
