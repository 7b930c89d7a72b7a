"""Sample values for templates, so that SQL can be parsed without a run."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta, timezone
from types import SimpleNamespace
from typing import Any

from transpiler.lower.template_names import CONTEXT

_EVENTS = ("triggering_dataset_events", "triggering_asset_events", "inlet_events", "outlet_events")
SAMPLE = "sample_value"
"""How a value that only a run knows is printed; no word of SQL."""
LOGICAL_DATE = datetime(2024, 1, 2, tzinfo=timezone.utc)


_JINJA_MARKS = ("unsafe_callable", "alters_data", "contextfunction")
"""Attributes by which a function tells Jinja's sandbox not to call it."""


class Sample(str):
    """A value that only a run knows. It allows whatever a template does with it, and prints as one
    SQL name.
    """

    def __new__(cls) -> Sample:
        """Every sample prints alike."""
        return super().__new__(cls, SAMPLE)

    def __getattribute__(self, name: str) -> Any:
        if name.startswith("__") or hasattr(Sample, name):
            return super().__getattribute__(name)
        if name in _JINJA_MARKS:
            raise AttributeError(name)
        return self

    def __getitem__(self, key: Any) -> Sample:
        return self

    def __call__(self, *args: Any, **kwargs: Any) -> Sample:
        return self

    def __iter__(self) -> Iterator[Sample]:
        return iter((self,))

    def _same(self, other: Any) -> Sample:
        return self

    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = _same
    __truediv__ = __rtruediv__ = __floordiv__ = __mod__ = __rmod__ = _same

    def __neg__(self) -> Sample:
        return self

    __pos__ = __abs__ = __neg__

    def __float__(self) -> float:
        return 1.0

    def _true(self, other: object) -> bool:
        return True

    __lt__ = __le__ = __gt__ = __ge__ = _true


class SampleDate(datetime):
    """A date as templates see it: pendulum's methods give dates too."""

    def add(self, **amount: Any) -> SampleDate:
        """Any later date."""
        return self

    subtract = start_of = end_of = in_timezone = in_tz = set = add

    def to_date_string(self) -> str:
        """`YYYY-MM-DD`."""
        return self.strftime("%Y-%m-%d")

    def format(self, pattern: str, *args: Any) -> str:
        """A date, whatever the pattern."""
        return self.strftime("%Y-%m-%d")

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return Sample()


class _Anything:
    """`var`, `conn`, `ti` and the like: every member is a sample."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return Sample()

    def __getitem__(self, name: str) -> Any:
        return Sample()


class _Events(dict[str, list[Sample]]):
    """The events of assets: one of an asset that is printed as a sample, and of any other."""

    def __init__(self) -> None:
        super().__init__({SAMPLE: [Sample()]})

    def __missing__(self, key: str) -> list[Sample]:
        return [Sample()]


def ds_add(ds: str, days: Any) -> str:
    """Add days to a date written `YYYY-MM-DD`."""
    if isinstance(ds, Sample) or not isinstance(days, int):
        return f"{LOGICAL_DATE:%Y-%m-%d}"
    return (datetime.strptime(ds, "%Y-%m-%d") + timedelta(days=days)).strftime("%Y-%m-%d")


def ds_format(ds: str, input_format: str, output_format: str) -> str:
    """Read a date in one format and write it in another."""
    if isinstance(ds, Sample):
        return f"{LOGICAL_DATE:%Y-%m-%d}"
    return datetime.strptime(ds, input_format).strftime(output_format)


_MACROS = SimpleNamespace(
    ds_add=ds_add,
    ds_format=ds_format,
    ds_format_locale=lambda ds, *args, **kwargs: ds,
    datetime=datetime,
    timedelta=timedelta,
    datetime_diff_for_humans=lambda *args: "1 day",
    dateutil=Sample(),
    time=Sample(),
    uuid=SimpleNamespace(uuid4=lambda: str(uuid.UUID(int=1))),
    random=lambda: 0.5,
    json=SimpleNamespace(loads=json.loads, dumps=json.dumps),
    yaml=Sample(),
)


def sample_context(dag_id: str, task_id: str, params: Mapping[str, Any]) -> dict[str, Any]:
    """Every name of Airflow's template context, with the params as they are."""
    date = SampleDate(2024, 1, 2, tzinfo=timezone.utc)
    day = timedelta(days=1)
    context: dict[str, Any] = dict.fromkeys(CONTEXT, date)
    for prefix, moment in {
        "": date,
        "prev_": date - day,
        "yesterday_": date - day,
        "next_": date + day,
        "tomorrow_": date + day,
    }.items():
        context[f"{prefix}ds"] = f"{moment:%Y-%m-%d}"
        context[f"{prefix}ds_nodash"] = f"{moment:%Y%m%d}"
    anything = _Anything()
    return context | {
        "ts": date.isoformat(),
        "ts_nodash": f"{date:%Y%m%dT%H%M%S}",
        "ts_nodash_with_tz": f"{date:%Y%m%dT%H%M%S}+0000",
        "run_id": f"scheduled__{date.isoformat()}",
        "params": dict(params),
        "macros": _MACROS,
        "dag": SimpleNamespace(dag_id=dag_id),
        "task": SimpleNamespace(task_id=task_id, dag_id=dag_id),
        "task_instance_key_str": f"{dag_id}__{task_id}__{date:%Y%m%d}",
        "test_mode": False,
        **dict.fromkeys(_EVENTS, _Events()),
        **dict.fromkeys(("inlets", "outlets"), [Sample()]),
        **dict.fromkeys(("var", "conn", "ti", "task_instance", "dag_run"), anything),
    }
