"""What `.airflowignore` leaves out, held against Airflow's own search."""

from __future__ import annotations

import json
import random
import subprocess
from pathlib import Path

import pytest

from tests.ignoring.folders import CASES, FILES, Ignores, kept, make
from tests.judge.airflow_env import LIMIT_SECONDS, airflow_python

_ASK = """
import json, os, sys, tempfile
os.environ["AIRFLOW_HOME"] = tempfile.mkdtemp()
try:
    from airflow._shared.module_loading.file_discovery import find_path_from_directory
except ImportError:
    from airflow.utils.file import find_path_from_directory
found = {}
for folder in sorted(os.listdir(sys.argv[1])):
    for syntax in ("regexp", "glob"):
        top = os.path.join(sys.argv[1], folder)
        try:
            paths = list(find_path_from_directory(top, ".airflowignore", syntax))
        except Exception:
            found[f"{folder} {syntax}"] = None
            continue
        found[f"{folder} {syntax}"] = sorted(os.path.relpath(path, top) for path in paths)
print(json.dumps(found))
"""
_PARTS = (
    "a",
    "old_",
    "archive",
    "team",
    "deep",
    "*",
    "**",
    "/",
    "?",
    "!",
    ".py",
    "[ad]",
    "_f",
    ".",
)


def _random(seed: int) -> Ignores:
    chance = random.Random(seed)
    lines = ["".join(chance.choices(_PARTS, k=chance.randint(1, 4))) for _ in range(4)]
    return {chance.choice(["", "team"]): "\n".join(lines[:2]), "archive": lines[2]}


@pytest.mark.slow
@pytest.mark.parametrize("major", [2, 3])
def test_the_same_files_are_left(major: int, tmp_path: Path) -> None:
    cases = [*CASES, *(_random(seed) for seed in range(100))]
    for number, ignores in enumerate(cases):
        make(tmp_path / "tops" / f"{number:03}", ignores)
    done = subprocess.run(
        [str(airflow_python(major)), "-c", _ASK, str(tmp_path / "tops")],
        capture_output=True,
        text=True,
        check=True,
        timeout=LIMIT_SECONDS,
    )
    answers = json.loads(done.stdout.splitlines()[-1])
    wrong = []
    for number, ignores in enumerate(cases):
        for syntax in ("regexp", "glob"):
            said = answers[f"{number:03} {syntax}"]
            # A pattern of git that its library refuses ends Airflow's search with an error.
            ours = kept(tmp_path / "tops" / f"{number:03}", syntax, major)  # type: ignore[arg-type]
            if said is not None and sorted(ours) != said:
                wrong.append((ignores, syntax, sorted(set(ours) ^ set(said))))
    assert not wrong, "\n".join(map(str, wrong))
    assert sum(answer is not None and answer != sorted(FILES) for answer in answers.values()) > 100
