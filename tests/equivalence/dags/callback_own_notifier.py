"""A notifier of the project, on tasks and on the DAG; its template fields are rendered."""

import json
import os
from datetime import datetime
from pathlib import Path

from airflow import DAG
from airflow.notifications.basenotifier import BaseNotifier
from airflow.operators.bash import BashOperator


class FileNotifier(BaseNotifier):
    template_fields = ("message",)

    def __init__(self, message, level="info"):
        super().__init__()
        self.message = message
        self.level = level

    def notify(self, context):
        with Path(os.environ["EQUIVALENCE_RECORD"]).open("a") as file:
            file.write(json.dumps([self.level, self.message, context["message"]]) + "\n")
        if self.level == "broken":
            raise ValueError("not sent")


with DAG(
    "callback_own_notifier",
    start_date=datetime(2024, 1, 1),
    schedule=None,
    on_failure_callback=FileNotifier("{{ dag.dag_id }} failed", level="page"),
    default_args={"on_failure_callback": FileNotifier(message="task {{ ti.task_id }} {{ ds }}")},
):
    fine = [FileNotifier("fine {{ task.task_id }}"), FileNotifier("lost", level="broken")]
    good = BashOperator(task_id="good", bash_command="true", on_success_callback=fine)
    good >> BashOperator(task_id="bad", bash_command="exit 4")
