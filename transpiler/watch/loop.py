"""Runs, one after each batch of changes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from watchfiles import Change, DefaultFilter, watch

ENDINGS = (".py", ".sql", ".yaml", ".yml", ".json", ".sh", ".md", ".txt", ".toml")
NAMES = (".airflowignore",)
"""What DAG files are made of and read, and what tells their Airflow."""
_DEBOUNCE_MILLISECONDS = 300
_LOOK_MILLISECONDS = 500
"""How long the watcher waits for a first change before it says that there is none."""


class SourceFilter(DefaultFilter):
    """Changes of sources: not of the output, nor of folders such as .git and .venv."""

    def __init__(self, output: Path) -> None:
        super().__init__()
        self._output = output.resolve()

    def __call__(self, change: Change, path: str) -> bool:
        """Whether a change is one to run for."""
        file = Path(path)
        inside = file.is_relative_to(self._output)
        wanted = file.suffix in ENDINGS or file.name in NAMES
        return wanted and not inside and super().__call__(change, path)


def changed_files(root: Path, output: Path, ready: Callable[[], None]) -> Iterator[list[str]]:
    """Names of the files, relative to the root, of each batch of changes; ends with Ctrl-C.

    `ready` is called once changes are noticed, before the first batch.
    """
    ready_yet = False
    for batch in watch(
        root,
        watch_filter=SourceFilter(output),
        debounce=_DEBOUNCE_MILLISECONDS,
        rust_timeout=_LOOK_MILLISECONDS,
        yield_on_timeout=True,
        raise_interrupt=False,
    ):
        if not ready_yet:
            ready_yet = True
            ready()
        if batch:
            yield sorted({_shown(Path(path), root) for _, path in batch})


def _shown(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)


def run_for_each(
    batches: Iterable[list[str]], run: Callable[[], None], tell: Callable[[list[str]], None]
) -> None:
    """A run for each batch, announced by the names of what changed."""
    for names in batches:
        tell(names)
        run()
