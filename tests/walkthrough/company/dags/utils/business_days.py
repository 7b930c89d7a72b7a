"""Days on which the office is open."""
from datetime import date

HOLIDAYS = {"2024-01-01", "2024-12-25"}


def is_business_day(ds):
    """Whether it is one: `ds` is a date as 2024-01-31."""
    return date.fromisoformat(ds).weekday() < 5 and ds not in HOLIDAYS
