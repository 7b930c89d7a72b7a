# -*- coding: utf-8 -*-
"""Nightly customer export to the data warehouse of the parent company.

Written for Airflow 1.10 and only patched since. It will be replaced "next quarter" (2020).
"""
from datetime import datetime, timedelta

from airflow import DAG
from airflow.contrib.operators.kubernetes_pod_operator import KubernetesPodOperator
from airflow.contrib.operators.snowflake_operator import SnowflakeOperator
from airflow.operators.bash_operator import BashOperator
from airflow.operators.dummy_operator import DummyOperator
from airflow.operators.python_operator import PythonOperator

args = {
    'owner': 'bi',
    'depends_on_past': True,
    'start_date': datetime(2019, 5, 1),
    'email': ['bi@example.com'],
    'email_on_failure': True,
    'email_on_retry': False,
    'retries': 1,
    'retry_delay': timedelta(minutes=15),
}

dag = DAG('legacy_customer_export', default_args=args, schedule_interval='15 22 * * *', catchup=False)

COLUMNS = 'CUSTOMER_ID, COUNTRY, ACQUIRED_AT, CHANNEL'


def log_export(ds, **kwargs):
    # execution_date is the day before, as always
    print('exported customers of %s, next run is for %s' % (ds, kwargs['next_ds']))
    print('retention: {} days'.format(kwargs['templates_dict']['retention']))


start = DummyOperator(task_id='start', dag=dag)

stage = SnowflakeOperator(
    task_id='stage_customers',
    snowflake_conn_id='snowflake_data_science',
    sql=[
        'CREATE TABLE IF NOT EXISTS ANALYTICS.MARTS.CUSTOMER_EXPORT (%s)'
        % 'EXPORT_DATE DATE, CUSTOMER_ID NUMBER, COUNTRY VARCHAR, ACQUIRED_AT DATE, CHANNEL VARCHAR',
        "DELETE FROM ANALYTICS.MARTS.CUSTOMER_EXPORT WHERE EXPORT_DATE = '{{ ds }}'",
        "INSERT INTO ANALYTICS.MARTS.CUSTOMER_EXPORT SELECT '{{ ds }}', %s "
        "FROM ANALYTICS.RAW.CUSTOMERS WHERE ACQUIRED_AT <= '{{ ds }}'" % COLUMNS,
    ],
    dag=dag)

upload = KubernetesPodOperator(
    task_id='upload',
    name='customer-export',
    namespace='bi',
    image='registry.example.com/bi/exporter:0.9',
    cmds=['/bin/sh', '-c'],
    arguments=['exporter --table CUSTOMER_EXPORT --date {{ ds }} --chunk 50000'],
    env_vars={'TARGET': 'sftp://partner.example.com/in'},
    in_cluster=True,
    dag=dag)

cleanup = BashOperator(
    task_id='cleanup',
    bash_command='find /tmp/customer_export -name "*.csv" -mtime +7 -delete || true',
    trigger_rule='all_done',
    dag=dag)

log = PythonOperator(
    task_id='log_export',
    python_callable=log_export,
    provide_context=True,
    templates_dict={'retention': '{{ var.value.get("export_retention_days", "30") }}'},
    dag=dag)

end = DummyOperator(task_id='end', dag=dag)

stage.set_upstream(start)
stage.set_downstream(upload)
upload.set_downstream([cleanup, log])
end << [cleanup, log]
