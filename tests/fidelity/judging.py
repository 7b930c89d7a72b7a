"""Airflow's facts of a part's files, by one warm process that forks for each file."""

from __future__ import annotations

import json
import re
import subprocess
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.fidelity.sources import Part, Source
from tests.fidelity.store import Store, facts_key
from tests.judge.airflow_env import FACTS, airflow_python

_PROGRESS = re.compile(rb"airflow-facts: \d+/\d+\s*$")
_TAIL = 20
# Files of one start of Airflow: enough to pay for it, few enough to lose when a run is stopped.
_AT_ONCE = 30

Facts = dict[str, Any]
Done = Callable[[], None]


class JudgeError(Exception):
    """The program that collects Airflow's facts failed as a whole."""


def judge(
    source: Source,
    part: Part,
    read_for: Mapping[Path, int],
    jobs: int,
    store: Store,
    done: Done,
) -> dict[Path, Facts]:
    """Airflow's entry for each file of the part; `airflow` in it is the version that judged.

    Where the source names no Airflow, it is the one that a file was read for, or the other where
    that one cannot load it.
    """
    if source.judge is not None:
        return _run(source.judge, source, part, part.files, jobs, store, done)
    found: dict[Path, Facts] = {}
    for major in (2, 3):
        mine = [path for path in part.files if read_for[path] == major]
        found |= _run(major, source, part, mine, jobs, store, done)
    for major in (2, 3):
        failed = [path for path in part.files if found[path]["error"] and read_for[path] != major]
        again = _run(major, source, part, failed, jobs, store, lambda: None)
        found |= {path: facts for path, facts in again.items() if not facts["error"]}
    return found


def _run(
    major: int,
    source: Source,
    part: Part,
    files: Sequence[Path],
    jobs: int,
    store: Store,
    done: Done,
) -> dict[Path, Facts]:
    found: dict[Path, Facts] = {}
    keys = {path: facts_key(path, part.root, major, source.stand_ins) for path in files}
    for path, key in keys.items():
        known = store.get(key)
        if known is not None:
            found[path] = known
            done()
    waiting = [path for path in files if path not in found]
    for start in range(0, len(waiting), _AT_ONCE):
        some = waiting[start : start + _AT_ONCE]
        for path, facts in _load(major, source, part, some, jobs, done).items():
            store.put(keys[path], facts)
            found[path] = facts
    return found


def _load(
    major: int, source: Source, part: Part, files: Sequence[Path], jobs: int, done: Done
) -> dict[Path, Facts]:
    options = ["--project-root", str(part.root), "--jobs", str(jobs), "--progress"]
    options += ["--stand-ins"] if source.stand_ins else []
    command = [str(airflow_python(major)), str(FACTS), *options, *map(str, files)]
    with tempfile.TemporaryFile() as output:
        code, said = _watch(command, output, done)
        if code != 0:
            raise JudgeError(f"{part.name}: {said}")
        output.seek(0)
        document = json.load(output)
    version = document["airflow"]
    return {Path(entry["path"]): {**entry, "airflow": version} for entry in document["files"]}


def _watch(command: list[str], output: Any, done: Done) -> tuple[int, str]:
    """Exit code of the command, and the end of what it said; `done` is called for each file."""
    tail: list[bytes] = []
    with subprocess.Popen(command, stdout=output, stderr=subprocess.PIPE) as process:
        assert process.stderr is not None
        for line in process.stderr:
            if _PROGRESS.match(line):
                done()
            else:
                tail = [*tail[1 - _TAIL :], line]
    return process.returncode, b"".join(tail).decode("utf-8", "replace")
