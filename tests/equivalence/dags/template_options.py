"""Jinja's options and undefined names of a DAG, files of @task arguments, what `ti` gives."""

import json
from datetime import datetime

import jinja2
from airflow import DAG
from airflow.decorators import task
from airflow.operators.bash import BashOperator

with DAG(
    "template_options",
    start_date=datetime(2024, 1, 1),
    schedule=None,
    params={"size": 3, "name": "dag"},
    template_undefined=jinja2.ChainableUndefined,
    jinja_environment_kwargs={"trim_blocks": True, "keep_trailing_newline": True},
):

    @task
    def lines(text):
        return text

    @task(templates_exts=[".sql"])
    def statement(sql, names):
        return [sql, names]

    @task(params={"name": "task"})
    def asks(ti=None, task=None):
        run = ti.get_dagrun()
        context = ti.get_template_context()
        rendered = task.render_template("{{ ds }} {{ extra }}", {**context, "extra": "more"})
        return [run.run_id == ti.run_id, run.state, rendered, dict(task.params)]

    lines("{% if ds %}\n{{ ds }}{{ dag_run.conf.nothing.here }}\n{% endif %}\nend\n")
    statement("template_options.sql", names=["template_options.sql", "none.txt"])
    asks()
    BashOperator(
        task_id="several",
        bash_command='echo \'{"rows": 3, "day": "{{ ds }}"}\'',
        output_processor=json.loads,
        multiple_outputs=True,
    ) >> BashOperator(
        task_id="reads", bash_command="echo {{ ti.xcom_pull(task_ids='several', key='rows') }}"
    )
