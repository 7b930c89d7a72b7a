"""The two models between the stages: what Airflow would build, and what is emitted."""
