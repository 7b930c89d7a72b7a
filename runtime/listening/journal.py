"""What a listener has decided to start, on disk: a listener that is killed before the run is in
ZenML finds it there when it is started again.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from runtime.file_locks import locks_folder


class Journal:
    """One file for each run that is to be started and that ZenML does not have yet."""

    def __init__(self, folder: Path | None = None) -> None:
        """Name the folder, by default that of this machine's listeners."""
        self._folder = folder or locks_folder("starts")

    def note(self, order: dict[str, Any]) -> None:
        """Note a run before it is started; the file is on the disk when this returns."""
        path = self._path(order["run_name"])
        if path.exists():
            return
        self._folder.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_suffix(f".{os.getpid()}.tmp")
        with unfinished.open("w", encoding="utf-8") as file:
            json.dump(order, file)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)

    def forget(self, run_name: str) -> None:
        """Forget a run: ZenML has it, or nobody wants it any more."""
        self._path(run_name).unlink(missing_ok=True)

    def of_files(self, files: Iterable[Path]) -> list[dict[str, Any]]:
        """Give what is noted for some pipeline files, the earliest date first."""
        wanted = {str(file) for file in files}
        found = [self._read(path) for path in sorted(self._folder.glob("*.json"))]
        orders = [order for order in found if order is not None and order["file"] in wanted]
        return sorted(orders, key=lambda order: str(order["logical_date"]))

    def _read(self, path: Path) -> dict[str, Any] | None:
        try:
            order: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None  # Another listener has just forgotten it.
        return order

    def _path(self, run_name: str) -> Path:
        return self._folder / f"{hashlib.sha256(run_name.encode()).hexdigest()[:32]}.json"
