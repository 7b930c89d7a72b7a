"""`.airflowignore` in a run: what is read, and what is told."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.ignoring.folders import FILES, kept, make
from transpiler.batch.inputs import gather
from transpiler.cli import app
from transpiler.config import MigrationConfig
from transpiler.ignoring.applying import Ignoring
from transpiler.ignoring.rules import Syntax
from transpiler.ignoring.tree import MAX_BYTES, NAME, IgnoreTree

DAG = """from datetime import datetime
from airflow import DAG
from airflow.operators.empty import EmptyOperator
with DAG("{name}", start_date=datetime(2024, 1, 1), schedule=None):
    EmptyOperator(task_id="a")
"""


@pytest.mark.parametrize(
    ("text", "syntax", "airflow", "left"),
    [
        ("archive", "regexp", 2, {"archive/c.py", "archive/keep/d.py", "team/archive/e.py"}),
        ("^archive", "regexp", 2, {"archive/c.py", "archive/keep/d.py"}),
        ("archive/(?!keep)", "regexp", 2, set()),
        ("archive/(?!keep)", "regexp", 3, {"archive/c.py", "team/archive/e.py"}),
        ("archive/", "glob", 3, {"archive/c.py", "archive/keep/d.py", "team/archive/e.py"}),
        ("/archive\n!archive/keep/", "glob", 3, {"archive/c.py", "archive/keep/d.py"}),
        ("old_*\n!old_b.py", "glob", 3, {"team/deep/old_f.py"}),
        ("*/", "glob", 2, set()),
        ("(x+)+$\n[", "regexp", 3, set()),
    ],
)
def test_patterns(text: str, syntax: Syntax, airflow: int, left: set[str], tmp_path: Path) -> None:
    found = set(FILES) - set(kept(make(tmp_path, {"": text}), syntax, airflow))
    assert {name for name in found if "my_archive" not in name} == left


def test_a_search_that_could_take_long_is_not_made(tmp_path: Path) -> None:
    top = make(tmp_path, {"": "a*b*c*d*e*f*g*z\nold"})
    tree = IgnoreTree(top, "regexp", 2)
    name = "team/deep/old_f.py"
    found = tree.leaves_out(top / name)
    assert found is not None and (found.file, found.line) == (top / NAME, 2)
    assert [item.why for _, item in tree.unusable] == [
        "matching it could take too long, so it is not used"
    ]


def test_ignore_files_that_are_not_read(tmp_path: Path) -> None:
    top = make(tmp_path / "top", {"": "#" * MAX_BYTES + "\nold\n"})
    (tmp_path / "outside").write_text("archive\n")
    (top / "archive" / NAME).symlink_to(tmp_path / "outside")
    (top / "team" / NAME).mkdir()
    assert kept(top, "regexp", 2) == list(FILES)


def project(tmp_path: Path, ignore: str, requirements: str = "") -> Path:
    for name in ("dags/orders.py", "dags/archive/orders_2019.py", "dags/archive/old/stock.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(DAG.format(name=Path(name).stem))
    (tmp_path / "dags" / NAME).write_text(ignore)
    (tmp_path / "requirements.txt").write_text(requirements)
    return tmp_path


def assess(*arguments: str) -> tuple[list[str], list[tuple[str, str, int]], str]:
    done = CliRunner().invoke(app, ["assess", *arguments, "--format", "json"])
    document = json.loads(done.stdout)
    paths = [file["path"] for file in document["files"]]
    told = [(item["code"], item["file"], item["line"]) for item in document["findings"]]
    return paths, told, done.stdout


def test_what_airflow_does_not_load_is_not_read_and_told(tmp_path: Path) -> None:
    root = project(tmp_path, "# since 2021\n^archive\n[\n")
    paths, told, text = assess(str(root / "dags"))
    assert paths == ["dags/orders.py"]
    assert told == [("D2Z123", "dags/.airflowignore", 2), ("D2Z124", "dags/.airflowignore", 3)]
    assert "leaves out 2 files, as in Airflow: dags/archive/old/stock.py" in text
    assert assess(str(root))[0] == paths
    # What is named itself is read, as with `exclude`.
    named = root / "dags/archive/orders_2019.py"
    assert assess(str(named))[0] == ["dags/archive/orders_2019.py"]


@pytest.mark.parametrize("how", ["option", "setting"])
def test_they_can_be_included(how: str, tmp_path: Path) -> None:
    root = project(tmp_path, "^archive\n")
    options = ["--include-ignored"] if how == "option" else []
    if how == "setting":
        (root / "migration.yaml").write_text("airflowignore: include\n")
    paths, told, _ = assess(str(root), *options)
    assert len(paths) == 3 and told == []


@pytest.mark.parametrize(
    ("requirements", "settings", "left"),
    [
        ("", "{}", 2),
        ("apache-airflow==2.10.5", "{}", 2),
        ("apache-airflow==3.0.1", "{}", 3),
        ("apache-airflow==3.0.1", "airflowignore: regexp", 2),
        ("apache-airflow==2.10.5", "airflowignore: glob", 3),
        ("", "airflow_version: '3'", 3),
    ],
)
def test_the_flavour_is_the_one_of_the_projects_airflow(
    requirements: str, settings: str, left: int, tmp_path: Path
) -> None:
    # As a regular expression `orders_*` leaves out every path with `orders`; as a glob only one.
    root = project(tmp_path, "orders_*\n", requirements)
    (root / "migration.yaml").write_text(settings)
    assert len(assess(str(root))[0]) == left - 1


def test_a_folder_that_is_left_out_whole(tmp_path: Path) -> None:
    root = project(tmp_path, "archive\n")
    inputs = gather([root / "dags/archive"], root, MigrationConfig())
    assert inputs.files == [] and [item.code for item in inputs.findings] == ["D2Z123"]


def test_files_outside_of_the_project_have_no_ignore_file(tmp_path: Path) -> None:
    root = project(tmp_path / "one", "^archive\n")
    other = Ignoring(tmp_path / "two", MigrationConfig())
    file = root / "dags/archive/orders_2019.py"
    assert other.kept([file]) == [file] and other.findings() == []
