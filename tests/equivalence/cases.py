"""Which DAGs are compared, in which runs, and which differences the transpiler reports itself."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from tests.equivalence.examples import EXAMPLES, NAMED, VOLATILE
from tests.equivalence.examples3 import EXAMPLES3, NAMED3, VOLATILE3
from tests.judge.airflow_env import PROJECT, airflow_python

DAGS = Path(__file__).parent / "dags"
TUESDAY = "2024-03-05T06:00:00+00:00"
"""The logical date of a run by hand."""
TUESDAY_2026 = "2026-03-03T06:00:00+00:00"
"""The same of DAGs that start no earlier than 2026."""
NIGHTS = ("2024-03-05T00:00:00+00:00", "2024-03-06T00:00:00+00:00")
"""Two dates of a daily schedule."""
VARIABLES = {"greeting": "hello", "limits": '{"low": 1, "high": 9}'}
"""Airflow Variables that there are."""


@dataclass(frozen=True)
class Case:
    """A DAG and the runs in which it is compared, in turn.

    `conf` is the runs' `dag_run.conf`. `volatile` names the tasks whose XCom values hold the moment
    of the run: of these, only the keys are compared. `reported` says why the transpiler does not call the DAG
    equivalent: such a DAG must have a manual finding, any other one must have none.
    """

    name: str
    file: Path
    semantic: str
    dates: tuple[str, ...] = (TUESDAY,)
    run_type: Literal["manual", "scheduled"] = "manual"
    conf: dict[str, Any] = field(default_factory=dict)
    volatile: tuple[str, ...] = ()
    reported: str | None = None
    named: tuple[str, str] | None = None
    """A field that differs, and the code of the finding that says so."""
    major: int = 2
    """The version of the Airflow that judges."""

    def request(self) -> dict[str, Any]:
        """What airflow_runs.py is asked for."""
        return {
            "file": str(self.file),
            "dag_id": self.name,
            "dates": list(self.dates),
            "run_type": self.run_type,
            "conf": self.conf,
        }


_RUNS: dict[str, dict[str, Any]] = {
    "callback_success_of_skipped": {"named": ("recorded", "D2Z311")},
    "latest_only_in_the_past": {"run_type": "scheduled", "dates": NIGHTS[:1]},
    "params_refused": {"conf": {"size": 0}},
    "params_with_schemas": {"conf": {"size": 1, "market": "BE", "more": [1]}},
    "past_after_success": {"run_type": "scheduled", "dates": NIGHTS},
    "past_first_run": {"run_type": "scheduled", "dates": NIGHTS[:1]},
    "past_success_dates": {"run_type": "scheduled", "dates": NIGHTS},
    "template_conf": {"conf": {"market": "NL"}},
    "sensor_times_out": {"named": ("tries", "D2Z208")},
    "template_dates_of_schedule": {"run_type": "scheduled", "dates": (TUESDAY,)},
}
"""What is not a run by hand without conf that must be equal in all."""

REPORTED: dict[str, str] = {
    "template_unknown_name": "The unknown name is found when the DAG is read.",
}
"""Why the transpiler asks for a person: by DAG."""

SUITE = """
    branch_fails branch_in_group branch_nested branch_on_xcom branch_skips_plain_join
    branch_to_group branch_to_none callback_dag_failure callback_failure callback_of_mapped
    callback_retry data_in_templates data_kinds data_of_retries data_of_skipped data_push_and_pull
    fail_blocks_downstream fail_fast fail_masked_by_all_done_leaf group_taskflow
    latest_only_in_the_past map_cross_product map_group map_kwargs map_one_fails map_over_nothing
    past_after_success python_default_args rule_none_failed_min_one_success rule_one_failed
    sensor_python sensor_times_out short_circuit_respects_rules skip_by_exit_code_99
    skip_in_taskflow teardown_fails_the_run teardown_of_skipped_setup template_context
    template_dates template_own_macros timeout_of_execution
""".split()
"""The DAGs that the test suite runs; its slow tier and `make equivalence` run all."""


@lru_cache(maxsize=1)
def cases() -> dict[str, Case]:
    """All cases by name, which is the DAG's id."""
    found = {case.name: case for path in sorted(DAGS.glob("*.py")) for case in _cases(path)}
    unknown = {*_RUNS, *REPORTED, *SUITE} - found.keys()
    if unknown:
        raise ValueError(f"There is no DAG {', '.join(sorted(unknown))}.")
    return found


def _cases(path: Path) -> Iterator[Case]:
    tree = ast.parse(path.read_text("utf-8"))
    semantic = ast.get_docstring(tree) or ""
    for name in _rules(tree) or [path.stem]:
        options = {"reported": REPORTED.get(name), **_RUNS.get(name, {})}
        yield Case(name, path, semantic, **options)


def _rules(tree: ast.Module) -> list[str]:
    """The DAGs of a file that makes one for each of its `RULES`."""
    for node in tree.body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "RULES":
            return [f"rule_{rule}" for rule in ast.literal_eval(node.value)]
    return []


def example_cases() -> dict[str, Case]:
    """Airflow 2.10's own example DAGs that need neither network nor other services."""
    return {
        dag_id: Case(
            dag_id,
            installed(2) / "example_dags" / f"{stem}.py",
            f"Airflow's {stem}.py.",
            volatile=VOLATILE.get(dag_id, ()),
            reported=reported,
            named=NAMED.get(dag_id),
        )
        for stem, dags in EXAMPLES.items()
        for dag_id, reported in dags.items()
    }


def example3_cases() -> dict[str, Case]:
    """Airflow 3.3's own example DAGs that need neither network nor other services."""
    return {
        dag_id: Case(
            dag_id,
            installed(3) / f"{path}.py",
            f"Airflow's {path.rpartition('/')[2]}.py.",
            dates=(TUESDAY_2026,),
            volatile=VOLATILE3.get(dag_id, ()),
            reported=reported,
            named=NAMED3.get(dag_id),
            major=3,
        )
        for path, dags in EXAMPLES3.items()
        for dag_id, reported in dags.items()
    }


def installed(major: int) -> Path:
    """The folder of the installed package `airflow` of that version."""
    return next(airflow_python(major).parents[1].glob("lib/python*/site-packages/airflow"))


@dataclass(frozen=True)
class Group:
    """Cases that one Airflow judges, of files under one folder: a table of the page."""

    name: str
    root: Path
    cases: Mapping[str, Case]


def groups() -> list[Group]:
    """All cases, as the page shows them."""
    return [
        Group("Our DAGs", PROJECT, cases()),
        Group("Airflow 2.10's example DAGs", installed(2) / "example_dags", example_cases()),
        Group("Airflow 3.3's example DAGs", installed(3), example3_cases()),
    ]
