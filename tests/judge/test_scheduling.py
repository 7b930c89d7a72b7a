"""Our scheduler against Airflow's own: trigger rules state by state, and whole random runs."""

from __future__ import annotations

import itertools
import json
import random
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from runtime.dagrun import each
from runtime.dagrun.noting import Notebook
from runtime.dagrun.rules import RULES, Counts, judge
from runtime.dagrun.scheduler import Options
from tests.judge.airflow_env import REMEDY, AirflowMissingError, airflow_python
from tests.runtime.dagrun import memory

FACTS = Path(__file__).parent / "scheduling_facts.py"
STATES = (None, "success", "failed", "skipped", "upstream_failed", "removed")
SINCE_AIRFLOW_3 = {"all_done_min_one_success"}
SLOW_RULES = sorted(RULES - SINCE_AIRFLOW_3 - {"one_success", "one_failed", "one_done", "always"})
FEW = 12
"""Random runs in the suite; the others are in the slow tier."""
Case = dict[str, Any]


MANY = pytest.mark.slow
"""More cases of the same: asking Airflow for all of them takes half a minute."""


def rule_cases(*counts: int) -> list[Case]:
    """Every rule over all states of as many upstream tasks, of which some are setups."""
    upstreams = [
        list(zip(states, setups, strict=True))
        for count in counts
        for states in itertools.combinations_with_replacement(STATES, count)
        for setups in itertools.product((False, True), repeat=count)
        if count < 3 or sum(setups) < 2
    ]
    return [
        {"rule": rule, "upstream": upstream, "map_index": map_index}
        for rule in sorted(RULES - SINCE_AIRFLOW_3)
        for upstream in upstreams
        for map_index in (-1, 1)
    ]


def run_cases() -> list[Case]:
    """Random DAGs with branches, short circuits, maps, setups and teardowns."""
    generator = random.Random(20240102)
    return [random_run(generator) for _ in range(40)]


def random_run(generator: random.Random) -> Case:
    """A DAG of a few tasks that end in random ways."""
    fast = generator.random() < 0.3
    rules = sorted(RULES - SINCE_AIRFLOW_3) if fast else SLOW_RULES
    tasks: list[Case] = []
    for number in range(generator.randint(4, 9)):
        ids = [task["id"] for task in tasks]
        upstream = sorted(generator.sample(ids, min(len(ids), generator.randint(0, 3))))
        all_success = not upstream or generator.random() < 0.5
        task: Case = {
            "id": f"t{number}",
            "kind": "task",
            "upstream": upstream,
            "rule": "all_success" if all_success else generator.choice(rules),
            "ends": generator.choice(["success", "success", "success", "failed", "skipped"]),
        }
        choice = generator.random()
        # A task that is skipped after it ran depends on who was first, so fast rules have neither.
        if choice < 0.25 and not fast:
            task["kind"] = generator.choice(["branch", "short_circuit"])
            task["near"] = generator.random() < 0.5
        elif choice < 0.4:
            task["kind"] = "map"
            task["over"] = generator.choices(["run", "skip", "fail"], k=generator.randint(0, 3))
        elif choice < 0.5:
            task["setup"] = True
        elif choice < 0.6 and upstream:
            task.update(teardown=True, fail_dagrun=generator.random() < 0.3)
        tasks.append(task)
    setups = {task["id"] for task in tasks if task.get("setup")}
    for task in tasks:
        if setups.intersection(task["upstream"]):
            task["rule"] = "all_success"  # Airflow demands it below setups.
        below = [other["id"] for other in tasks if task["id"] in other["upstream"]]
        if task["kind"] == "branch":
            task["gives"] = generator.sample(below, generator.randint(0, len(below)))
        if task["kind"] == "short_circuit":
            task["gives"] = generator.random() < 0.4
    return {"tasks": tasks}


def group_cases() -> list[Case]:
    """Mapped groups of two tasks that follow each other by each rule."""
    overs = [["ok", "fail"], ["skip", "ok"]]
    cases = [
        {"rule": rule, "over": over, "literal": False, "source": "ok"}
        for rule in sorted(RULES - SINCE_AIRFLOW_3 - {"all_done_setup_success", "always"})
        for over in overs
    ]
    for source in ("skip", "fail"):
        cases.append({"rule": "all_done", "over": ["ok"], "literal": False, "source": source})
    cases.append({"rule": "one_success", "over": ["fail", "ok"], "literal": True, "source": "ok"})
    cases.append({"rule": "none_failed", "over": [], "literal": True, "source": "ok"})
    cases.append({"rule": "none_failed", "over": [], "literal": False, "source": "ok"})
    return cases


@pytest.fixture(scope="module")
def airflow() -> Mapping[str, Any]:
    """Airflow's answers for the cases of the suite."""
    return ask(rule_cases(1, 2), run_cases()[:FEW], group_cases())


@pytest.fixture(scope="module")
def airflow_on_many() -> Mapping[str, Any]:
    """Airflow's answers for the cases of the slow tier."""
    return ask(rule_cases(3), run_cases()[FEW:], [])


def ask(rules: list[Case], runs: list[Case], groups: list[Case]) -> Mapping[str, Any]:
    """Airflow's answers, all from one process."""
    cases = json.dumps({"rules": rules, "runs": runs, "groups": groups})
    command = [str(airflow_python()), str(FACTS)]
    done = subprocess.run(
        command, input=cases, capture_output=True, text=True, check=False, timeout=900
    )
    if done.returncode != 0:
        raise AirflowMissingError(f"{done.stderr.strip()[-2000:]}\nRemedy: {REMEDY}")
    facts: Mapping[str, Any] = json.loads(done.stdout)
    return facts


def test_rules(airflow: Mapping[str, Any]) -> None:
    check_rules(rule_cases(1, 2), airflow)


@MANY
def test_rules_over_three(airflow_on_many: Mapping[str, Any]) -> None:
    check_rules(rule_cases(3), airflow_on_many)


def check_rules(cases: list[Case], airflow: Mapping[str, Any]) -> None:
    """Our verdicts are Airflow's."""
    differences = []
    for case, (state, may_run) in zip(cases, airflow["rules"], strict=True):
        verdict = judge(case["rule"], Counts.of(case["upstream"]), case["map_index"])
        # Airflow looks at no rule once the task is not to be run.
        ours = [verdict.state, verdict.may_run or case["rule"] == "always"]
        if ours != [state, may_run]:
            differences.append((case, ours, [state, may_run]))
    assert differences == []


@pytest.mark.parametrize("number", range(FEW))
def test_runs(airflow: Mapping[str, Any], number: int) -> None:
    ran = run_here(run_cases()[number])
    assert {"run": ran.run.state, "tasks": ran.states} == airflow["runs"][number]


@MANY
@pytest.mark.parametrize("number", range(FEW, len(run_cases())))
def test_more_runs(airflow_on_many: Mapping[str, Any], number: int) -> None:
    ran = run_here(run_cases()[number])
    assert {"run": ran.run.state, "tasks": ran.states} == airflow_on_many["runs"][number - FEW]


@pytest.mark.parametrize("number", range(len(group_cases())))
def test_mapped_groups(airflow: Mapping[str, Any], number: int) -> None:
    case = group_cases()[number]
    endings = {"fail": memory.fail, "skip": memory.skip}

    def first(name: str) -> str:
        endings.get(name, memory.nothing)()
        return name

    dag = Notebook()
    names: Any = case["over"]
    if not case["literal"]:
        names = dag.task(endings.get(case["source"], memory.give(case["over"])), id="names")
    with dag.mapped_group("g", name=each(names)) as g:
        value = dag.task(first, g.name, id="g.first")
        dag.task(memory.give("x"), value, id="g.second", trigger_rule=case["rule"])
        dag.task(memory.give(1), id="g.third", after=["g.second"], trigger_rule="all_done")
    dag.task(memory.nothing, value, id="after")
    ran = memory.run(dag)
    assert {"run": ran.run.state, "tasks": ran.states} == airflow["groups"][number]


def run_here(case: Case) -> memory.Ran:
    """The same DAG by our scheduler."""
    dag = Notebook()
    for task in case["tasks"]:
        note(dag, task)
    return memory.run(dag, options=Options(fail_fast=case.get("fail_fast", False)))


def note(dag: Notebook, task: Case) -> None:
    """Note a task of a case."""
    common: dict[str, Any] = {
        "id": task["id"],
        "after": task["upstream"],
        "trigger_rule": task["rule"],
        "setup": task.get("setup", False),
        "teardown": task.get("teardown", False),
        "on_failure_fail_dagrun": task.get("fail_dagrun", False),
    }
    if task["kind"] == "branch":
        dag.branch(ending(task), **common)
    elif task["kind"] == "short_circuit":
        dag.short_circuit(ending(task), **common, ignore_downstream_trigger_rules=not task["near"])
    elif task["kind"] == "map":
        dag.map(ending(task), item=each(task["over"]), **common)
    else:
        dag.task(ending(task), **common)


def ending(task: Case) -> Callable[..., Any]:
    """A function that ends as the case says."""

    def body(item: str | None = None) -> Any:
        if task["ends"] == "failed" or item == "fail":
            memory.fail()
        if task["ends"] == "skipped" or item == "skip":
            memory.skip()
        return task.get("gives")

    return body
