"""Which loops of the source stay loops, and what they look like."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.lower.emitted_body import body_of

KEPT = {
    "over a literal": (
        """\
        for name in ["a", "b"]:
            BashOperator(task_id=f"load_{name}", bash_command=f"load {name}")
        """,
        'for name in ["a", "b"]:\n    run_bash(f"load {name}", id=f"load_{name}")',
    ),
    "two tasks and their order": (
        """\
        for name in ["a", "b"]:
            first = BashOperator(task_id=f"first_{name}", bash_command="x")
            first >> BashOperator(task_id=f"second_{name}", bash_command="y")
        """,
        'for name in ["a", "b"]:\n    run_bash("x", id=f"first_{name}")\n'
        '    run_bash("y", id=f"second_{name}", after=[f"first_{name}"])',
    ),
    "a local of the body": (
        """\
        for name in ["a", "b"]:
            shown = name.upper()
            BashOperator(task_id=f"t_{name}", bash_command=f"echo {shown}")
        """,
        'for name in ["a", "b"]:\n    shown = name.upper()\n    run_bash(f"echo {shown}", id=f"t_{name}")',
    ),
    "nested": (
        """\
        for a in ("x", "y"):
            for n in range(2):
                BashOperator(task_id=f"{a}_{n}", bash_command="x")
        """,
        'for a in ("x", "y"):\n    for n in range(2):\n        run_bash("x", id=f"{a}_{n}")',
    ),
    "a comprehension": (
        """\
        [BashOperator(task_id=f"p_{n}", bash_command="x") for n in range(2)]
        """,
        'for n in range(2):\n    run_bash("x", id=f"p_{n}")',
    ),
    "a group for each turn": (
        """\
        for c in ("be", "nl"):
            with TaskGroup(f"load_{c}"):
                BashOperator(task_id="extract", bash_command=c)
        """,
        'for c in ("be", "nl"):\n    run_bash(c, id=f"load_{c}.extract")',
    ),
    "fan-in over all turns": (
        """\
        end = BashOperator(task_id="end", bash_command="x")
        for n in range(3):
            BashOperator(task_id=f"p_{n}", bash_command="x") >> end
        """,
        'run_bash("x", id="end", after=[f"p_{n}" for n in range(3)])\n'
        'for n in range(3):\n    run_bash("x", id=f"p_{n}")',
    ),
}

UNROLLED = {
    "one turn only": (
        """\
        for name in ["a"]:
            BashOperator(task_id=f"load_{name}", bash_command=f"load {name}")
        """,
        'run_bash("load a", id="load_a")',
    ),
    "each turn after the one before": (
        """\
        previous = None
        for n in range(2):
            task = BashOperator(task_id=f"t_{n}", bash_command="x")
            if previous is not None:
                previous >> task
            previous = task
        """,
        'run_bash("x", id="t_0")\nrun_bash("x", id="t_1", after=["t_0"])',
    ),
    "the target is bound again": (
        """\
        for name in ["a", "b"]:
            name = name + "x"
            BashOperator(task_id=f"t_{name}", bash_command="x")
        """,
        'run_bash("x", id="t_ax")\nrun_bash("x", id="t_bx")',
    ),
    "a turn without a task": (
        """\
        for n in range(3):
            if n == 1:
                continue
            BashOperator(task_id=f"t_{n}", bash_command="x")
        """,
        'run_bash("x", id="t_0")\nrun_bash("x", id="t_2")',
    ),
    "a value that no expression gives": (
        """\
        for n in range(2):
            BashOperator(task_id=f"t_{n}", bash_command="x", execution_timeout=timedelta(seconds=n + 1))
        """,
        'run_bash("x", timeout_seconds=1, id="t_0")\nrun_bash("x", timeout_seconds=2, id="t_1")',
    ),
    "only some turns are waited for": (
        """\
        tasks = [BashOperator(task_id=f"p_{n}", bash_command="x") for n in range(3)]
        tasks[:2] >> BashOperator(task_id="end", bash_command="x")
        """,
        'for n in range(3):\n    run_bash("x", id=f"p_{n}")\nrun_bash("x", id="end", after=["p_0", "p_1"])',
    ),
}


@pytest.mark.parametrize(("tasks", "expected"), KEPT.values(), ids=KEPT)
def test_stays_a_loop(tmp_path: Path, tasks: str, expected: str) -> None:
    assert body_of(tmp_path, tasks) == expected


@pytest.mark.parametrize(("tasks", "expected"), UNROLLED.values(), ids=UNROLLED)
def test_is_unrolled(tmp_path: Path, tasks: str, expected: str) -> None:
    assert body_of(tmp_path, tasks) == expected
