"""Which runs updates of assets start, against Airflow's own scheduler: random conditions and
updates.
"""

from __future__ import annotations

import json
import random
import subprocess
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from runtime.assets.events import AssetEvent
from runtime.assets.queue import last_met
from tests.judge.airflow_env import LIMIT_SECONDS, airflow_python

SCRIPT = Path(__file__).with_name("airflow_assets.py")
CASES, UPDATES = 12, 10
START = datetime(2024, 1, 1, tzinfo=timezone.utc)


def random_condition(rng: random.Random, number: int, depth: int = 2) -> Any:
    if depth == 0 or rng.random() < 0.3:
        return f"s3://{number}/{rng.choice('abc')}"
    parts = [random_condition(rng, number, depth - 1) for _ in range(rng.choice((2, 2, 3)))]
    return {rng.choice(("all", "any")): parts}


def random_case(rng: random.Random, number: int) -> dict[str, Any]:
    condition = random_condition(rng, number)
    # Airflow knows only the assets that some DAG names.
    known = sorted(name for name in "abc" if f"s3://{number}/{name}" in json.dumps(condition))
    updates = [f"s3://{number}/{rng.choice(known)}" for _ in range(UPDATES)]
    return {"when": condition, "updates": updates, "looks": list(range(UPDATES))}


def ours(case: dict[str, Any]) -> list[list[int] | None]:
    """The same, by the listener's own rule, which is asked after each update."""
    answers: list[list[int] | None] = []
    previous = START
    events: list[AssetEvent] = []
    for number, uri in enumerate(case["updates"], start=1):
        events.append(AssetEvent(uri=uri, timestamp=START + timedelta(seconds=number)))
        date = last_met(case["when"], [one for one in events if one.timestamp > previous])
        consumed = [
            index
            for index, one in enumerate(events)
            if date is not None and previous < one.timestamp <= date
        ]
        answers.append(consumed if date else None)
        previous = date or previous
    return answers


@pytest.mark.slow
def test_runs_that_updates_start() -> None:
    rng = random.Random(20240601)
    cases = [random_case(rng, number) for number in range(CASES)]
    done = subprocess.run(
        [str(airflow_python()), str(SCRIPT)],
        input=json.dumps(cases),
        capture_output=True,
        text=True,
        check=False,
        timeout=LIMIT_SECONDS,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    answers = json.loads(done.stdout)
    for case, airflow in zip(cases, answers, strict=True):
        started = [one for one in airflow if one]
        assert all(one["run_id_is_of_date"] and one["interval_spans_events"] for one in started)
        assert [one and one["events"] for one in airflow] == ours(case), case
    assert sum(bool(one) for airflow in answers for one in airflow) > CASES
