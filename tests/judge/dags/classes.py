"""Classes, for Airflow to judge."""

from datetime import datetime

from airflow import DAG
from airflow.operators.empty import EmptyOperator


class Builder:
    prefix = "x"

    def __init__(self, dag_id):
        self.dag = DAG(dag_id, start_date=datetime(2023, 1, 1), schedule=None)
        self.previous = None

    @property
    def size(self):
        return len(self.dag.tasks)

    @classmethod
    def create(cls, dag_id):
        return cls(dag_id)

    @staticmethod
    def name(number):
        return f"task_{number}"

    def add(self):
        task = EmptyOperator(task_id=f"{self.prefix}_{self.name(self.size)}", dag=self.dag)
        if self.previous:
            self.previous >> task
        self.previous = task
        return self


class Longer(Builder):
    prefix = "y"

    def add(self):
        super().add()
        return super().add()


short = Builder.create("classes_short").add().add().dag
longer = Longer.create("classes_long").add().dag
