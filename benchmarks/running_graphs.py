"""The same graph three times: as an Airflow DAG, as emitted from it, and as written by hand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Shape = Literal["chain", "fan-out"]
Mode = Literal["static", "dynamic"]


@dataclass(frozen=True)
class Graph:
    """A DAG of tasks that do nothing: one after another, or all between a first and a last one."""

    shape: Shape
    mode: Mode
    tasks: int

    def __str__(self) -> str:
        return f"{self.shape}, {self.mode}, {self.tasks} tasks"

    @property
    def name(self) -> str:
        """Identifier of the DAG and its pipeline."""
        return f"{self.shape.replace('-', '_')}_{self.mode}_{self.tasks}"

    def upstream(self) -> dict[str, list[str]]:
        """The tasks before each task, in an order in which they can run."""
        ids = [f"task_{number:03}" for number in range(self.tasks)]
        if self.shape == "chain":
            return {name: ids[max(i - 1, 0) : i] for i, name in enumerate(ids)}
        first, *middle, last = ids
        return {first: [], **{name: [first] for name in middle}, last: middle}

    def airflow(self) -> str:
        """The DAG file. A trigger rule that looks at states is what makes a pipeline dynamic."""
        rule = ', trigger_rule="all_done"' if self.mode == "dynamic" else ""
        lines = [
            "from datetime import datetime",
            "",
            "from airflow import DAG",
            "from airflow.operators.python import PythonOperator",
            "",
            "",
            "def work():",
            "    pass",
            "",
            "",
            f'with DAG("{self.name}", start_date=datetime(2024, 1, 1), schedule=None):',
        ]
        for name, before in self.upstream().items():
            lines.append(
                f'    {name} = PythonOperator(task_id="{name}", python_callable=work{rule})'
            )
            if before:
                lines.append(f"    [{', '.join(before)}] >> {name}")
        return "\n".join(lines) + "\n"

    def by_hand(self) -> str:
        """A module with the pipeline as somebody would write it who knows ZenML alone."""
        dynamic = self.mode == "dynamic"
        lines = [
            "from zenml import pipeline, step",
            "",
            "",
            "@step",
            "def work() -> None:",
            "    pass",
            "",
            "",
            f'@pipeline(name="{self.name}-by-hand", dynamic={dynamic}, enable_cache=False)',
            "def by_hand() -> None:",
        ]
        for name, before in self.upstream().items():
            if dynamic:
                lines.append(f'    {name} = work.submit(id="{name}", after=[{", ".join(before)}])')
            else:
                after = ", ".join(f'"{other}"' for other in before)
                lines.append(f'    work(id="{name}", after=[{after}])')
        return "\n".join(lines) + "\n"


def graphs(tasks: int) -> list[Graph]:
    """Both shapes in both modes."""
    modes: tuple[Mode, ...] = ("static", "dynamic")
    shapes: tuple[Shape, ...] = ("chain", "fan-out")
    return [Graph(shape, mode, tasks) for mode in modes for shape in shapes]
