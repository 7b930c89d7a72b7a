"""The compiler: reads Airflow DAG files and writes ZenML pipelines. Imports neither of the two."""

from __future__ import annotations

__version__ = "0.1.0"
