"""Failures that end a command with exit code 2: a message on stderr, no traceback."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import typer


def fail(message: str, code: int = 2) -> typer.Exit:
    """Print the message to stderr; the caller raises what it gets."""
    typer.echo(f"dag2zen: {message}", err=True)
    return typer.Exit(code)


@contextmanager
def failures() -> Iterator[None]:
    """Turn the typed errors of the library into exit code 2."""
    from rules.loading import RuleLoadError
    from transpiler.config import MigrationConfigError
    from transpiler.verify.errors import VerifyError
    from transpiler.workspace.errors import WorkspaceError

    try:
        yield
    except (MigrationConfigError, RuleLoadError, VerifyError, WorkspaceError) as error:
        raise fail(str(error)) from error
