"""Pools over several runs: slots, priorities, and what a killed process leaves."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from runtime.dagrun.limits import Limits
from runtime.dagrun.noting import Notebook
from runtime.dagrun.pool_queue import PoolQueue
from tests.conftest import REPOSITORY
from tests.runtime.dagrun.memory import give, nothing
from tests.runtime.dagrun.memory import run as run_in_memory

_TAKE = """
import sys
from pathlib import Path
from runtime.dagrun.pool_queue import PoolQueue

queue = PoolQueue(Path(sys.argv[1]))
print(queue.take("t", "db", 2, 2, 1), flush=True)
sys.stdin.read()
"""


def test_slots_of_two_runs(tmp_path: Path) -> None:
    one, two = PoolQueue(tmp_path), PoolQueue(tmp_path)
    assert one.take("a", "db", 3, 2, 1)
    assert not two.take("b", "db", 3, 2, 1)
    assert one.take("a", "db", 3, 2, 1)  # It has them already.
    assert two.take("c", "db", 3, 1, 1)  # Who fits goes before who does not.
    assert two.take("d", "other", 1, 1, 1)
    one.leave("a")
    one.leave("a")
    assert two.take("b", "db", 3, 2, 1)
    two.close()
    assert one.take("a", "db", 3, 9, 1)  # More than there are: when nobody has any.
    assert not two.take("b", "db", 3, 1, 1)


def test_the_greater_weight_goes_first(tmp_path: Path) -> None:
    one, two = PoolQueue(tmp_path), PoolQueue(tmp_path)
    assert one.take("has it", "db", 1, 1, 1)
    assert not one.take("first", "db", 1, 1, 1)
    assert not two.take("heavy", "db", 1, 1, 5)
    one.leave("has it")
    assert not one.take("first", "db", 1, 1, 1)
    assert two.take("heavy", "db", 1, 1, 5)
    two.close()
    assert one.take("first", "db", 1, 1, 1)


def test_a_killed_process_gives_its_slots_back(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", _TAKE, str(tmp_path)],
        cwd=REPOSITORY,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"True\n"
    queue = PoolQueue(tmp_path)
    assert not queue.take("t", "db", 2, 1, 1)
    process.kill()
    process.communicate()
    assert queue.take("t", "db", 2, 1, 1)


def test_a_run_waits_for_another_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("runtime.dagrun.scheduler.RETRY_SECONDS", 0.02)
    other = PoolQueue(tmp_path)
    assert other.take("t", "db", 1, 1, 1)
    dag = Notebook()
    dag.task(nothing, id="before", pool="db")
    dag.task(lambda: other.close(), id="free")
    dag.task(nothing, id="after", after=["before"], pool="db")
    ran = run_in_memory(dag, limits=Limits(pools={"db": 1}, queue=PoolQueue(tmp_path)))
    assert set(ran.states.values()) == {"success"}
    assert ran.memory.started == ["free", "before", "after"]


def test_what_is_skipped_leaves_the_line(tmp_path: Path) -> None:
    other = PoolQueue(tmp_path)
    assert other.take("t", "db", 1, 1, 1)
    dag = Notebook()
    dag.task(nothing, id="waits", pool="db")
    dag.task(give(1), id="free")
    limits = Limits(pools={"db": 1}, queue=PoolQueue(tmp_path))
    note = dag.graph().notes["waits"]
    assert not limits.admits(note, "waits")
    waited = limits.waits
    limits.drop("waits")
    assert (waited, limits.waits) == (True, False)
    other.close()
    assert other.take("u", "db", 1, 1, 0)
    limits.close()


def test_weights() -> None:
    dag = Notebook()
    dag.task(nothing, id="a", priority_weight=2)
    dag.task(nothing, id="b", after=["a"], weight_rule="upstream")
    dag.task(nothing, id="c", after=["b"], priority_weight=10, weight_rule="absolute")
    graph = dag.graph()
    assert [graph.weight(task) for task in "abc"] == [13, 3, 10]


def test_the_greatest_weight_gets_the_place() -> None:
    dag = Notebook()
    for name, weight in (("light", 1), ("heavy", 9), ("medium", 5)):
        dag.task(nothing, id=name, priority_weight=weight)
    assert run_in_memory(dag, limits=Limits(1)).memory.started == ["heavy", "medium", "light"]
