"""The tables that DAGs wait for."""
from airflow.datasets import Dataset

ORDERS = Dataset("snowflake://dwh/core/fact_orders")
CUSTOMERS = Dataset("snowflake://dwh/core/dim_customers")
FEATURES = Dataset("snowflake://dwh/ml/churn_features")
SCORES = Dataset("snowflake://dwh/ml/churn_scores")
