"""HTTP requests, messages to Slack, runs of other DAGs, and SQL checks."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.rules.lowered import HEAD, lower, one

HTTP = "airflow.providers.http.operators.http"
SLACK = "airflow.providers.slack.operators.slack"
WEBHOOK = "airflow.providers.slack.operators.slack_webhook"
CHECKS = "airflow.providers.common.sql.operators.sql"
SNOWFLAKE = "airflow.providers.snowflake.operators.snowflake"
TRIGGER = "airflow.operators.trigger_dagrun"
CONN = "conn_id='snowflake_etl'"


def good(folder: Path, import_: str, call: str) -> str:
    lowered = one(folder, import_, call)
    assert (lowered.refused, lowered.untaken) == ([], [])
    (text,) = lowered.texts
    return text.replace("'", '"')


@pytest.mark.parametrize(
    ("import_", "call", "expected"),
    [
        (HTTP, "HttpOperator(task_id='t')", "send_http_request()"),
        (
            HTTP,
            "HttpOperator(task_id='t', endpoint='x', http_conn_id='http_default', "
            "tcp_keep_alive_idle=60, deferrable=True, extra_options={'timeout': 5})",
            'send_http_request("x", options={"timeout": 5})',
        ),
        (
            "airflow.operators.http_operator",
            "SimpleHttpOperator(task_id='t', endpoint='x', response_filter=len, method='GET')",
            'send_http_request("x", method="GET", response_filter="builtins.len")',
        ),
        (
            WEBHOOK,
            "SlackWebhookOperator(task_id='t', message='x', channel='#c', link_names=False)",
            'send_slack_webhook("x")',
        ),
        (WEBHOOK, "SlackWebhookOperator(task_id='t', http_conn_id='a')", 'send_slack_webhook("", connection="a")'),
        (
            TRIGGER,
            "TriggerDagRunOperator(task_id='t', trigger_dag_id='d', "
            "execution_date=datetime(2024, 5, 1), trigger_run_id='{{ ds }}', reset_dag_run=True)",
            'trigger_pipeline("d", logical_date="2024-05-01T00:00:00", run_id="{{ ds }}", '
            "reset_run=True)",
        ),
        (
            TRIGGER,
            "TriggerDagRunOperator(task_id='t', trigger_dag_id='d', logical_date='{{ ds }}', "
            "allowed_states=['success'], failed_states=[], reset_dag_run=False)",
            'trigger_pipeline("d", logical_date="{{ ds }}", failed_states=[])',
        ),
        (
            TRIGGER,
            "TriggerDagRunOperator(task_id='t', trigger_dag_id='d', allowed_states=[], "
            "failed_states=[State.FAILED, 'success'], execution_timeout=timedelta(hours=1))",
            'trigger_pipeline("d", failed_states=["failed", "success"])',
        ),
        (
            TRIGGER,
            "TriggerDagRunOperator(task_id='t', trigger_dag_id='d', skip_when_already_exists=True)",
            'dag.task(trigger_pipeline, "d", skip_when_already_exists=True)',
        ),
        (
            CHECKS,
            f"SQLCheckOperator(task_id='t', {CONN}, sql='SELECT 1', retry_on_failure=False, "
            "parameters={'n': 1}, database='D')",
            'check_sql("d/t.sql", connection="snowflake_etl", schema_name="D", parameters={"n": 1}, '
            "retry_on_failure=False)",
        ),
        (
            SNOWFLAKE,
            "SnowflakeCheckOperator(task_id='t', sql='SELECT 1', snowflake_conn_id='a', role='R')",
            'check_sql("d/t.sql", connection="a", role="R")',
        ),
    ],
)  # fmt: skip
def test_arguments(import_: str, call: str, expected: str, tmp_path: Path) -> None:
    assert good(tmp_path, import_, call) == expected


@pytest.mark.parametrize(
    ("import_", "call"),
    [
        (HTTP, "HttpOperator(task_id='t', auth_type=State.x)"),
        (HTTP, "HttpOperator(task_id='t', retry_args={'stop': 3})"),
        (HTTP, "HttpOperator(task_id='t', http_conn_id=State.x())"),
        (SLACK, "SlackAPIPostOperator(task_id='t', token='xoxb', text='x')"),
        (WEBHOOK, "SlackWebhookOperator(task_id='t', slack_webhook_conn_id=State.x())"),
        (TRIGGER, "TriggerDagRunOperator(task_id='t', trigger_dag_id='d', python_callable=print)"),
        (TRIGGER, "TriggerDagRunOperator(task_id='t', trigger_dag_id='d', failed_states=State.x)"),
        (TRIGGER, "TriggerDagRunOperator(task_id='t', trigger_dag_id='d', allowed_states=[1])"),
        (CHECKS, "SQLCheckOperator(task_id='t', conn_id=State.x(), sql='SELECT 1')"),
        (CHECKS, f"SQLValueCheckOperator(task_id='t', {CONN}, sql='SELECT 1')"),
        (
            CHECKS,
            f"SQLColumnCheckOperator(task_id='t', {CONN}, table='T', "
            "column_mapping={'A': {'min': {'geq_to': datetime(2024, 1, 1)}}})",
        ),
        (CHECKS, f"SQLTableCheckOperator(task_id='t', {CONN}, table='T', checks=State.x())"),
        (
            SNOWFLAKE,
            "SnowflakeCheckOperator(task_id='t', sql='SELECT 1', session_parameters={'A': 1})",
        ),
    ],
)
def test_what_cannot_be_done(import_: str, call: str, tmp_path: Path) -> None:
    lowered = one(tmp_path, import_, call)

    assert lowered.texts == []
    assert [found.code for found in lowered.refused] == ["D2Z303"]


def test_a_dag_of_the_same_file_is_there(tmp_path: Path) -> None:
    text = (
        f"{HEAD}from {TRIGGER} import TriggerDagRunOperator\n"
        'with DAG("a", start_date=datetime(2024, 1, 1), schedule=None):\n'
        '    TriggerDagRunOperator(task_id="t", trigger_dag_id="a")\n'
    )

    assert lower(tmp_path, text).codes == []
    other = lower(tmp_path, text.replace('trigger_dag_id="a"', 'trigger_dag_id="b"'))
    assert other.codes == [("D2Z312", "warning")]
