"""Splits the monthly marketing budget over the channels and checks the result.

TaskFlow rewrite of the finance spreadsheet (2022). Budgets change once a year and are kept here
on purpose, so that a change goes through review.
"""
from __future__ import annotations

import calendar
from datetime import datetime, timedelta

from airflow.decorators import dag, task

from common.settings import DEFAULT_ARGS

YEARLY_BUDGET_EUR = 1_200_000
CHANNEL_WEIGHTS = {"paid_search": 0.45, "paid_social": 0.35, "affiliate": 0.15, "email": 0.05}
SEASON_FACTORS = {11: 1.4, 12: 1.6}  # Black Friday and Christmas
DEFAULT_SEASON_FACTOR = 0.9
MAX_DAILY_SPEND_EUR = 4_000


def days_in_month(day: str) -> int:
    """Number of days of the month of an ISO date."""
    date = datetime.fromisoformat(day)
    return calendar.monthrange(date.year, date.month)[1]


def season_factor(day: str) -> float:
    return SEASON_FACTORS.get(datetime.fromisoformat(day).month, DEFAULT_SEASON_FACTOR)


@dag(
    dag_id="marketing_budget",
    schedule_interval="@monthly",
    start_date=datetime(2022, 1, 1),
    catchup=False,
    default_args={**DEFAULT_ARGS, "retries": 1},
    params={"country": "BE"},
    tags=["marketing", "taskflow"],
    doc_md=__doc__,
)
def marketing_budget():
    @task
    def monthly_budget(ds: str | None = None) -> float:
        """Budget of the month in EUR."""
        return round(YEARLY_BUDGET_EUR / 12 * season_factor(ds), 2)

    @task
    def split_by_channel(budget: float, reserve_share: float = 0.1) -> dict[str, float]:
        """Budget per channel, after a reserve for campaigns at short notice."""
        spendable = budget * (1 - reserve_share)
        return {channel: round(spendable * w, 2) for channel, w in CHANNEL_WEIGHTS.items()}

    @task(multiple_outputs=True)
    def summarize(channels: dict[str, float], ds: str | None = None) -> dict:
        # the daily average decides whether finance has to sign
        total = round(sum(channels.values()), 2)
        return {"total": total, "daily": round(total / days_in_month(ds), 2)}

    @task(retries=0, execution_timeout=timedelta(minutes=5))
    def check_daily_spend(daily: float, limit: float = MAX_DAILY_SPEND_EUR) -> str:
        """Returns "ok", or "sign-off" when the daily spend is over the limit."""
        return "ok" if daily <= limit else "sign-off"

    @task(task_id="announce_budget")
    def announce(channels, total, verdict, **context):
        lines = [f"{name}: {amount:,.2f} EUR" for name, amount in sorted(channels.items())]
        print(f"Budget {context['params']['country']} {context['ds']}: {total:,.2f} EUR ({verdict})")
        print("\n".join(lines))
        return len(lines)

    budget = monthly_budget()
    channels = split_by_channel(budget, reserve_share=0.12)
    summary = summarize(channels)
    verdict = check_daily_spend(summary["daily"])
    announce(channels, summary["total"], verdict)


budget_dag = marketing_budget()
