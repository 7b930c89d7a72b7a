"""Stock per shop. Half-way through a rewrite since March."""
from airflow import DAG
from airflow.operators.python import PythonOperator

def stock(**context):
    print "stock of", context["ds"]

with DAG("stock_report", schedule="@daily") as dag:
    PythonOperator(task_id="stock", python_callable=stock)
