"""`dag2zen watch`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from transpiler.commands.arguments import Paths
from transpiler.commands.failures import fail, failures
from transpiler.commands.reading import Reading, with_reading_options

if TYPE_CHECKING:
    from transpiler.watch.server import Changes


@with_reading_options
def watch(
    paths: Paths,
    reading: Reading,
    out: Annotated[Path, typer.Option(help="Folder to write the project to.")],
    port: Annotated[
        int,
        typer.Option(min=0, max=65535, help="Port of the report on this machine; 0: a free one."),
    ] = 0,
    serve: Annotated[
        bool, typer.Option("--serve/--no-serve", help="Show the report and refresh it.")
    ] = True,
) -> None:
    """Transpile again whenever a source changes, and refresh the report that is open in a browser.

    The report is served on 127.0.0.1 only. Ctrl-C ends it. Exit code 0: ended; 2: usage, input or
    output.
    """
    try:
        from transpiler.watch.loop import changed_files, run_for_each
    except ModuleNotFoundError as error:
        if error.name != "watchfiles":
            raise
        raise fail("watching needs watchfiles. Install it: pip install 'dag2zen[watch]'") from error
    from transpiler.batch.inputs import project_root_of
    from transpiler.watch.server import Changes, serving

    missing = [path for path in paths if not path.exists()]
    if missing:
        raise fail(f"{missing[0]} does not exist. Name DAG files, or folders to search for them.")
    root = reading.project_root.resolve() if reading.project_root else project_root_of(paths)
    changes = Changes()
    run = _runner(paths, out, root, reading, changes)
    run()
    with ExitStack() as stack:
        if serve:
            try:
                address = stack.enter_context(serving(out, port, changes))
            except OSError as error:
                raise fail(f"port {port}: {error.strerror}. Choose another --port.") from error
            typer.echo(f"The report: {address}", err=True)
        ready = partial(typer.echo, f"Watching {root}. Ctrl-C ends it.", err=True)
        # Between two looks the watcher does not catch Ctrl-C itself.
        with suppress(KeyboardInterrupt):
            run_for_each(changed_files(root, out, ready), run, _tell)
    typer.echo("Ended.", err=True)


def _tell(names: list[str]) -> None:
    shown = ", ".join(names[:3])
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    typer.echo(f"\nChanged: {shown}{more}", err=True)


def _runner(
    paths: Sequence[Path],
    out: Path,
    root: Path,
    reading: Reading,
    changes: Changes,
) -> Callable[[], None]:
    """One run. What is wrong with settings or output is told, and the next change tried again."""

    def run() -> None:
        from transpiler.commands.migration import migration_of
        from transpiler.commands.printing import print_document
        from transpiler.project import write

        try:
            with failures():
                analysis = reading.analyse(paths, emit=True, project_root=root)
                document, plan = write(out, migration_of(analysis, paths, reading.rules))
        except typer.Exit:
            return  # told already
        print_document(document, "text")
        typer.echo(f"{out}: {len(plan.write)} files written, {len(plan.remove)} removed", err=True)
        changes.tell()

    return run
