"""What happened in the demonstration, for a person to read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from fixtures_dags.demo.train import TrainedModel
from runtime.config import ConnectionConfig
from runtime.snowflake import connect, read_frame

TABLES = {
    "features": "ANALYTICS.FEATURES.LTV_FEATURES_BE",
    "predictions": "ANALYTICS.PREDICTIONS.LTV_PREDICTIONS_BE",
    "mart": "ANALYTICS.MARTS.LTV_ACQUISITION_BE",
}
Counts = Mapping[str, int]


@dataclass
class Outcome:
    """All that the demonstration shows. `counts` are rows of the date per table after each of the two runs."""

    out: Path
    state: Path
    connection: ConnectionConfig
    date: str
    seeded: Counts
    model: TrainedModel
    reports: tuple[dict[str, Any], dict[str, Any]]
    counts: tuple[Counts, Counts]
    seconds: float = 0.0

    @property
    def as_expected(self) -> bool:
        """Both runs succeeded, wrote rows, and the second changed no number of rows."""
        wrote = all(self.counts[0].values())
        return (
            wrote
            and self.counts[0] == self.counts[1]
            and all(r["state"] == "success" for r in self.reports)
        )


def table_counts(connection: ConnectionConfig, date: str) -> dict[str, int]:
    """Rows of one run date in each table that the pipeline writes."""
    with connect(connection, query_tag="demo show") as session:
        return {
            name: int(
                read_frame(
                    session,
                    f"SELECT COUNT(*) AS N FROM {table} WHERE RUN_DATE = %(day)s",
                    {"day": date},
                ).iloc[0, 0]
            )
            for name, table in TABLES.items()
        }


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
        "The second run left the same rows."
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
    table = Table("table", "rows", "after the second run", title=f"Rows of {outcome.date}")
    for name, count in outcome.seeded.items():
        table.add_row(f"RAW.{name} (read)", f"{count:,}", f"{count:,}")
    for name, full in TABLES.items():
        table.add_row(
            full.partition(".")[2], f"{outcome.counts[0][name]:,}", f"{outcome.counts[1][name]:,}"
        )
    return table


def _predictions(outcome: Outcome) -> Table:
    query = (
        f"SELECT TENURE_MONTHS, CUSTOMER_ID, ROUND(PREDICTED_LTV_EUR, 2) AS LTV_EUR FROM {TABLES['predictions']} "
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
