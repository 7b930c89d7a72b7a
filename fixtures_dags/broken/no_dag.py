"""A module that lies beside the DAGs and defines none."""
from airflow.models import Variable


def market():
    return Variable.get("market", default_var="BE")
