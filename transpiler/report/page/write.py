"""Writing pages to a folder of their own, one at a time."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

from transpiler.report.page.pages import Page
from transpiler.workspace.errors import from_os_error
from transpiler.workspace.output import encoded
from transpiler.workspace.paths import inside


def write_pages(folder: Path, made: Iterable[Page]) -> int:
    """Write the pages and say how many; each appears whole or not at all.

    Raises WorkspaceError, with the path and what can be done.
    """
    number = 0
    for page in made:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            _write(inside(folder, page.path), encoded(page.text))
        except OSError as error:
            raise from_os_error(error, folder, "--html") from error
        number += 1
    return number


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=".page-", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
