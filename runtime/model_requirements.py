"""What a model was trained with, held against what is installed.

MLflow's own check looks through the files of every installed package first, for up to a second of
each run; the names of the packages are enough for it.
"""

from __future__ import annotations

import logging
import platform
from importlib import metadata
from pathlib import Path

logger = logging.getLogger(__name__)

FILE = "requirements.txt"
"""Lies in the folder of a model: https://mlflow.org/docs/latest/ml/model/dependencies/"""


def warn_of_differences(folder: Path, python: str | None) -> None:
    """Log a warning that names each package of a model's folder that is missing or of a version
    that the model does not ask for, and a Python other than the model's.
    """
    file = folder / FILE
    lines = file.read_text(encoding="utf-8").splitlines() if file.is_file() else []
    differing = [found for line in lines if (found := difference(line)) is not None]
    if python is not None and _minor(python) != _minor(platform.python_version()):
        differing.insert(0, f"Python {python} (this is {platform.python_version()})")
    if differing:
        logger.warning(
            "The model asks for %s. Its predictions may differ; install what it asks for.",
            ", ".join(differing),
        )


def difference(requirement: str) -> str | None:
    """Give a requirement with what is installed instead, None where it is met.

    A line that is no requirement of a package by name (a path, an address, an option of pip) and
    one whose marker does not hold here cannot differ.
    """
    from packaging.requirements import InvalidRequirement, Requirement

    try:
        wanted = Requirement(requirement)
    except InvalidRequirement:
        return None
    if wanted.url is not None or (wanted.marker is not None and not wanted.marker.evaluate()):
        return None
    try:
        installed = metadata.version(wanted.name)
    except metadata.PackageNotFoundError:
        return f"{wanted} (not installed)"
    if wanted.specifier.contains(installed, prereleases=True):
        return None
    return f"{wanted} (installed: {installed})"


def _minor(version: str) -> list[str]:
    return version.split(".")[:2]
