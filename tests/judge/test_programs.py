"""Random programs that build DAGs: Airflow makes the same graph of them as reading them does."""

from __future__ import annotations

from pathlib import Path

from hypothesis import Phase, given, settings

from tests.evaluate.dag_programs import programs
from tests.judge.airflow_env import airflow_facts
from transpiler.evaluate import read_dag_file

COUNT = 40


def sample() -> list[tuple[str, dict[str, set[str]]]]:
    """The same programs each time, so that one Airflow process judges all."""
    found: list[tuple[str, dict[str, set[str]]]] = []

    @settings(max_examples=COUNT, database=None, derandomize=True, phases=[Phase.generate])
    @given(programs())
    def collect(program: tuple[str, dict[str, set[str]]]) -> None:
        found.append(program)

    collect()
    return found


def test_airflow_makes_the_same_graph(tmp_path: Path) -> None:
    expected = {}
    for number, (text, upstream) in enumerate(sample()):
        path = tmp_path / f"p{number}.py"
        path.write_text(text)
        expected[path.name] = upstream
    paths = sorted(tmp_path.glob("*.py"))
    judged = airflow_facts("--project-root", tmp_path, *paths)
    assert len(judged) >= COUNT // 2
    for path in paths:
        entry = judged[path.name]
        assert entry["error"] is None, (path.read_text(), entry["traceback"])
        (dag,), (read,) = entry["dags"], read_dag_file(path, tmp_path).dags
        airflow = {task["task_id"]: set(task["upstream"]) for task in dag["tasks"]}
        assert airflow == expected[path.name], path.read_text()
        assert airflow == {task.task_id: set(task.upstream) for task in read.tasks}
