"""Keys of a result are XComs where the annotation is a TypedDict, or a dict of any spelling."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Dict, TypedDict  # noqa: UP035

from airflow.decorators import dag, task


class Split(TypedDict):
    train: int
    test: int


@dag(start_date=datetime(2024, 1, 1), schedule=None)
def data_typed_outputs():
    @task
    def split() -> Split:
        return {"train": 1, "test": 2}

    @task
    def plain() -> dict[str, int]:
        return {"a": 1}

    @task
    def old() -> Dict[str, Any]:  # noqa: UP006
        return {"b": [1]}

    @task(multiple_outputs=False)
    def whole() -> dict:
        return {"c": 1}

    @task
    def take(*given):
        return list(given)

    take(split(), split()["test"], plain()["a"], old()["b"], whole())


data_typed_outputs()
