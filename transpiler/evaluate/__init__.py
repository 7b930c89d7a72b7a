"""Partial evaluation of DAG-building code: a file becomes the DAGs that Airflow would build from
it.
"""

from __future__ import annotations

from transpiler.evaluate.read import read_dag_file

__all__ = ["read_dag_file"]
