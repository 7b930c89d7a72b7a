"""What a test session spares ZenML: answers that cannot change, and the disk's word for each write."""

from __future__ import annotations

from functools import cache
from typing import Any

_QUICK_CONNECTIONS = "PRAGMA synchronous = OFF"
"""The databases of tests need not outlive a loss of power; a process may die at any time."""


@cache
def quicken() -> None:
    """Take what ZenML asks anew for every run once: a run of one step then costs a third.

    The installed packages and integrations are those of the environment, which no test changes.
    """
    from sqlalchemy import event
    from sqlalchemy.engine import Engine
    from zenml.environment import Environment
    from zenml.integrations.registry import integration_registry

    event.listen(Engine, "connect", _do_not_wait_for_the_disk)
    Environment.get_python_packages = staticmethod(  # type: ignore[method-assign]
        cache(Environment.get_python_packages)
    )
    for integration in integration_registry.integrations.values():
        integration.check_installation = staticmethod(  # type: ignore[method-assign]
            cache(integration.check_installation)
        )


def _do_not_wait_for_the_disk(connection: Any, record: Any) -> None:
    if type(connection).__module__.startswith("sqlite3"):
        connection.execute(_QUICK_CONNECTIONS)
