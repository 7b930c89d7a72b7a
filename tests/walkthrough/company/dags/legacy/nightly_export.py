# -*- coding: utf-8 -*-
# jan, 2018: first version
# jan, 2019: do not touch, works
from datetime import datetime, timedelta

from airflow import DAG
from airflow.operators.bash_operator import BashOperator
from airflow.operators.dummy_operator import DummyOperator
from airflow.operators.python_operator import PythonOperator
from airflow.contrib.operators.ssh_operator import SSHOperator
from airflow.utils.dates import days_ago

args = {
    'owner': 'jan',
    'start_date': days_ago(2),
    'email': ['jan@example.org'],
    'email_on_failure': True,
    'retries': 1,
    'retry_delay': timedelta(minutes=10),
}

dag = DAG(dag_id='nightly_export', default_args=args, schedule_interval='0 1 * * *', catchup=False)


def make_file_name(**kwargs):
    name = 'export_%s.csv' % kwargs['execution_date'].strftime('%Y%m%d')
    kwargs['ti'].xcom_push(key='name', value=name)


t1 = PythonOperator(task_id='make_file_name', python_callable=make_file_name, provide_context=True, dag=dag)
t2 = SSHOperator(
    task_id='dump',
    ssh_conn_id='ssh_erp',
    command='/opt/erp/dump.sh {{ ti.xcom_pull(task_ids="make_file_name", key="name") }}',
    dag=dag)
t3 = BashOperator(
    task_id='copy',
    bash_command='scp erp:/out/{{ ti.xcom_pull(task_ids="make_file_name", key="name") }} /data/in/',
    dag=dag)
end = DummyOperator(task_id='end', dag=dag)

t1.set_downstream(t2)
t2.set_downstream(t3)
end.set_upstream(t3)
