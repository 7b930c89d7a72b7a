"""Month-end reporting: wait for everything, build the reports, tell finance.

Runs at 06:30 Brussels time on the first of the month. The wait tasks free their slot between
pokes, because the accounting close can be hours late.
"""
from datetime import timedelta

import pendulum
from airflow import DAG
from airflow.models.baseoperator import chain
from airflow.operators.bash import BashOperator
from airflow.operators.email import EmailOperator
from airflow.operators.empty import EmptyOperator
from airflow.sensors.bash import BashSensor
from airflow.sensors.external_task import ExternalTaskSensor
from airflow.sensors.filesystem import FileSensor
from airflow.utils.edgemodifier import Label
from airflow.utils.task_group import TaskGroup
from airflow.utils.trigger_rule import TriggerRule

from common.settings import DEFAULT_ARGS, ON_CALL_EMAIL, REPORT_RECIPIENTS

REPORTS = {
    "revenue": "reports/revenue.py",
    "refunds": "reports/refunds.py",
    "ltv": "reports/ltv.py",
}
EXPORT_DIR = "/data/exports"


def latest_ltv_run(logical_date, **_):
    """The LTV DAG runs daily: take its run of the same day at 02:00 UTC."""
    return logical_date.in_timezone("UTC").replace(hour=2, minute=0, second=0, microsecond=0)


with DAG(
    dag_id="month_end_reporting",
    default_args={**DEFAULT_ARGS, "email": [ON_CALL_EMAIL], "email_on_failure": True},
    start_date=pendulum.datetime(2023, 1, 1, tz="Europe/Brussels"),
    schedule_interval="30 6 1 * *",
    catchup=False,
    dagrun_timeout=timedelta(hours=20),
    tags=["finance", "reporting"],
) as dag:
    start = EmptyOperator(task_id="start")

    with TaskGroup("wait", tooltip="Everything the reports read") as wait:
        ExternalTaskSensor(
            task_id="ltv_predictions",
            external_dag_id="tran-ds-ltv-acquisition-be-inference",
            external_task_id="publish_predictions",
            execution_date_fn=latest_ltv_run,
            mode="reschedule",
            poke_interval=300,
            timeout=6 * 60 * 60,
        )
        FileSensor(
            task_id="accounting_close",
            filepath=EXPORT_DIR + "/close_{{ macros.ds_format(ds, '%Y-%m-%d', '%Y%m') }}.csv",
            mode="reschedule",
            poke_interval=600,
            timeout=12 * 60 * 60,
        )
        BashSensor(
            task_id="disk_space",
            bash_command='test "$(df --output=avail {{ params.export_dir }} | tail -1)" -gt 1000000',
            params={"export_dir": EXPORT_DIR},
            soft_fail=True,
        )

    with TaskGroup(group_id="reports") as reports:
        builds = {}
        for name, script in REPORTS.items():
            builds[name] = BashOperator(
                task_id=f"build_{name}",
                bash_command=f"python {script} --month {{{{ ds }}}} --out {EXPORT_DIR}/{name}.pdf",
                execution_timeout=timedelta(minutes=30),
                pool="reporting",
            )

        with TaskGroup("checks"):
            for name, build in builds.items():
                check = BashOperator(
                    task_id=f"check_{name}",
                    bash_command=f"test -s {EXPORT_DIR}/{name}.pdf",
                    retries=0,
                )
                build >> check

    send_reports = EmailOperator(
        task_id="send_reports",
        to=REPORT_RECIPIENTS,
        cc=[ON_CALL_EMAIL],
        subject="Month-end reports {{ ds }}",
        html_content="""
            <h3>Month-end reports</h3>
            <p>The reports for the month from {{ data_interval_start | ds }}
            to {{ macros.ds_add(data_interval_end | ds, -1) }} are ready.</p>
        """,
        files=[f"{EXPORT_DIR}/{name}.pdf" for name in REPORTS],
    )

    tell_on_call = EmailOperator(
        task_id="tell_on_call",
        to=ON_CALL_EMAIL,
        subject="Month-end reports {{ ds }} failed",
        html_content="See {{ ti.log_url }}",
        trigger_rule=TriggerRule.ONE_FAILED,
    )

    end = EmptyOperator(task_id="end", trigger_rule="none_failed_min_one_success")

    chain(start, wait, reports, [send_reports, tell_on_call])
    send_reports >> Label("all sent") >> end
    tell_on_call >> Label("a report is missing") >> end
