"""Running the programs that collect facts, each in a process of its own."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from transpiler.verify.errors import VerifyError

MISSING = 3
"""Exit code of a program that lacks the package it is about."""
_TAIL = 20


def facts(executable: str, program: str, arguments: Sequence[str]) -> Any:
    """The JSON that the program (a file beside this one) prints, run by that Python.

    Raises VerifyError where it cannot be run, with the end of what it said.
    """
    command = [executable, str(Path(__file__).with_name(program)), *arguments]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, errors="replace", check=False
        )
    except OSError as error:
        raise VerifyError(
            f"{executable} cannot be run: {error.strerror}. Name a Python."
        ) from error
    if done.returncode != 0:
        said = "\n".join(done.stderr.strip().splitlines()[-_TAIL:])
        raise VerifyError(f"{program} ended with exit code {done.returncode}:\n{said}")
    try:
        return json.loads(done.stdout)
    except ValueError as error:
        raise VerifyError(f"{executable} printed something else than facts: {error}") from error
