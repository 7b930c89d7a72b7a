"""What `dag.test()` of Airflow 2 and 3 has in common: names, plain values, and its waits."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

RECORD = "EQUIVALENCE_RECORD"
"""Environment variable that names the file where a DAG's callbacks write a line each."""
PAUSE_SECONDS = 0.01
"""What `dag.test` sleeps while no task can run, instead of a second."""
MOST_PAUSES = 500
"""More pauses than this: the run will never end, as with `depends_on_past` after a failure."""
INTERNAL_KEYS = {"skipmixin_key", "pipeline_inlets", "pipeline_outlets"}
"""XCom keys by which Airflow remembers decisions and lineage: no values of the user."""
LINKS = "_link_"
"""How XCom keys begin that hold where the buttons of Airflow 3's page of a task lead to."""


class StuckError(Exception):
    """The run waits for something that will not happen."""


class Pauses:
    """Stands for the module `time` in `dag.test`'s loop: its waits are short and counted."""

    def __init__(self, sleep: Callable[[float], None] = time.sleep) -> None:
        self.taken = 0
        self._sleep = sleep

    def sleep(self, seconds: float) -> None:
        self.taken += 1
        if self.taken > MOST_PAUSES:
            raise StuckError("No task can run, and the run does not end.")
        self._sleep(min(seconds, PAUSE_SECONDS))


def plain(value: Any) -> Any:
    """A value as JSON: dates as ISO text, what has no JSON form by its `repr`."""
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        items = sorted(value) if isinstance(value, (set, frozenset)) else value
        return [plain(item) for item in items]
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return value if isinstance(value, (str, int, float, bool, type(None))) else repr(value)


def instance_id(ti: Any) -> str:
    """The name of a task instance: its task's id, with the index where the task is mapped."""
    return ti.task_id if ti.map_index < 0 else f"{ti.task_id}[{ti.map_index}]"


def recorded(path: Path) -> list[Any]:
    """What the DAG's code wrote to its record, line by line."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]
