"""What every DAG of the data team starts from."""
from datetime import timedelta

from common.callbacks import tell_slack

SNOWFLAKE = "snowflake_dwh"
OWNER = "data-platform"

DEFAULT_ARGS = {
    "owner": OWNER,
    "depends_on_past": False,
    "retries": 2,
    "retry_delay": timedelta(minutes=5),
    "on_failure_callback": tell_slack,
}


def default_args(**more):
    """The defaults with some of them changed."""
    return {**DEFAULT_ARGS, **more}
