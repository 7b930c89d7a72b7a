"""Which Airflow a DAG file is for: by its own text, else by what its project installs."""

from __future__ import annotations

import os
import re
from pathlib import Path

from transpiler.model.dag import AirflowRelease

NEWEST = {2: 11, 3: 3}
"""The newest minor version of each major one that this tool was held against."""
MAX_FILES = 30
"""Files of the project that are searched for a version."""
MAX_BYTES = 200_000

_LINE = r"^[ \t]*(?:from|import)[ \t]+"
_SDK = re.compile(_LINE + r"airflow\.(?:sdk|providers\.common\.compat\.sdk)\b", re.MULTILINE)
# What Airflow 3 no longer has (its 3.3 and 2.10 were asked by importing each).
_GONE = re.compile(
    _LINE
    + r"airflow\.(?:contrib|datasets|(?:operators|sensors|hooks)\.\w+_(?:operator|sensor|hook)"
    r"|operators\.(?:dummy|subdag|sql)|timetables\.datasets|sensors\.sql|hooks\.dbapi)\b"
    r"|"
    + _LINE
    + r"airflow\.utils\.(?:dates import .*\bdays_ago|decorators import .*\bapply_defaults"
    r"|helpers import .*\b(?:chain|cross_downstream))\b"
    r"|^[^#\n]*\b(?:schedule_interval|fail_stop|default_view|concurrency)=",
    re.MULTILINE,
)
# A file that is for both has an answer to each.
_BOTH = re.compile(
    r"except\s*\(?\s*(?:ImportError|ModuleNotFoundError|AttributeError)|AIRFLOW_V_\d"
)

_NAMES = re.compile(
    r"(?:requirements|constraints|packages)[\w.-]*\.txt|pyproject\.toml|setup\.(?:cfg|py)|Pipfile"
    r"|environment\.ya?ml|(?:[\w.-]*\.)?[Dd]ockerfile[\w.-]*|docker-compose[\w.-]*\.ya?ml|\.env"
)
_PINS = (
    re.compile(
        r"\bapache[-_]airflow(?:\[[^\]]*\])?[\"']?\s*(?:==|~=|=)\s*[\"']?[=~^]*\s*(\d)\.(\d+)"
    ),
    re.compile(r"\bapache/airflow:(?:slim-)?(\d)\.(\d+)"),
    re.compile(r"\bastronomer/(?:astro-)?runtime:(3)\.(\d+)-"),
    re.compile(r"\bAIRFLOW_VERSION\s*[=:]-?\s*[\"']?(\d)\.(\d+)"),
)
# Astronomer's images before Airflow 3 have numbers of their own, one for each minor version.
_ASTRO = re.compile(r"\bastro-runtime:(\d+)\.")
_ASTRO_2 = {number: number - 2 for number in range(5, 14)} | {4: 2, 3: 1}


def release_of(text: str, folders: list[Path]) -> AirflowRelease:
    """The release that a DAG file with this text is for; `folders` are those from its own up to the
    project's root. Without any evidence it is Airflow 2, and `source` is None.
    """
    if _SDK.search(text):
        return AirflowRelease(3, NEWEST[3], "it imports airflow.sdk")
    for folder in folders:
        if (found := _pinned(folder)) is not None:
            return found
    if (gone := _GONE.search(text)) is not None and not _BOTH.search(text):
        shown = " ".join(gone[0].split()).rstrip("=")
        return AirflowRelease(2, NEWEST[2], f"it has {shown}, which Airflow 3 does not")
    return AirflowRelease(2, NEWEST[2], None)


def _pinned(folder: Path) -> AirflowRelease | None:
    """What a folder's files say is installed; None where they do not say, or disagree."""
    found: dict[tuple[int, int], str] = {}
    for path in _files(folder):
        for release in _versions(path):
            found.setdefault(release, path.name)
    if len({major for major, _ in found}) != 1:
        return None
    (major, minor), name = max(found.items())
    return AirflowRelease(major, minor, f"{name} names Airflow {major}.{minor}")


def _files(folder: Path) -> list[Path]:
    with os.scandir(folder) as entries:
        names = [entry.name for entry in entries if _NAMES.fullmatch(entry.name)]
    return [folder / name for name in sorted(names)[:MAX_FILES]]


def _versions(path: Path) -> set[tuple[int, int]]:
    """The releases of Airflow 2 and 3 that a file of the project names."""
    if path.is_symlink() or not path.is_file() or path.stat().st_size > MAX_BYTES:
        return set()
    text = path.read_text("utf-8", "replace")
    found = {(int(m[1]), int(m[2])) for pin in _PINS for m in pin.finditer(text)}
    found |= {(2, _ASTRO_2[int(m[1])]) for m in _ASTRO.finditer(text) if int(m[1]) in _ASTRO_2}
    return {(major, minor) for major, minor in found if major in NEWEST}
