"""Which runs of a pipeline to start now, as orders for `runtime.triggered`."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from runtime.assets.queue import AssetStart, pending
from runtime.listening.due import due_dates
from runtime.listening.entries import Entry
from runtime.runs import newest_context, runs_at

AUTOMATED = ("scheduled", "backfill")
_LOOKED_AT = 100
_OF_EVERY_ORDER = frozenset({"file", "logical_date", "conf", "run_type", "run_name"})


@dataclass(frozen=True)
class Start:
    """A run to start. ZenML has one run of a name, so no two processes start the same one."""

    entry: Entry
    run_name: str
    run_type: str
    logical_date: datetime
    own: dict[str, Any] = field(default_factory=dict)

    @property
    def order(self) -> dict[str, Any]:
        """Give what `runtime.triggered` reads."""
        return {
            "file": str(self.entry.file),
            "logical_date": self.logical_date.isoformat(),
            "conf": {},
            "run_type": self.run_type,
            "run_name": self.run_name,
            **self.own,
        }


def start_of(entry: Entry, order: dict[str, Any]) -> Start:
    """Give the run that an order asks for; `Start.order` the other way round."""
    own = {name: value for name, value in order.items() if name not in _OF_EVERY_ORDER}
    date = datetime.fromisoformat(order["logical_date"])
    return Start(entry, order["run_name"], order["run_type"], date, own)


class Starts:
    """What one pipeline wants to have started; it remembers what it was given."""

    def __init__(self, entry: Entry) -> None:
        """Take the pipeline; what ran before is looked up at the first look."""
        self.entry = entry
        self._last: datetime | None = None
        self._last_by_assets: datetime | None = None
        self._looked = False

    def wanted(self, now: datetime, *, active: int, news: bool) -> Iterator[Start]:
        """Give the runs that should start, the most urgent first.

        `active` is how many of its runs go on, and `news` whether assets were updated since the
        last look.
        """
        self._look_back()
        schedule = self.entry.schedule
        if schedule.continuous:
            yield from self._continued(now) if active == 0 else ()
            return
        for date in due_dates(schedule, now, self._last, at_most=_LOOKED_AT):
            if runs_at(self.entry.dag_id, date):
                self._last = date
            else:
                yield Start(
                    self.entry, f"{self.entry.dag_id}-{date.isoformat()}", "scheduled", date
                )
        if news and schedule.asset_condition is not None:
            start = pending(
                schedule,
                previous=self._last_by_assets,
                listens_since=self.entry.known_since,
                now=now,
            )
            if start is not None:
                yield self._by_assets(start)

    def given(self, start: Start) -> None:
        """Remember that a run was started."""
        if start.run_type in AUTOMATED:
            interval = start.own.get("data_interval")
            self._last = datetime.fromisoformat(interval[1]) if interval else start.logical_date
        else:
            self._last_by_assets = start.logical_date

    def _look_back(self) -> None:
        if self._looked:
            return
        schedule, dag_id = self.entry.schedule, self.entry.dag_id
        if schedule.continuous or (schedule.is_periodic and schedule.catchup):
            last = newest_context(dag_id, AUTOMATED)
            if last is not None:
                self._last = last.data_interval_end if schedule.continuous else last.logical_date
        if schedule.asset_condition is not None:
            by_assets = newest_context(dag_id, [self._type])
            self._last_by_assets = by_assets.logical_date if by_assets else None
        self._looked = True

    @property
    def _type(self) -> str:
        return "dataset_triggered" if self.entry.schedule.datasets else "asset_triggered"

    def _continued(self, now: datetime) -> Iterator[Start]:
        """Give the run after the last one: its interval goes from the end of that one's to now.

        Source: `ContinuousTimetable.next_dagrun_info`.
        """
        schedule = self.entry.schedule
        first = schedule.first_date
        if first is None:
            return
        begin = self._last or first
        end = now if self._last else max(first, now)
        last = schedule.last_date
        if begin > now or (last is not None and end > last):
            return
        name = f"{self.entry.dag_id}-{begin.isoformat()}"
        interval = [begin.isoformat(), end.isoformat()]
        yield Start(self.entry, name, "scheduled", begin, {"data_interval": interval})

    def _by_assets(self, start: AssetStart) -> Start:
        since = self._last_by_assets
        # By what went before it: whoever looks at another moment must not start it a second time.
        after = since.isoformat() if since else "none"
        run_id = f"{self._type}__{start.date.isoformat()}"
        if self._type == "asset_triggered":
            run_id += f"_{hashlib.sha256(run_id.encode()).hexdigest()[:8]}"
        own = {
            "run_id": run_id,
            "data_interval": [moment.isoformat() for moment in start.data_interval],
            "triggering_events": [event.model_dump(mode="json") for event in start.events],
        }
        name = f"{self.entry.dag_id}-assets-after-{after}"
        return Start(self.entry, name, self._type, start.date, own)
