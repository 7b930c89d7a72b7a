"""Which Airflow a file is read for, and the code that asks for it."""

from __future__ import annotations

import re
from typing import NamedTuple

from transpiler.evaluate.interpreter import Interpreter
from transpiler.evaluate.objects import VersionSwitch
from transpiler.evaluate.release import release_of
from transpiler.model.dag import AirflowRelease

_SWITCH = re.compile(r"\.AIRFLOW_V_(?P<major>\d+)_(?P<minor>\d+)(?:_\d+)?_PLUS$")
_VERSION_NAMES = frozenset(
    {"airflow.__version__", "airflow.version.version", "airflow.sdk.__version__"}
)
_RELEASE = re.compile(r"\d+(?:\.\d+)*")


class Version(NamedTuple):
    """A version as `packaging.version` has it, without its suffixes."""

    major: int
    minor: int
    micro: int

    @property
    def release(self) -> tuple[int, int, int]:
        """The three numbers."""
        return self.major, self.minor, self.micro

    @property
    def base_version(self) -> str:
        """The three numbers as text."""
        return f"{self.major}.{self.minor}.{self.micro}"


def parse_version(text: str) -> Version:
    """The version that a text begins with. Raises ValueError where it begins with no number."""
    match = _RELEASE.match(text.strip().lstrip("v"))
    if match is None:
        raise ValueError(f"Invalid version: {text[:50]!r}")
    numbers = [int(part[:9]) for part in match[0].split(".")[:3]]
    return Version(*numbers, *[0] * (3 - len(numbers)))


def resolve(ip: Interpreter, qualified_name: str) -> VersionSwitch | str | None:
    """The value of a name that says which Airflow there is; None for any other name."""
    if qualified_name in _VERSION_NAMES:
        return Version(*target(ip), 0).base_version
    if match := _SWITCH.search(qualified_name):
        return VersionSwitch(target(ip) >= (int(match["major"]), int(match["minor"])))
    return None


def target(ip: Interpreter) -> tuple[int, int]:
    """Major and minor version of the Airflow that the DAG file is for."""
    found = release(ip)
    return found.major, found.minor


def release(ip: Interpreter) -> AirflowRelease:
    """The Airflow that the DAG file is for, as its project's settings, text or files say."""
    if ip.airflow is None:
        source = next((s for s in ip.sources.values() if s.file == ip.main), None)
        root = ip.project_root
        folders = [folder for folder in ip.main.parents if folder.is_relative_to(root)]
        ip.airflow = release_of(source.positions.text if source is not None else "", folders)
    return ip.airflow
