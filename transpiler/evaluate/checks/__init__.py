"""What Airflow checks of a DAG when it loads the file."""
