"""Holding the emitted pipelines against migration.json, and migration.json against Airflow."""
