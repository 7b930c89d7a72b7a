# Airflow 1.8, Python 2.7. Nobody dared to touch it.
from airflow import DAG
from airflow.operators import PythonOperator
from datetime import datetime


def report(**kwargs):
    try:
        print "rows: %d" % kwargs['rows']
    except KeyError, e:
        print "no rows", e


dag = DAG('python2_report', start_date=datetime(2016, 1, 1), schedule_interval='@daily')
PythonOperator(task_id='report', python_callable=report, provide_context=True, dag=dag)
