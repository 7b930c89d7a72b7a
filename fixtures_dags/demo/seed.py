"""Fills the embedded warehouse with the demonstration's source tables.

    python -m fixtures_dags.demo.seed --endpoint 127.0.0.1:4521
    python -m fixtures_dags.demo.seed --data build/demo/warehouse

Replaces what is in the tables. Prints the number of rows per table as JSON.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from fixtures_dags.demo.endpoint import add_arguments, warehouse_connection
from fixtures_dags.demo.synthetic import SyntheticData, generate
from runtime.config import ConnectionConfig
from runtime.snowflake import connect, execute_sql, write_frame

TABLES_SQL = Path(__file__).with_name("tables.sql")


def seed(connection: ConnectionConfig, belgian_customers: int = 12_000) -> dict[str, int]:
    """Make and fill the tables; gives the number of rows per table. Progress goes to stderr."""
    with Progress(console=Console(stderr=True)) as progress:
        task = progress.add_task("Synthetic data", total=2 + len(fields(SyntheticData)))
        data = generate(belgian_customers)
        progress.advance(task)
        counts: dict[str, int] = {}
        with connect(connection, query_tag="demo seed") as session:
            progress.update(task, description="Tables", advance=1)
            execute_sql(session, TABLES_SQL.read_text(encoding="utf-8"))
            for field in fields(data):
                table = field.name.upper()
                progress.update(task, description=f"Rows of {table}")
                result = write_frame(
                    session, getattr(data, field.name), f"ANALYTICS.RAW.{table}", mode="overwrite"
                )
                counts[table] = result.rows
                progress.advance(task)
        return counts


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the script."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add_arguments(parser)
    parser.add_argument("--customers", type=int, default=12_000, help="number of Belgian customers")
    options = parser.parse_args(arguments)
    with warehouse_connection(options) as connection:
        print(json.dumps(seed(connection, options.customers)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
