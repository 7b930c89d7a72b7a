"""The statements about services; every name is quoted, every text escaped.

https://docs.snowflake.com/en/sql-reference/commands-snowpark-container-services
"""

from __future__ import annotations

from collections.abc import Sequence

from runtime.platforms.snowflake.settings import SnowflakeSettings
from runtime.platforms.snowflake.specification import Specification
from runtime.snowflake.identifiers import TableName


def execute_job(name: TableName, specification: Specification, settings: SnowflakeSettings) -> str:
    """Start a job, without waiting for its end; the options are in the documented order."""
    return _joined(
        "EXECUTE JOB SERVICE IN COMPUTE POOL",
        _identifier(settings.compute_pool),
        "FROM SPECIFICATION",
        specification.quoted(),
        f"NAME = {name.plain}",
        "ASYNC = TRUE",
        _warehouse(settings),
        _integrations(settings.external_access_integrations),
    )


def create_service(
    name: TableName,
    specification: Specification,
    settings: SnowflakeSettings,
    instances: tuple[int, int],
) -> str:
    """Make a service that stays; `instances` are the fewest and the most."""
    return _joined(
        f"CREATE SERVICE {name.plain} IN COMPUTE POOL",
        _identifier(settings.compute_pool),
        "FROM SPECIFICATION",
        specification.quoted(),
        _integrations(settings.external_access_integrations),
        f"MIN_INSTANCES = {instances[0]} MAX_INSTANCES = {instances[1]}",
        _warehouse(settings),
    )


def show_containers(name: TableName) -> str:
    """Ask for the state of a service's containers."""
    return f"SHOW SERVICE CONTAINERS IN SERVICE {name.plain}"


def show_endpoints(name: TableName) -> str:
    """Ask for the addresses of a service."""
    return f"SHOW ENDPOINTS IN SERVICE {name.plain}"


def service_log(name: TableName, container: str, lines: int) -> str:
    """Ask for the last lines that a container of the first instance has printed."""
    service = name.plain.replace("\\", "\\\\").replace("'", "''")
    return f"SELECT SYSTEM$GET_SERVICE_LOGS('{service}', '0', '{container}', {int(lines)})"


def drop_service(name: TableName) -> str:
    """Stop and remove a service or a job, if it is there."""
    return f"DROP SERVICE IF EXISTS {name.plain}"


def _identifier(text: str) -> str:
    return TableName((TableName.parse(text).parts[-1],)).plain


def _warehouse(settings: SnowflakeSettings) -> str:
    warehouse = settings.query_warehouse
    return f"QUERY_WAREHOUSE = {_identifier(warehouse)}" if warehouse else ""


def _integrations(names: Sequence[str]) -> str:
    listed = ", ".join(map(_identifier, names))
    return f"EXTERNAL_ACCESS_INTEGRATIONS = ({listed})" if names else ""


def _joined(*parts: str) -> str:
    return " ".join(filter(None, parts))
