"""What happened in the demonstration, for a person to read."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from rich.console import Console
from rich.table import Table

from fixtures_dags.demo.train import TrainedModel
from runtime.config import ConnectionConfig
from runtime.snowflake import connect, read_frame

if TYPE_CHECKING:
    from snowflake.connector import SnowflakeConnection

PREDICTIONS = "ANALYTICS.PREDICTIONS.LTV_PREDICTIONS_BE"
CURRENT = "ANALYTICS.PREDICTIONS.LTV_SCORES_BE_CURRENT"
WRITTEN = {
    "ANALYTICS.FEATURES.LTV_FEATURES_BE": "SQL",
    PREDICTIONS: "partition",
    "ANALYTICS.MARTS.LTV_ACQUISITION_BE": "SQL (MERGE)",
    "ANALYTICS.PREDICTIONS.LTV_SCORES_BE": "append",
    CURRENT: "merge",
}
"""How the pipelines write each table."""
Counts = Mapping[str, int]


class Content(NamedTuple):
    """What a table holds of one date: the number of rows, and a digest of all their values."""

    rows: int
    digest: str


@dataclass
class Outcome:
    """All that the demonstration shows. `contents` are the tables after each of the two runs."""

    out: Path
    state: Path
    connection: ConnectionConfig
    date: str
    seeded: Counts
    model: TrainedModel
    reports: tuple[dict[str, Any], dict[str, Any]]
    contents: tuple[Mapping[str, Content], Mapping[str, Content]]
    seconds: float = 0.0

    @property
    def as_expected(self) -> bool:
        """Both runs succeeded, wrote rows, and the second changed no value of any."""
        wrote = all(content.rows for content in self.contents[0].values())
        return (
            wrote
            and self.contents[0] == self.contents[1]
            and all(r["state"] == "success" for r in self.reports)
        )


def table_contents(connection: ConnectionConfig, date: str) -> dict[str, Content]:
    """What each table that the pipelines write holds of one run date."""
    with connect(connection, query_tag="demo show") as session:
        return {table: _content(session, table, date) for table in WRITTEN}


def _content(session: SnowflakeConnection, table: str, date: str) -> Content:
    dated = "" if table == CURRENT else " WHERE RUN_DATE = %(day)s"
    frame = read_frame(session, f"SELECT * FROM {table}{dated}", {"day": date} if dated else None)
    lines = sorted(map(str, frame.itertuples(index=False, name=None)))
    return Content(len(lines), hashlib.sha256("\n".join(lines).encode()).hexdigest())


def show_outcome(outcome: Outcome) -> None:
    """Print states, numbers of rows, a few predictions, and where everything lies."""
    console = Console()
    console.rule("What happened")
    console.print(_states(outcome))
    console.print(_rows(outcome))
    console.print(_predictions(outcome))
    places = {
        "emitted pipeline": outcome.out / "pipelines" / "tran_ds_ltv_acquisition_be_inference.py",
        "report": outcome.out / "migration.html",
        "SQL": outcome.out / "sql",
        "MLflow store": outcome.state / "mlflow" / "mlflow.db",
        "ZenML store": outcome.state / "zenml",
    }
    for name, place in places.items():
        shown = place.relative_to(Path.cwd()) if place.is_relative_to(Path.cwd()) else place
        console.print(f"{name:<17} {shown}", soft_wrap=True)
    verdict = (
        "The second run left the same rows, value by value."
        if outcome.as_expected
        else "[red]The runs do not agree."
    )
    console.print(f"{verdict} {outcome.seconds:.0f} s in all.")


def _states(outcome: Outcome) -> Table:
    table = Table("task", "first run", "second run", title="Task states")
    first, second = (report["tasks"] for report in outcome.reports)
    for task_id in first:
        table.add_row(task_id, first[task_id]["state"], second.get(task_id, {}).get("state", "-"))
    return table


def _rows(outcome: Outcome) -> Table:
    table = Table("table", "written by", "rows", "second run", title=f"Rows of {outcome.date}")
    for name, count in outcome.seeded.items():
        table.add_row(f"RAW.{name}", "(read)", f"{count:,}", "")
    first, second = outcome.contents
    for name, how in WRITTEN.items():
        same = "identical" if first[name] == second[name] else f"{second[name].rows:,}, differ"
        table.add_row(name.partition(".")[2], how, f"{first[name].rows:,}", same)
    return table


def _predictions(outcome: Outcome) -> Table:
    query = (
        f"SELECT TENURE_MONTHS, CUSTOMER_ID, ROUND(PREDICTED_LTV_EUR, 2) AS LTV_EUR FROM {PREDICTIONS} "
        "WHERE RUN_DATE = %(day)s QUALIFY ROW_NUMBER() OVER (PARTITION BY TENURE_MONTHS ORDER BY CUSTOMER_ID) <= 2 "
        "ORDER BY TENURE_MONTHS, CUSTOMER_ID"
    )
    with connect(outcome.connection, query_tag="demo show") as session:
        frame = read_frame(session, query, {"day": outcome.date})
    title = f"Predictions of {outcome.model.name} version {outcome.model.version} (R² {outcome.model.r2})"
    table = Table("tenure (months)", "customer", "LTV (EUR)", title=title)
    for row in frame.itertuples(index=False):
        table.add_row(*(str(value) for value in row))
    return table
