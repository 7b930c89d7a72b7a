"""Small DAG files made by chance, for runs on both sides.

They mix what decides about states: trigger rules, branches, short circuits, skips, failures,
retries, setups and teardowns, mapped tasks, and XComs that are pulled, passed and pushed.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

from tests.equivalence.cases import Case

HEAD = '''"""Made by chance."""

from datetime import datetime, timedelta

from airflow import DAG
from airflow.decorators import task
from airflow.exceptions import AirflowFailException, AirflowSkipException
from airflow.operators.bash import BashOperator
from airflow.operators.empty import EmptyOperator
from airflow.operators.python import BranchPythonOperator, PythonOperator, ShortCircuitOperator

'''
LATE = """
    all_success all_failed all_done all_skipped none_failed none_failed_min_one_success
    none_skipped
""".split()
"""Rules by which a task starts when all before it have ended."""
RULES = [*LATE, "one_success", "one_failed", "one_done", "always"]
"""The last one is not allowed for tasks that are mapped over results."""
KINDS = {
    "value": 6,
    "fails": 2,
    "fails_for_good": 1,
    "skips": 2,
    "flaky": 2,
    "branch": 3,
    "short_circuit": 2,
    "mapped": 2,
    "mapped_over": 2,
    "pull": 2,
    "push": 1,
    "bash": 1,
    "empty": 1,
}
"""How often each kind of task is made, in parts."""
CHOOSING = {"branch", "short_circuit"}
"""The kinds that skip some of what follows them."""


def random_cases(folder: Path, count: int, seed: int = 0) -> list[Case]:
    """Write that many files into the folder, each with a DAG; the same for the same seed."""
    made = []
    for number in range(seed, seed + count):
        name = f"random_{number}"
        path = folder / f"{name}.py"
        path.write_text(_Maker(name, random.Random(number)).text(), encoding="utf-8")
        made.append(Case(name, path, "A DAG made by chance."))
    return made


class _Maker:
    """One DAG: its tasks, `t0` first, and which of them each follows."""

    def __init__(self, name: str, chance: random.Random) -> None:
        self._name = name
        self._chance = chance
        count = chance.randint(4, 9)
        self._upstream = {
            number: [one for one in range(number) if chance.random() < 0.35]
            for number in range(count)
        }
        self._functions: list[str] = []
        self._has_setup = chance.random() < 0.25
        """Whether the first task is a setup of the last one. What follows a setup has no rule."""
        self._skippable: set[int] = set()
        """The tasks that choose what follows them, and all that follows these."""

    def text(self) -> str:
        """The whole file."""
        tasks = [self._task(number) for number in self._upstream]
        edges = [
            f"    {self._listed(upstream)} >> t{number}"
            for number, upstream in self._upstream.items()
            if upstream
        ]
        if self._has_setup:
            edges.append(f"    t{len(tasks) - 1}.as_teardown(setups=t0)")
        dag = f'with DAG("{self._name}", start_date=datetime(2024, 1, 1), schedule=None{self._options()}):'
        return HEAD + "\n\n".join([*self._functions, "\n".join([dag, *tasks, *edges])]) + "\n"

    def _options(self) -> str:
        return ", max_active_tasks=1" if self._chance.random() < 0.1 else ""

    def _rule(self, number: int, rules: Sequence[str] = RULES) -> str:
        """As an argument.

        What a choice may skip starts late: otherwise it is a matter of time, in Airflow too, whether
        it starts or is skipped first.
        """
        upstream = self._upstream[number]
        follows_setup = self._has_setup and 0 in upstream
        if not upstream or follows_setup or self._chance.random() < 0.45:
            return ""
        if self._skippable.intersection(upstream):
            rules = [rule for rule in rules if rule in LATE]
        return f', trigger_rule="{self._chance.choice(rules)}"'

    def _task(self, number: int) -> str:
        kind = self._chance.choices([*KINDS], [*KINDS.values()])[0]
        if kind in CHOOSING or self._skippable.intersection(self._upstream[number]):
            self._skippable.add(number)
        line: str = getattr(self, f"_{kind}")(number)
        return f"    t{number} = {line}"

    def _function(
        self, number: int, body: str, parameters: str = "", rules: Sequence[str] = RULES
    ) -> str:
        lines = "\n".join(f"    {line}" for line in body.split("\n"))
        self._functions.append(f"def f{number}({parameters}):\n{lines}\n")
        return f'task_id="t{number}", python_callable=f{number}{self._rule(number, rules)}'

    def _value(self, number: int) -> str:
        return f"PythonOperator({self._function(number, f'return {number}')})"

    def _fails(self, number: int) -> str:
        retries = ", retries=1, retry_delay=timedelta(0)" if self._chance.random() < 0.3 else ""
        return f"PythonOperator({self._function(number, 'raise ValueError(1)')}{retries})"

    def _fails_for_good(self, number: int) -> str:
        body = 'raise AirflowFailException("no")'
        return (
            f"PythonOperator({self._function(number, body)}, retries=2, retry_delay=timedelta(0))"
        )

    def _skips(self, number: int) -> str:
        return f"PythonOperator({self._function(number, 'raise AirflowSkipException()')})"

    def _flaky(self, number: int) -> str:
        body = f'if ti.try_number < {self._chance.randint(2, 3)}:\n    raise ValueError("again")\nreturn ti.try_number'
        call = self._function(number, body, "ti")
        return f"PythonOperator({call}, retries={self._chance.randint(1, 2)}, retry_delay=timedelta(0))"

    def _branch(self, number: int) -> str:
        after = [f"t{one}" for one, upstream in self._upstream.items() if number in upstream]
        if not after:
            return self._value(number)
        chosen = [one for one in after if self._chance.random() < 0.5]
        answer = repr(chosen[0] if len(chosen) == 1 else chosen or None)
        return f"BranchPythonOperator({self._function(number, f'return {answer}')})"

    def _short_circuit(self, number: int) -> str:
        call = self._function(number, f"return {self._chance.random() < 0.4}")
        ignoring = self._chance.random() < 0.5
        return f"ShortCircuitOperator({call}, ignore_downstream_trigger_rules={ignoring})"

    def _body_of_one(self) -> str:
        wrong = self._chance.choice(["", "", "raise ValueError(x)", "raise AirflowSkipException()"])
        start = f"if x == 2:\n    {wrong}\n" if wrong else ""
        return f"{start}return x * 10"

    def _mapped(self, number: int) -> str:
        self._function(number, self._body_of_one(), "x")
        items = [1, 2, 3][: self._chance.randint(0, 3)]
        return f'task(task_id="t{number}"{self._rule(number)})(f{number}).expand(x={items})'

    def _mapped_over(self, number: int) -> str:
        upstream = self._upstream[number]
        if not upstream:
            return self._mapped(number)
        self._function(number, self._body_of_one(), "x")
        self._functions.append(f"def g{number}():\n    return [1, 2]\n")
        source = f'task(task_id="s{number}")(g{number})()'
        return f'task(task_id="t{number}"{self._rule(number, RULES[:-1])})(f{number}).expand(x={source})'

    def _pull(self, number: int) -> str:
        if not self._upstream[number]:
            return self._value(number)
        source = f"t{self._chance.choice(self._upstream[number])}"
        body = (
            f'found = ti.xcom_pull(task_ids="{source}")\n'
            "plain = isinstance(found, (int, str, list, type(None)))\n"
            f'return [found if plain else list(found), ti.xcom_pull(task_ids="{source}", key="own")]'
        )
        return f"PythonOperator({self._function(number, body, 'ti', LATE)})"

    def _push(self, number: int) -> str:
        body = f'ti.xcom_push(key="own", value={number})\nreturn "pushed"'
        return f"PythonOperator({self._function(number, body, 'ti')})"

    def _bash(self, number: int) -> str:
        command = self._chance.choice(["echo {{ ds }}", "exit 1", "exit 99"])
        return f'BashOperator(task_id="t{number}", bash_command="{command}"{self._rule(number)})'

    def _empty(self, number: int) -> str:
        return f'EmptyOperator(task_id="t{number}"{self._rule(number)})'

    def _listed(self, numbers: list[int]) -> str:
        return f"[{', '.join(f't{one}' for one in numbers)}]"
