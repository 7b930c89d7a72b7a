"""Members of pendulum's dates, as pendulum itself computes them."""

from __future__ import annotations

import json
import subprocess
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Any

import pytest

from tests.evaluate.reading import value_of
from tests.judge.airflow_env import airflow_python
from transpiler.model.values import Symbolic

SAME = [
    "U.add(days=1)",
    "U.add(months=1, hours=5)",
    "U.subtract(years=1, minutes=3)",
    "B.add(days=1)",
    "B.subtract(weeks=3)",
    "U.start_of('day')",
    "U.start_of('week')",
    "U.start_of('month')",
    "U.end_of('year')",
    "U.end_of('week')",
    "B.end_of('hour')",
    "B.start_of('minute')",
    "U.format('YYYYMMDD')",
    "U.format('YY-M-D HH:mm:ss')",
    "B.format('[at] h:mm A')",
    "U.set(hour=3)",
    "U.on(2025, 2, 28)",
    "U.at(7)",
    "U.naive()",
    "U.in_timezone('Europe/Berlin')",
    "B.in_tz('UTC')",
    "U.to_date_string()",
    "U.to_time_string()",
    "U.to_datetime_string()",
    "U.to_iso8601_string()",
    "B.to_iso8601_string()",
    "L.to_iso8601_string()",
    "U.day_of_year",
    "U.days_in_month",
    "U.quarter",
    "U.week_of_year",
    "B.tz.name",
]
NOT_KNOWN = [
    "B.add(hours=1)",
    "pendulum.datetime(2024, 3, 30, 2, 30, tz='Europe/Berlin').add(days=1)",
    "U.add(days=1.5)",
    "U.add(1)",
    "U.format('dddd')",
    "U.format('LL')",
    "U.start_of('decade')",
    "U.diff(B)",
    "U.day_of_week",
    "U.int_timestamp",
    "(U - B).in_days()",
    "pendulum.duration(months=1).total_seconds()",
    "U.to_cookie_string()",
    "U.next(1)",
]
HEAD = (
    "import pendulum\nU = pendulum.datetime(2024, 1, 31, 17, 5, 9)\n"
    "B = pendulum.datetime(2024, 7, 2, 10, 30, tz='Europe/Berlin')\n"
    "L = pendulum.datetime(2024, 1, 2, tz='Europe/London')\n"
)
_ASK = (
    "import json, sys\n{head}\n"
    "print(json.dumps([v if isinstance(v, (str, int)) else v.isoformat()\n"
    "    for v in map(eval, json.loads(sys.argv[1]))]))"
)


@pytest.fixture(scope="module", params=[2, 3])
def pendulums(request: pytest.FixtureRequest) -> dict[str, Any]:
    """What pendulum of Airflow 2's and 3's environments says of each expression."""
    command = [str(airflow_python(request.param)), "-c", _ASK.format(head=HEAD), json.dumps(SAME)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=300)
    return dict(zip(SAME, json.loads(done.stdout), strict=True))


def test_values_are_those_of_pendulum(tmp_path: Path, pendulums: dict[str, Any]) -> None:
    found = value_of(tmp_path, f"{HEAD}x = [{', '.join(SAME)}]\n")
    shown = [item.isoformat() if isinstance(item, datetime) else item for item in found]
    assert dict(zip(SAME, shown, strict=True)) == pendulums


def test_what_is_not_computed_is_left_to_the_run(tmp_path: Path) -> None:
    found = value_of(tmp_path, f"{HEAD}x = [{', '.join(NOT_KNOWN)}]\n")
    known = [e for e, v in zip(NOT_KNOWN, found, strict=True) if not isinstance(v, Symbolic)]
    assert known == []


def test_pytz_zones_localize(tmp_path: Path) -> None:
    code = (
        "import pytz\nZ = pytz.timezone('Europe/Berlin')\n"
        "x = [Z.localize(datetime(2024, 7, 1)), Z.localize(datetime(2024, 10, 27, 2, 30)), Z.zone]\n"
    )
    summer, twice, name = value_of(tmp_path, code)
    assert summer.isoformat() == "2024-07-01T00:00:00+02:00"
    assert isinstance(summer.tzinfo, tzinfo) and isinstance(twice, Symbolic)
    assert name == "Europe/Berlin"
