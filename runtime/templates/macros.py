"""Airflow's `macros` namespace.

Source: https://airflow.apache.org/docs/apache-airflow/stable/templates-ref.html#macros. Modules
are narrowed to their public functions, because a module in a template is a way to all of Python
(`uuid.os`).
"""

from __future__ import annotations

import json
import random
import time
import uuid
from datetime import datetime, timedelta
from types import ModuleType, SimpleNamespace
from typing import Any

import dateutil.easter
import dateutil.parser
import dateutil.relativedelta
import dateutil.rrule
import dateutil.tz
import yaml

from runtime.exceptions import TemplateError


def ds_add(ds: str, days: int) -> str:
    """Add days, negative ones too, to a date written `YYYY-MM-DD`."""
    if not days:
        return str(ds)
    return (datetime.strptime(str(ds), "%Y-%m-%d") + timedelta(days=days)).strftime("%Y-%m-%d")


def ds_format(ds: str, input_format: str, output_format: str) -> str:
    """Read a date in one `strftime` format and write it in another."""
    return datetime.strptime(str(ds), input_format).strftime(output_format)


def ds_format_locale(
    ds: str, input_format: str, output_format: str, locale: str | None = None
) -> str:
    """Read a date in a `strftime` format and write it in a Babel pattern for a locale, by default
    that of the environment.
    """
    try:
        from babel.dates import LC_TIME, format_datetime
    except ImportError as error:
        raise TemplateError(
            "macros.ds_format_locale needs the package Babel, which is not installed. "
            "Install it, or use macros.ds_format."
        ) from error
    moment = datetime.strptime(str(ds), input_format)
    return str(format_datetime(moment, format=output_format, locale=locale or LC_TIME or "en_US"))


def datetime_diff_for_humans(dt: datetime, since: datetime | None = None) -> str:
    """Say in English how far a date is from another one, or from now."""
    import pendulum

    # Airflow, too, hands `since` on as it is: pendulum takes any aware `datetime`.
    return pendulum.instance(dt).diff_for_humans(since)  # type: ignore[arg-type]


def _public(module: ModuleType, *names: str) -> SimpleNamespace:
    members: dict[str, Any] = {name: getattr(module, name) for name in names}
    return SimpleNamespace(**members)


MACROS = SimpleNamespace(
    datetime=datetime,
    timedelta=timedelta,
    dateutil=SimpleNamespace(
        easter=_public(dateutil.easter, "easter"),
        parser=_public(dateutil.parser, "parse", "isoparse"),
        relativedelta=_public(
            dateutil.relativedelta, "relativedelta", "MO", "TU", "WE", "TH", "FR", "SA", "SU"
        ),
        rrule=_public(dateutil.rrule, "rrule", "rrulestr", "YEARLY", "MONTHLY", "WEEKLY", "DAILY"),
        tz=_public(dateutil.tz, "gettz", "tzutc", "UTC"),
    ),
    time=_public(time, "time", "gmtime", "localtime", "strftime", "strptime", "mktime"),
    uuid=_public(
        uuid, "UUID", "uuid1", "uuid3", "uuid4", "uuid5", "NAMESPACE_DNS", "NAMESPACE_URL"
    ),
    random=random.random,
    json=_public(json, "loads", "dumps"),
    yaml=_public(yaml, "safe_load", "safe_dump"),
    ds_add=ds_add,
    ds_format=ds_format,
    ds_format_locale=ds_format_locale,
    datetime_diff_for_humans=datetime_diff_for_humans,
)
