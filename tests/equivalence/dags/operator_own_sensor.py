"""Sensors of the project: one that is satisfied with a value, one in vain, one that is skipped."""

from datetime import datetime

from airflow import DAG
from airflow.sensors.base import BaseSensorOperator, PokeReturnValue


class CountSensor(BaseSensorOperator):
    template_fields = ("what",)
    looks = 0

    def __init__(self, what: str, until: int, **kwargs) -> None:
        super().__init__(**kwargs)
        self.what = what
        self.until = until

    def poke(self, context):
        self.looks += 1
        if self.looks < self.until:
            return False
        return PokeReturnValue(True, f"{self.what} after {self.looks}")


with DAG(
    "operator_own_sensor",
    start_date=datetime(2024, 1, 1),
    schedule=None,
    default_args={"poke_interval": 0.05},
):
    CountSensor(task_id="satisfied", what="{{ ds }}", until=2, timeout=60)
    CountSensor(task_id="in_vain", what="x", until=1000, timeout=0.2)
    CountSensor(task_id="skipped", what="x", until=1000, timeout=0.2, soft_fail=True)
