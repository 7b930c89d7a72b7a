"""Embedded warehouse: a Snowflake emulation on loopback that the real connector talks to over HTTP.

For the demonstration, development and tests, never for production: it checks no credentials. SQL is
run by fakesnow on DuckDB; what that cannot do is answered as an error, see `runtime.warehouse.app`.
"""

from __future__ import annotations

from runtime.warehouse.process import Endpoint, WarehouseStartError, embedded_warehouse

__all__ = ["Endpoint", "WarehouseStartError", "embedded_warehouse"]
