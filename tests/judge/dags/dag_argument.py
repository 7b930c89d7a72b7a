"""DAG() bound to a name, and tasks that get it by `dag=`."""

from datetime import datetime

from airflow import DAG
from airflow.operators.empty import EmptyOperator

dag = DAG("dag_argument", start_date=datetime(2023, 1, 1), schedule="@weekly")
extract = EmptyOperator(task_id="extract", dag=dag)
load = EmptyOperator(task_id="load", dag=dag)
late = EmptyOperator(task_id="late")
load.set_upstream(extract)
load.set_downstream(late)
