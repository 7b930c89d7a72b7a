"""Many files: inputs, isolation, collisions, processes."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from rules.loading import RuleLoadError
from tests.emit import factory
from transpiler.batch.collisions import identifier_overrides, with_duplicates, with_renamed
from transpiler.batch.inputs import gather, project_root_of, shown_path
from transpiler.batch.job import internal_failure
from transpiler.batch.shadowing import shadowing
from transpiler.config import MigrationConfig
from transpiler.report.result import FileResult
from transpiler.service import analyse

DAG = """\
from datetime import datetime

from airflow import DAG
from airflow.operators.empty import EmptyOperator

with DAG("{dag_id}", start_date=datetime(2024, 1, 1), schedule="@daily", catchup=False):
    EmptyOperator(task_id="start") >> EmptyOperator(task_id="end")
"""
FAILING_RULE = """\
from rules.registry import Example, rule

@rule("airflow.operators.empty.EmptyOperator", docs="https://example.org",
      examples=[Example(before="a", after="b")])
def fails(task, to):
    {statement}
"""


def project(tmp_path: Path, **files: str) -> Path:
    """A project with a `dags` folder that holds the files."""
    folder = tmp_path / "dags"
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / f"{name}.py").write_text(text)
    return tmp_path.resolve()


def codes(result: FileResult) -> list[str]:
    """The codes of findings that are more than hints."""
    return sorted(f.code for f in result.all_findings if f.severity != "info")


def test_files_come_in_the_order_of_their_names(tmp_path: Path) -> None:
    root = project(tmp_path, b=DAG.format(dag_id="b"), a=DAG.format(dag_id="a"), other="x = 1")
    seen: list[tuple[int, int]] = []
    results = analyse(
        [root / "dags", root / "dags" / "b.py"],
        project_root=root,
        config=MigrationConfig(),
        progress=lambda done, total: seen.append((done, total)),
        emit=True,
    )
    assert [result.path for result in results] == ["dags/a.py", "dags/b.py"]
    assert [p.dag_id for result in results for p in result.pipelines] == ["a", "b"]
    assert seen == [(1, 2), (2, 2)]
    assert {"pipelines/a.py", "tests/test_a.py"} <= results[0].files.keys()


def test_assessing_emits_nothing(tmp_path: Path) -> None:
    root = project(tmp_path, a=DAG.format(dag_id="a"))
    (result,) = analyse([root], project_root=root, config=MigrationConfig())
    assert result.files == {}
    assert len(result.pipelines) == 1


def test_bad_files_do_not_end_the_batch(tmp_path: Path) -> None:
    root = project(tmp_path, good=DAG.format(dag_id="good"), broken="import airflow; dag = (")
    results = analyse([root], project_root=root, config=MigrationConfig())
    broken, good = results
    assert codes(broken) == ["D2Z101"]
    assert broken.error is not None
    assert len(good.pipelines) == 1


def test_paths_that_stand_for_no_file(tmp_path: Path) -> None:
    root = project(tmp_path)
    paths = [root / "dags", root / "missing.py"]
    folder, missing = analyse(paths, project_root=root, config=MigrationConfig())
    assert (folder.path, codes(folder)) == ("dags", ["D2Z118"])
    assert (missing.path, codes(missing)) == ("missing.py", ["D2Z120"])


def test_a_path_that_the_system_refuses(tmp_path: Path) -> None:
    root = project(tmp_path)
    (failed,) = analyse([root / ("x" * 300)], project_root=root, config=MigrationConfig())
    assert codes(failed) == ["D2Z120"]


def test_a_folder_with_more_than_is_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = project(tmp_path, a=DAG.format(dag_id="a"), b=DAG.format(dag_id="b"))
    monkeypatch.setattr("transpiler.source.discover.MAX_SCANNED", len(DAG.format(dag_id="a")))
    failed, read = analyse([root / "dags"], project_root=root, config=MigrationConfig())
    assert (failed.path, codes(failed)) == ("dags", ["D2Z108"])
    assert read.path == "dags/a.py"


def test_excluded_files_of_folders(tmp_path: Path) -> None:
    root = project(tmp_path, a=DAG.format(dag_id="a"), old_b=DAG.format(dag_id="b"))
    config = MigrationConfig(exclude=["dags/old_*.py"])
    assert [path.name for path in gather([root / "dags"], root, config).files] == ["a.py"]
    named = gather([root / "dags" / "old_b.py"], root, config).files
    assert [path.name for path in named] == ["old_b.py"]


@pytest.mark.parametrize(
    ("statement", "kind"),
    [
        ("raise RuntimeError('secret')", "RuntimeError"),
        ("return fails(task, to)", "RecursionError"),
    ],
)
def test_a_failure_of_ours_is_a_finding_of_its_dag(
    tmp_path: Path, statement: str, kind: str
) -> None:
    root = project(tmp_path, a=DAG.format(dag_id="a"))
    rules = tmp_path / "rules.py"
    rules.write_text(FAILING_RULE.format(statement=statement))
    (result,) = analyse([root], project_root=root, config=MigrationConfig(), rules=[rules])
    (finding,) = result.findings
    assert (finding.code, finding.span.line) == ("D2Z119", 6)
    assert finding.message.startswith(f"DAG a: {kind} at ")
    assert "secret" not in finding.message
    assert result.pipelines == ()


def test_a_failure_of_ours_while_reading_is_a_finding_of_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(path: Path, project_root: Path, **options: object) -> None:
        raise ValueError("secret")

    root = project(tmp_path, a=DAG.format(dag_id="a"))
    monkeypatch.setattr("transpiler.evaluate.read_dag_file", fails)
    (result,) = analyse([root], project_root=root, config=MigrationConfig())
    assert result.error is not None
    assert result.error.startswith("D2Z119: ValueError at transpiler/batch/job.py:")
    assert codes(result) == ["D2Z119"]


def test_a_failure_without_a_place() -> None:
    assert internal_failure("a.py", ValueError()).error == "D2Z119: ValueError at an unknown place"


def test_rules_that_do_not_load_end_the_run(tmp_path: Path) -> None:
    root = project(tmp_path, a=DAG.format(dag_id="a"))
    rules = tmp_path / "rules.py"
    rules.write_text("1 / 0")
    with pytest.raises(RuleLoadError, match="ZeroDivisionError"):
        analyse([root], project_root=root, config=MigrationConfig(), rules=[rules])


def test_several_processes_give_the_same_results(tmp_path: Path) -> None:
    ids = {f"dag_{number}": DAG.format(dag_id=f"dag_{number}") for number in range(4)}
    root = project(tmp_path, **ids)
    one, two = (
        analyse([root], project_root=root, config=MigrationConfig(), jobs=jobs, emit=True)
        for jobs in (1, 2)
    )
    assert one == two


def test_a_process_that_dies_takes_only_its_file_along(tmp_path: Path) -> None:
    root = project(
        tmp_path, a=DAG.format(dag_id="a"), b=DAG.format(dag_id="b"), c=DAG.format(dag_id="c")
    )
    rules = tmp_path / "rules.py"
    rules.write_text(
        "import os\n" + FAILING_RULE.format(statement="to.dag.dag_id == 'b' and os._exit(9)")
    )
    seen: list[int] = []
    results = analyse(
        [root / "dags"],
        project_root=root,
        config=MigrationConfig(),
        rules=[rules],
        jobs=2,
        progress=lambda done, total: seen.append(done),
    )
    assert [result.path for result in results] == ["dags/a.py", "dags/b.py", "dags/c.py"]
    assert "BrokenProcessPool" in results[1].findings[0].message
    assert results[1].error is not None
    assert seen[-1] == 3


def test_ids_that_give_one_identifier(tmp_path: Path) -> None:
    root = project(
        tmp_path,
        a=DAG.format(dag_id="my-dag"),
        b=DAG.format(dag_id="my.dag"),
        c=DAG.format(dag_id="my_dag_2"),
    )
    results = analyse([root], project_root=root, config=MigrationConfig(), emit=True)
    pipelines = [result.pipelines[0] for result in results]
    assert [p.identifier for p in pipelines] == ["my_dag", "my_dag_3", "my_dag_2"]
    renamed = [f.message for f in pipelines[1].findings if f.code == "D2Z502"]
    assert renamed == ["my_dag is taken by another DAG; the files are called my_dag_3"]
    assert "pipelines/my_dag_3.py" in results[1].files
    assert "pipelines/my_dag.py" not in results[1].files


def test_one_dag_id_in_two_files(tmp_path: Path) -> None:
    root = project(tmp_path, a=DAG.format(dag_id="same"), b=DAG.format(dag_id="same"))
    results = analyse([root], project_root=root, config=MigrationConfig())
    assert [codes(result) for result in results] == [["D2Z112"], ["D2Z112"]]
    assert "dags/b.py:6:" in results[0].pipelines[0].findings[-1].message
    assert [r.pipelines[0].identifier for r in results] == ["same", "same_2"]


def test_identifiers_that_differ_in_case_are_one() -> None:
    upper = factory.pipeline_model("A", identifier="A")
    lower = factory.pipeline_model("a", identifier="a")
    results = [FileResult("x.py", None, (upper, lower))]
    assert identifier_overrides(results) == {0: {1: "a_2"}}
    assert identifier_overrides([FileResult("x.py", None, (upper,))]) == {}


def test_a_dag_id_that_is_told_already_is_not_told_twice() -> None:
    first = factory.pipeline_model("same")
    second = factory.pipeline_model("same", source_path="b.py")
    (once,) = with_duplicates([FileResult("x.py", None, (first, second))])
    (twice,) = with_duplicates([once])
    assert once == twice
    assert all(len(pipeline.findings) == 1 for pipeline in once.pipelines)


def test_only_renamed_pipelines_are_told() -> None:
    first, second = (factory.pipeline_model(dag_id) for dag_id in "ab")
    before = FileResult("x.py", None, (first, second))
    after = FileResult("x.py", None, (first, dataclasses.replace(second, identifier="b_2")))
    told = with_renamed(before, after)
    assert told.pipelines[0] == first
    assert [f.code for f in told.pipelines[1].findings] == ["D2Z502"]


def test_the_root_of_several_projects_is_the_folder_over_them(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name / "dags").mkdir(parents=True)
        (tmp_path / name / "dags" / "d.py").touch()
    one, two = (tmp_path / name / "dags" / "d.py" for name in ("one", "two"))
    assert project_root_of([one]) == (tmp_path / "one").resolve()
    assert project_root_of([one, two]) == tmp_path.resolve()


def test_shown_paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = tmp_path.resolve()
    monkeypatch.chdir(root)
    assert shown_path(Path("dags/../dags/a.py"), root) == "dags/a.py"
    assert shown_path(Path("../elsewhere/a.py"), root) == "../elsewhere/a.py"


def test_modules_that_shadow_the_runtime(tmp_path: Path) -> None:
    root = project(tmp_path, a=DAG.format(dag_id="a"), runtime="x = 1")
    (root / "zenml").mkdir()
    (root / "zenml" / "__init__.py").touch()
    (root / "runtime").mkdir()  # a folder without __init__.py gives way to the package
    found = shadowing([root / "dags" / "a.py"], root)
    assert [(f.code, f.span.file) for f in found] == [
        ("D2Z501", "zenml/__init__.py"),
        ("D2Z501", "dags/runtime.py"),
    ]


def test_our_own_runtime_shadows_nothing() -> None:
    root = Path(__file__).resolve().parents[2]
    assert shadowing([root / "fixtures_dags"], root) == []
