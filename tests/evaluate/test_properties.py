"""Any file whatsoever is read without raising, within the limits, and the same way each time."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.evaluate.dag_programs import programs
from transpiler.evaluate import read_dag_file
from transpiler.evaluate.limits import Limits
from transpiler.model.dag import DagFile

ROOT = Path(__file__).resolve().parents[2]
LIMITS = Limits(seconds=2)
FAST = settings(deadline=None, max_examples=60, database=None)


def reading_of(data: bytes) -> DagFile:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "d.py"
        path.write_bytes(data)
        return read_dag_file(path, Path(folder), LIMITS)


@FAST
@given(st.binary(max_size=200))
def test_any_bytes(data: bytes) -> None:
    found = reading_of(data)
    assert found.dags or found.findings


@FAST
@given(st.text(alphabet="abc=()[]{}'\"#\\\n\t :,.*@0\u00e9\u2028", max_size=200))
def test_any_text(text: str) -> None:
    found = reading_of(text.encode())
    assert found.dags or found.findings


NAMES = st.sampled_from(["a", "b", "c", "d", "x"])
VALUES = st.recursive(
    st.one_of(
        NAMES,
        st.integers(-3, 99).map(str),
        st.sampled_from(["'t'", "f'{a}'", "None", "True", "os.environ['A']", "range(3)"]),
    ),
    lambda inner: st.one_of(
        st.tuples(
            inner, st.sampled_from(["+", "*", ">>", "<<", "%", "and", "in", "=="]), inner
        ).map(lambda parts: f"({' '.join(parts)})"),
        st.lists(inner, max_size=3).map(lambda items: f"[{', '.join(items)}]"),
        st.tuples(inner, inner).map(lambda pair: "{" + f"{pair[0]}: {pair[1]}" + "}"),
        st.tuples(inner, inner).map(lambda pair: f"{pair[0]}[{pair[1]}]"),
        st.tuples(NAMES, inner).map(lambda pair: f"[{pair[0]} for {pair[0]} in {pair[1]}]"),
        inner.map(lambda value: f"helper({value})"),
        inner.map(lambda value: f"EmptyOperator(task_id=str({value}), params={value})"),
        st.tuples(inner, inner).map(lambda pair: f"chain({', '.join(pair)})"),
    ),
    max_leaves=6,
)


def indented(lines: list[str]) -> str:
    return "\n".join("    " + line for part in lines for line in part.split("\n")) or "    pass"


STATEMENTS = st.recursive(
    st.one_of(
        st.tuples(NAMES, VALUES).map(lambda pair: f"{pair[0]} = {pair[1]}"),
        st.tuples(NAMES, VALUES).map(lambda pair: f"{pair[0]} += {pair[1]}"),
        VALUES,
    ),
    lambda inner: st.one_of(
        st.tuples(NAMES, VALUES, st.lists(inner, max_size=3)).map(
            lambda parts: f"for {parts[0]} in {parts[1]}:\n{indented(parts[2])}"
        ),
        st.tuples(VALUES, st.lists(inner, max_size=3), st.lists(inner, max_size=2)).map(
            lambda parts: f"if {parts[0]}:\n{indented(parts[1])}\nelse:\n{indented(parts[2])}"
        ),
        st.lists(inner, max_size=3).map(lambda body: f"while a:\n{indented(body)}"),
        st.tuples(NAMES, st.lists(inner, max_size=3)).map(
            lambda parts: f"with TaskGroup('{parts[0]}'):\n{indented(parts[1])}"
        ),
        st.tuples(NAMES, st.lists(inner, max_size=3)).map(
            lambda parts: f"def helper({parts[0]}=1):\n{indented(parts[1])}\n    return {parts[0]}"
        ),
        st.lists(inner, max_size=3).map(
            lambda body: f"try:\n{indented(body)}\nexcept Exception:\n    pass"
        ),
    ),
    max_leaves=12,
)
HEADER = """import os
from airflow import DAG
from airflow.models.baseoperator import chain
from airflow.operators.empty import EmptyOperator
from airflow.utils.task_group import TaskGroup
a, b, c, d, x = 1, [2], {"k": 3}, "t", None
def helper(value=1): return value
with DAG("d"):
"""


SOME_STATEMENTS = st.lists(STATEMENTS, min_size=1, max_size=6)


@settings(deadline=None, max_examples=20, database=None)
@given(SOME_STATEMENTS)
def test_random_programs(statements: list[str]) -> None:
    check_program(statements)


@pytest.mark.slow
@settings(deadline=None, max_examples=300, database=None)
@given(SOME_STATEMENTS)
def test_many_random_programs(statements: list[str]) -> None:
    check_program(statements)


def check_program(statements: list[str]) -> None:
    """What is read of the statements in a DAG holds together."""
    found = reading_of((HEADER + indented(statements) + "\n").encode())
    assert found.dags or found.findings
    for dag in found.dags:
        ids = {task.task_id for task in dag.tasks}
        assert all(set(task.upstream) <= ids for task in dag.tasks)


@settings(deadline=None, max_examples=20, database=None)
@given(programs())
def test_graph_of_a_program(program: tuple[str, dict[str, set[str]]]) -> None:
    check_graph(program)


@pytest.mark.slow
@settings(deadline=None, max_examples=500, database=None)
@given(programs())
def test_graphs_of_many_programs(program: tuple[str, dict[str, set[str]]]) -> None:
    check_graph(program)


def check_graph(program: tuple[str, dict[str, set[str]]]) -> None:
    """The graph that is read is the one that the program was made for."""
    text, upstream = program
    found = reading_of(text.encode())
    assert found.error is None, found.findings
    (dag,) = found.dags
    assert {task.task_id: set(task.upstream) for task in dag.tasks} == upstream
    assert found.findings == ()


def _library() -> list[Path]:
    """Every twelfth module of the standard library, whose sources are valid Python of all kinds."""
    folder = Path(sysconfig.get_paths()["stdlib"])
    return sorted([*folder.glob("*.py"), *folder.glob("asyncio/*.py")])[::12]


@pytest.mark.parametrize("path", _library(), ids=lambda path: path.stem)
def test_any_python_file(path: Path, tmp_path: Path) -> None:
    (tmp_path / "d.py").write_bytes(path.read_bytes())
    found = read_dag_file(tmp_path / "d.py", tmp_path, Limits(steps=20_000))
    assert found.dags or found.findings
    assert not {item.code for item in found.findings} & {"D2Z101", "D2Z102", "D2Z104", "D2Z119"}


@pytest.mark.slow
def test_many_python_files(tmp_path: Path) -> None:
    folder = Path(sysconfig.get_paths()["stdlib"])
    for path in sorted(folder.rglob("[a-m]*.py"))[5::17]:
        if "site-packages" not in path.parts and "bad" not in path.name:
            (tmp_path / "d.py").write_bytes(path.read_bytes())
            found = read_dag_file(tmp_path / "d.py", tmp_path, Limits(steps=20_000))
            assert found.dags or found.findings, path
            assert "D2Z119" not in {item.code for item in found.findings}, path


def test_files_read_before_change_nothing() -> None:
    names = ("factory", "imports", "subclasses", "yaml_files", "groups")
    files = [ROOT / "tests" / "judge" / "dags" / f"{name}.py" for name in names]

    def shown(file: Path) -> list[object]:
        found = read_dag_file(file, ROOT)
        tasks = [
            (t.task_id, t.upstream, t.span, list(t.arguments)) for d in found.dags for t in d.tasks
        ]
        return [tasks, found.findings, list(found.modules), found.files_read]

    forwards = {file: shown(file) for file in files}
    backwards = {file: shown(file) for file in reversed(files)}
    assert forwards == backwards


SHOW = """
import sys
from pathlib import Path
from transpiler.evaluate import read_dag_file
for name in sys.argv[2:]:
    found = read_dag_file(Path(name), Path(sys.argv[1]))
    for dag in found.dags:
        print(dag.dag_id, sorted(dag.arguments), dag.findings)
        for task in dag.tasks:
            print(task.task_id, task.operator, task.upstream, list(task.arguments), task.span)
    print(found.findings, found.error, list(found.modules), found.files_read)
"""


def test_same_result_for_any_hash_seed_and_folder(tmp_path: Path) -> None:
    files = sorted((ROOT / "tests" / "judge" / "dags").glob("*.py"))
    files += sorted((ROOT / "fixtures_dags").rglob("*.py"))
    files += sorted((ROOT / "tests" / "walkthrough").rglob("dags/*.py"))
    files = [path for path in files if path.stem != "endless"]  # which takes all the time it may
    command = [sys.executable, "-c", SHOW, str(ROOT), *map(str, files)]
    outputs = []
    for seed, folder in (("1", ROOT), ("2", tmp_path)):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)}
        done = subprocess.run(
            command, env=environment, cwd=folder, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        outputs.append(done.stdout)
    assert outputs[0] == outputs[1]


BROKEN = {
    "cycle": ("D2Z114", 7),
    "duplicate_task_id": ("D2Z113", 8),
    "endless": ("D2Z108", 8),
    "hostile_ids": ("D2Z115", 32),
    "no_dag": ("D2Z106", 1),
    "not_python": ("D2Z101", 1),
    "python2": ("D2Z102", 9),
}


@pytest.mark.parametrize("name", BROKEN)
def test_broken_fixture(name: str) -> None:
    path = ROOT / "fixtures_dags" / "broken" / f"{name}.py"
    found = read_dag_file(path, ROOT)
    assert found.dags == ()
    first = found.findings[0]
    assert (first.code, first.span.line) == BROKEN[name]
    assert first.span.file == f"fixtures_dags/broken/{name}.py"
