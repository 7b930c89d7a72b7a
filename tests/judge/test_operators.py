"""What sensors and SQL checks compute, against Airflow's own code on random values."""

from __future__ import annotations

import json
import random
import subprocess
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from runtime.checks import RATIOS, column_passes, columns_sql, equals, is_true, table_sql
from runtime.polling import backoff_interval
from runtime.retry_waits import DAY_SECONDS, retry_delay
from tests.judge.airflow_env import LIMIT_SECONDS, airflow_python

SCRIPT = Path(__file__).with_name("airflow_operators.py")
VALUES = (0, 1, 5, 9.5, 10, 10.4, 11, -3, None)


def random_case(rng: random.Random) -> dict[str, Any]:
    kind = rng.choice(("column", "value", "query", "ratio", "truth", "backoff", "retry"))
    if kind == "column":
        bounds = rng.choice((("equal_to",), ("geq_to", "less_than"), ("greater_than", "leq_to")))
        check: dict[str, Any] = {
            bound: 5 * number + rng.choice((4, 5)) for number, bound in enumerate(bounds, start=1)
        }
        if rng.random() < 0.5:
            check["tolerance"] = rng.choice((0, 0.1, 0.5))
        return {"check": check, "value": rng.choice(VALUES), "accept_none": True, "kind": kind}
    if kind == "value":
        values = [rng.choice((1, 10, "10", 10.5, "x", None)) for _ in range(rng.choice((0, 1, 2)))]
        expected = rng.choice((10, "10", 10.5, "x", "1e1"))
        tolerance = rng.choice((None, 0.1))
        return {"values": values, "expected": expected, "tolerance": tolerance, "kind": kind}
    if kind == "query":
        partition = rng.choice((None, "DAY = '{{ ds }}'"))
        clause = rng.choice(({}, {"partition_clause": "ID > 1"}))
        if rng.random() < 0.5:
            names = rng.sample(["null_check", "distinct_check", "unique_check", "min", "max"], 2)
            columns = {one: {name: {"equal_to": 1, **clause} for name in names} for one in "AB"}
            return {"of": "columns", "checks": columns, "partition": partition, "kind": kind}
        table = {name: {"check_statement": f"{name} > 1", **clause} for name in ("a", "b")}
        return {"of": "table", "checks": table, "partition": partition, "kind": kind}
    if kind == "ratio":
        values = [rng.choice((1, 2.5, 100, -4)) for _ in range(2)]
        return {"formula": rng.choice(sorted(RATIOS)), "values": values, "kind": kind}
    if kind == "truth":
        return {"value": rng.choice((True, False, 0, 1, "T", "no", "ON", 2, "")), "kind": kind}
    if kind == "retry":
        day = datetime(2024, 1, 1, 2, tzinfo=timezone.utc) + timedelta(days=rng.randrange(99))
        return {
            "delay": rng.choice((0, 0.5, 1, 60, 300, 5000)),
            "failed": rng.randrange(1, 90),
            "longest": rng.choice((None, 30, 600, 1e6)),
            "date": day.isoformat(),
            "kind": kind,
        }
    return {
        "task_id": rng.choice(("wait", "wait_for_it")),
        "interval": rng.choice((0.5, 1, 10, 60, 3600)),
        "timeout": rng.choice((30, 3600, 604800)),
        "max_wait": rng.choice((None, 5, 600)),
        "passed": rng.choice((0.2, 20.7, 1000.0)),
        "started": rng.random() * 1e6,
        "count": rng.randrange(1, 20),
        "kind": kind,
    }


def own_answer(case: dict[str, Any], answer: Any) -> Any:
    kind = case["kind"]
    if kind == "column":
        return column_passes(case["check"], case["value"], accept_none=case["accept_none"])
    if kind == "query":
        make: Any = columns_sql if case["of"] == "columns" else table_sql
        return " ".join(make("T", case["checks"], case["partition"]).split())
    if kind == "ratio":
        return float(RATIOS[case["formula"]](*case["values"]))
    if kind == "retry":
        seed = f"d#t#{datetime.fromisoformat(case['date'])}"
        longest = DAY_SECONDS if case["longest"] is None else case["longest"]
        return retry_delay(case["delay"], case["failed"], seed, longest)
    if kind == "backoff":
        return [
            answer[0],
            backoff_interval(
                case["interval"],
                count=case["count"],
                seed=f"{answer[0]}#{case['task_id']}#{case['started']}",
                remaining=case["timeout"] - int(case["passed"]),
                max_wait=case["max_wait"],
            ),
        ]
    try:
        if kind == "truth":
            return is_true(case["value"])
        return bool(case["values"]) and equals(case["values"], case["expected"], case["tolerance"])
    except (ValueError, TypeError):
        return "ValueError"


def spaced(answer: Any) -> Any:
    """A query without blanks at brackets, which say nothing."""
    if not isinstance(answer, str):
        return answer
    return answer.replace("( ", "(").replace(" )", ")")


def test_what_is_computed_is_what_airflow_computes() -> None:
    cases = [random_case(random.Random(seed)) for seed in range(600)]
    done = subprocess.run(
        [str(airflow_python()), str(SCRIPT)],
        input=json.dumps(cases),
        capture_output=True,
        text=True,
        check=False,
        timeout=LIMIT_SECONDS,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    answers = json.loads(done.stdout.rpartition("answers:")[2])

    for case, answer in zip(cases, answers, strict=True):
        assert spaced(own_answer(case, answer)) == spaced(answer), case
