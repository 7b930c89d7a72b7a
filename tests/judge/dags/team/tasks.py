from dataclasses import dataclass
from enum import Enum

from airflow.operators.empty import EmptyOperator

from . import names  # noqa: TID252


class Stage(str, Enum):
    FINAL = "final"


@dataclass
class Settings:
    retries: int = 1


def add_end(stage):
    return EmptyOperator(task_id=f"{stage.value}_{names.SECOND}")
