"""Airflow's facts of a part's files, by one warm process that forks for each file."""

from __future__ import annotations

import json
import re
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from tests.fidelity.sources import Part, Source
from tests.judge.airflow_env import FACTS, airflow_python

_PROGRESS = re.compile(rb"airflow-facts: \d+/\d+\s*$")
_TAIL = 20

Facts = dict[str, Any]
Done = Callable[[], None]


class JudgeError(Exception):
    """The program that collects Airflow's facts failed as a whole."""


def judge(source: Source, part: Part, jobs: int, done: Done) -> dict[Path, Facts]:
    """Airflow's entry for each file of the part; `airflow` in it is the version that judged."""
    if source.judge is not None:
        return _run(source.judge, source, part, part.files, jobs, done)
    found: dict[Path, Facts] = {}
    for major in (2, 3):
        written = [path for path in part.files if written_for(path) == major]
        found |= _run(major, source, part, written, jobs, done)
    for major in (2, 3):
        failed = [
            path for path in part.files if found[path]["error"] and written_for(path) != major
        ]
        again = _run(major, source, part, failed, jobs, lambda: None)
        found |= {path: facts for path, facts in again.items() if not facts["error"]}
    return found


def written_for(path: Path) -> int:
    """Airflow's major version that the style of a file belongs to."""
    return 3 if b"airflow.sdk" in path.read_bytes() else 2


def _another_release(facts: Facts) -> bool:
    """Whether the file failed for the Airflow that it was given to."""
    return "airflow" in (facts["error"] or "").lower() or "TypeError" in (facts["error"] or "")


def _run(
    major: int, source: Source, part: Part, files: Sequence[Path], jobs: int, done: Done
) -> dict[Path, Facts]:
    if not files:
        return {}
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
