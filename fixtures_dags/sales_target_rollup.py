"""
Compares the sales of the week with the targets of the regions.

Old-school PythonOperators: everything goes through XCom, partly by ``ti.xcom_pull`` in the
callable and partly by templates.
"""
import json
import logging
from datetime import datetime, timedelta

from airflow import DAG
from airflow.operators.bash import BashOperator
from airflow.operators.python import PythonOperator

from alerts import incidentio_alerts

log = logging.getLogger(__name__)

REGIONS = ["flanders", "wallonia", "brussels"]
WEEKLY_TARGETS = {"flanders": 52000, "wallonia": 31000, "brussels": 24000}
WARN_BELOW = 0.85  # share of the target


def notify_success(context):
    ti = context["task_instance"]
    log.info("%s.%s finished for %s", ti.dag_id, ti.task_id, context["ds"])


def notify_retry(context):
    """Retries of the sales API are normal on Mondays, so this is only a log line."""
    ti = context["task_instance"]
    log.warning("%s.%s is retried, try %s: %s",
                ti.dag_id, ti.task_id, ti.try_number, context.get("exception"))


def load_targets(factor=1.0, **context):
    """Weekly target per region. The total goes under a key of its own, the report wants it."""
    targets = {region: round(target * factor) for region, target in WEEKLY_TARGETS.items()}
    context["ti"].xcom_push(key="total_target", value=sum(targets.values()))
    return targets


def load_sales(region, week_start, week_end):
    # The API went away in 2023. Until the new one is there, sales are estimated from the calendar.
    days = (datetime.fromisoformat(week_end) - datetime.fromisoformat(week_start)).days
    base = WEEKLY_TARGETS[region] / 7
    return {"region": region, "days": days, "sales": round(base * days * 0.9)}


def compare(min_share, **kwargs):
    ti = kwargs["ti"]
    targets = ti.xcom_pull(task_ids="load_targets")
    sales = ti.xcom_pull(task_ids=[f"load_sales_{region}" for region in REGIONS])
    result = {}
    for row in sales:
        share = row["sales"] / targets[row["region"]]
        result[row["region"]] = {"share": round(share, 3), "warn": share < min_share}
    return json.dumps(result, sort_keys=True)


def render_report(comparison, total_target, title="Sales"):
    """Text of the report. Both values come in as strings, rendered from templates."""
    rows = json.loads(comparison)
    lines = [f"{title} (target {int(total_target):,})"]
    for region, row in rows.items():
        flag = " !" if row["warn"] else ""
        lines.append(f"{region:10} {row['share']:.1%}{flag}")
    text = "\n".join(lines)
    log.info(text)
    return text


default_args = {
    "owner": "sales-analytics",
    "start_date": datetime(2022, 9, 5),
    "retries": 2,
    "retry_delay": timedelta(minutes=2),
    "on_failure_callback": incidentio_alerts.create_alert,
    "on_retry_callback": notify_retry,
}

dag = DAG(
    "sales_target_rollup",
    default_args=default_args,
    schedule_interval="@weekly",
    catchup=True,
    max_active_runs=2,
    on_success_callback=notify_success,
    tags=["sales"],
)

t_targets = PythonOperator(
    task_id="load_targets",
    python_callable=load_targets,
    op_kwargs={"factor": 1.05},
    dag=dag,
)

t_compare = PythonOperator(
    task_id="compare",
    python_callable=compare,
    op_args=[WARN_BELOW],
    dag=dag,
)

for region in REGIONS:
    t_sales = PythonOperator(
        task_id=f"load_sales_{region}",
        python_callable=load_sales,
        op_args=[region],
        op_kwargs={
            "week_start": "{{ data_interval_start | ds }}",
            "week_end": "{{ data_interval_end | ds }}",
        },
        dag=dag,
    )
    t_sales.set_downstream(t_compare)

t_report = PythonOperator(
    task_id="render_report",
    python_callable=render_report,
    op_kwargs={
        "comparison": "{{ ti.xcom_pull(task_ids='compare') }}",
        "total_target": "{{ ti.xcom_pull(task_ids='load_targets', key='total_target') }}",
        "title": "Sales of the week {{ ds }}",
    },
    on_success_callback=notify_success,
    dag=dag,
)

t_archive = BashOperator(
    task_id="archive",
    bash_command='echo "archived $TITLE: {{ ti.xcom_pull(task_ids="render_report") | length }} characters"',
    env={"TITLE": "sales_{{ ds_nodash }}"},
    append_env=True,
    dag=dag,
)

t_targets >> t_compare >> t_report >> t_archive
