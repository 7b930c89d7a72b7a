"""Synthetic customers, orders and exchange rates; the same for the same arguments.

A customer orders at a rate of their own until they lapse. Rate, basket and lapse depend on the
channel, so that a model has something to learn.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

SEED = 20240601
FIRST_DAY = np.datetime64("2021-01-01")
LAST_ACQUISITION = np.datetime64("2024-05-31")
LAST_ORDER = np.datetime64("2024-06-30")
LAST_RATE = np.datetime64("2024-12-31")

BELGIAN_SHARE = 0.86
OTHER_COUNTRIES = ("NL", "FR", "LU")
DAYS_PER_MONTH = 30.4
REFUND_SHARE = 0.02
HOME_CURRENCY_SHARE = 0.9

Array = npt.NDArray[Any]

CURRENCIES = {"EUR": 1.0, "USD": 0.92, "GBP": 1.16, "CHF": 1.02}
"""Mean price of one unit in EUR."""
CURRENCY_SHARES = (0.92, 0.04, 0.02, 0.02)


@dataclass(frozen=True)
class Channel:
    """How customers of one channel behave, relative to the average."""

    share: float
    orders: float
    basket: float
    lifetime: float


CHANNELS = {
    "organic": Channel(0.30, 1.1, 1.05, 1.2),
    "paid_search": Channel(0.25, 1.0, 1.0, 0.9),
    "paid_social": Channel(0.18, 0.8, 0.85, 0.7),
    "affiliate": Channel(0.10, 0.9, 0.9, 0.8),
    "email": Channel(0.09, 1.3, 1.0, 1.1),
    "referral": Channel(0.08, 1.2, 1.2, 1.4),
}


@dataclass(frozen=True)
class SyntheticData:
    """The tables, with columns as in tables.sql."""

    customers: pd.DataFrame
    orders: pd.DataFrame
    fx_rates: pd.DataFrame


def generate(belgian_customers: int = 12_000) -> SyntheticData:
    """Make the data: this many Belgian customers, and some of other countries."""
    random = np.random.default_rng(SEED)
    fx_rates = _fx_rates(random)
    customers = _customers(random, belgian_customers)
    return SyntheticData(customers, _orders(random, customers, fx_rates), fx_rates)


def _fx_rates(random: np.random.Generator) -> pd.DataFrame:
    days = np.arange(FIRST_DAY, LAST_RATE + 1)
    # Markets close at the weekend: Saturday and Sunday have Friday's rate.
    closed = ~np.is_busday(days)
    tables = []
    for currency, mean in CURRENCIES.items():
        moves = random.normal(0, 0.004, len(days)) * (currency != "EUR")
        moves[closed] = 0
        rates = np.round(mean * np.exp(0.15 * np.tanh(np.cumsum(moves) / 0.15)), 8)
        tables.append(pd.DataFrame({"RATE_DATE": days, "CURRENCY": currency, "EUR_RATE": rates}))
    return pd.concat(tables, ignore_index=True)


def _customers(random: np.random.Generator, belgian: int) -> pd.DataFrame:
    count = round(belgian / BELGIAN_SHARE)
    countries = np.where(np.arange(count) < belgian, "BE", random.choice(OTHER_COUNTRIES, count))
    span = int((LAST_ACQUISITION - FIRST_DAY).astype(int)) + 1
    shares = [channel.share for channel in CHANNELS.values()]
    customers = pd.DataFrame(
        {
            "COUNTRY": countries,
            "ACQUIRED_AT": FIRST_DAY + random.integers(0, span, count),
            "CHANNEL": random.choice(list(CHANNELS), count, p=shares),
            "CURRENCY": random.choice(list(CURRENCIES), count, p=CURRENCY_SHARES),
        }
    ).sample(frac=1, random_state=SEED, ignore_index=True)
    customers.insert(0, "CUSTOMER_ID", 100_001 + np.arange(count))
    return customers


def _orders(
    random: np.random.Generator, customers: pd.DataFrame, fx_rates: pd.DataFrame
) -> pd.DataFrame:
    owner, days_after, basket_eur = _purchases(random, customers)
    count = len(owner)
    home = customers["CURRENCY"].to_numpy()[owner]
    abroad = random.random(count) > HOME_CURRENCY_SHARE
    refunded = (random.random(count) < REFUND_SHARE) & (days_after > 0)
    orders = pd.DataFrame(
        {
            "CUSTOMER_ID": customers["CUSTOMER_ID"].to_numpy()[owner],
            "ORDERED_AT": _days(customers["ACQUIRED_AT"])[owner] + days_after,
            "CURRENCY": np.where(abroad, random.choice(list(CURRENCIES), count), home),
            "EUR": np.where(refunded, -0.6, 1.0) * basket_eur,
        }
    )
    rates = fx_rates.rename(columns={"RATE_DATE": "ORDERED_AT"})
    orders = orders.merge(rates, on=["ORDERED_AT", "CURRENCY"], how="left")
    orders["AMOUNT"] = np.round(orders["EUR"] / orders["EUR_RATE"], 2)
    orders = orders.sort_values(["ORDERED_AT", "CUSTOMER_ID"], kind="stable", ignore_index=True)
    orders.insert(0, "ORDER_ID", 1_000_001 + np.arange(count))
    return orders[["ORDER_ID", "CUSTOMER_ID", "ORDERED_AT", "AMOUNT", "CURRENCY"]]


def _purchases(random: np.random.Generator, customers: pd.DataFrame) -> tuple[Array, Array, Array]:
    """Per order: its customer's position, days since acquisition, and value in EUR."""
    count = len(customers)
    channels = [CHANNELS[name] for name in customers["CHANNEL"]]
    per_month = random.gamma(1.5, 0.35, count) * [channel.orders for channel in channels]
    basket = random.lognormal(3.8, 0.45, count) * [channel.basket for channel in channels]
    months = random.exponential(15, count) * [channel.lifetime for channel in channels]
    observed = (LAST_ORDER - _days(customers["ACQUIRED_AT"])).astype(int)
    active_days = np.minimum(observed, np.ceil(months * DAYS_PER_MONTH)).astype(int)
    # Everybody's first order is what acquired them.
    numbers = 1 + random.poisson(per_month * active_days / DAYS_PER_MONTH)
    owner = np.repeat(np.arange(count), numbers)
    days_after = np.floor(random.random(len(owner)) * (active_days[owner] + 1)).astype(int)
    days_after[np.cumsum(numbers) - numbers] = 0
    return owner, days_after, basket[owner] * random.lognormal(0, 0.35, len(owner))


def _days(dates: pd.Series) -> Array:
    return dates.to_numpy("datetime64[D]")
