"""on_skipped_callback of shell commands, sensors and mapped tasks; a list, a partial, one that raises."""

import json
import os
from datetime import datetime
from functools import partial
from pathlib import Path

from airflow import DAG
from airflow.operators.bash import BashOperator
from airflow.operators.empty import EmptyOperator
from airflow.sensors.bash import BashSensor
from airflow.sensors.date_time import DateTimeSensor


def record(context, word="skipped"):
    ti = context["ti"]
    line = [word, ti.task_id, ti.map_index, str(ti.state), context["ds"]]
    with Path(os.environ["EQUIVALENCE_RECORD"]).open("a") as file:
        file.write(json.dumps(line) + "\n")


def broken(context):
    raise ValueError("broken")


with DAG(
    "callback_skipped_library",
    start_date=datetime(2024, 1, 1),
    schedule=None,
    default_args={"on_skipped_callback": record},
):
    command = BashOperator(task_id="command", bash_command="exit 99")
    own_code = BashOperator(
        task_id="own_code",
        bash_command="exit 7",
        skip_on_exit_code=7,
        on_skipped_callback=[record, partial(record, word="again")],
    )
    raising = BashOperator(task_id="raising", bash_command="exit 99", on_skipped_callback=broken)
    sensor = BashSensor(
        task_id="sensor", bash_command="false", poke_interval=0.1, timeout=0.2, soft_fail=True
    )
    mapped = BashOperator.partial(task_id="mapped").expand(bash_command=["exit 0", "exit 99"])
    never = DateTimeSensor(task_id="never", target_time="{{ ds }}")
    [command, own_code, raising, sensor, mapped, never] >> EmptyOperator(task_id="after")
