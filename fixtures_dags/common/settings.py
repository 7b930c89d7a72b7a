"""Settings that several DAGs share."""
from datetime import timedelta

SNOWFLAKE_CONN_ID = "snowflake_data_science"
WAREHOUSE = "DS_INFERENCE_WH"
REGISTRY = "registry.example.com/data-science"

ON_CALL_EMAIL = "ds-oncall@example.com"
REPORT_RECIPIENTS = ["finance@example.com", "ds-leads@example.com"]

DEFAULT_ARGS = {
    "owner": "data-science",
    "depends_on_past": False,
    "retries": 2,
    "retry_delay": timedelta(minutes=10),
}


def image(name, version):
    """Full name of one of our images, e.g. ``image("churn", "2.3.0")``."""
    return f"{REGISTRY}/{name}:{version}"
