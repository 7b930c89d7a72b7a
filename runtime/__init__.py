"""The step library that emitted and hand-written ZenML pipelines import.

Nothing heavy is imported here: ZenML, pandas, MLflow and the Snowflake connector load where they
are used.
"""
