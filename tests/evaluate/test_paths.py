"""Paths: questions about them, and files and folders that a DAG file makes while it is read."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.evaluate.reading import read, read_dag, value_of
from transpiler.model.values import Symbolic

HEAD = "import os, shutil\nfrom pathlib import Path\nBASE = Path(__file__).parent\n"


@pytest.mark.parametrize(
    "statement",
    [
        "Path('/tmp/out').mkdir(parents=True, exist_ok=True)",
        "(BASE / 'logs').mkdir(exist_ok=True)",
        "(BASE / 'flag').touch()",
        "(BASE / 'made.txt').write_text('x')",
        "(BASE / 'dag.py').chmod(0o644)",
        "(BASE / 'gone').unlink(missing_ok=True)",
        "size = (BASE / 'dag.py').stat().st_size",
        "here = Path.cwd() / 'x'",
        "there = Path.home() / 'x'",
        "owner = BASE.owner()",
        "os.makedirs('/tmp/out', exist_ok=True)",
        "shutil.rmtree(BASE / 'old', ignore_errors=True)",
        "with (BASE / 'made').open('w') as out: out.write('x')",
    ],
)
def test_the_rest_of_the_file_is_read(tmp_path: Path, statement: str) -> None:
    code = f"{HEAD}{statement}\nwith DAG('d'):\n    EmptyOperator(task_id='t')\n"
    assert [task.task_id for task in read_dag(tmp_path, code).tasks] == ["t"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["dag.py"]


@pytest.mark.parametrize(
    ("change", "question"),
    [
        ("(BASE / 'a').mkdir()", "(BASE / 'a').exists()"),
        ("(BASE / 'a' / 'b').mkdir(parents=True)", "(BASE / 'a').is_dir()"),
        ("os.makedirs(BASE / 'a')", "os.path.isdir(BASE / 'a')"),
        ("(BASE / 'a.txt').write_text('x')", "(BASE / 'a.txt').read_text()"),
        ("(BASE / 'a.yml').touch()", "[p.name for p in BASE.rglob('*.yml')]"),
        ("(BASE / 'a').mkdir()", "[p.name for p in (BASE / 'a').iterdir()]"),
        ("(BASE / 'dag.py').rename(BASE / 'b.py')", "(BASE / 'b.py').is_file()"),
        ("open(BASE / 'a.txt', 'w')", "os.path.exists(BASE / 'a.txt')"),
        ("(BASE / 'a').mkdir()", "list(os.walk(BASE))"),
    ],
)
def test_what_the_file_changes_is_not_known_any_more(
    tmp_path: Path, change: str, question: str
) -> None:
    assert isinstance(value_of(tmp_path, f"{HEAD}{change}\nx = {question}\n"), Symbolic)


def test_a_made_folder_does_not_hide_what_is_beside_it(tmp_path: Path) -> None:
    files = {"a.yml": "k: 1\n", "in/b.yml": "k: 2\n"}
    code = (
        f"{HEAD}(BASE / 'logs').mkdir(exist_ok=True)\n(BASE / 'in').mkdir(exist_ok=True)\n"
        "x = [sorted(p.name for p in BASE.glob('*.yml')), BASE.is_dir(), (BASE / 'in').is_dir(),\n"
        "    (BASE / 'a.yml').read_text()]\n"
    )
    assert value_of(tmp_path, code, files) == [["a.yml"], True, True, "k: 1\n"]


def test_a_member_that_no_path_has_fails_as_in_python(tmp_path: Path) -> None:
    found = read(tmp_path, f"{HEAD}BASE.make_folder()\nwith DAG('d'): pass\n")
    assert found.error is not None and "AttributeError" in found.error
