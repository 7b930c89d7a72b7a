"""What a task updates: Airflow's `outlets`, `outlet_events`, `inlet_events`, and the hook that
stores them.
"""

from __future__ import annotations

import logging
from collections.abc import Generator, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from runtime.assets.events import AssetEvent, AssetUpdate, EventSource
from runtime.assets.names import Asset, AssetAlias, AssetRef, Metadata
from runtime.assets.uris import normalized_uri

if TYPE_CHECKING:
    from uuid import UUID

logger = logging.getLogger(__name__)

OUTLETS = "outlets"
"""In a step's `extra`: the assets that it updates, as URIs, `{"name": …, "uri": …}` or
`{"alias": …}`."""
INLETS = "inlets"


class OutletEvent:
    """What a task says about one of its updates: `extra`, and for an alias the assets."""

    def __init__(self, key: Any) -> None:
        """Take the asset or alias."""
        self.raw_key = key
        self.extra: dict[str, Any] = {}
        self.aliased: list[tuple[Asset, dict[str, Any]]] = []

    def add(self, asset: Asset | str, extra: Mapping[str, Any] | None = None) -> None:
        """Update an asset by the alias."""
        if isinstance(self.raw_key, (AssetAlias, str)):
            named = Asset(uri=asset) if isinstance(asset, str) else asset
            self.aliased.append((named, dict(extra or {})))


class OutletEvents(Mapping[Any, OutletEvent]):
    """Airflow's `outlet_events`: by asset, alias, or what names them."""

    def __init__(self) -> None:
        """Begin with nothing said."""
        self._by_key: dict[str, OutletEvent] = {}

    def __getitem__(self, key: Any) -> OutletEvent:
        """Give what is said about an asset or alias, which may be changed."""
        return self._by_key.setdefault(_key(key), OutletEvent(key))

    def __iter__(self) -> Iterator[str]:
        """Give the keys about which something was said."""
        return iter(self._by_key)

    def __len__(self) -> int:
        """Count them."""
        return len(self._by_key)

    def note(self, metadata: Metadata) -> None:
        """Take what a task yields."""
        self[metadata.uri].extra.update(metadata.extra)
        if metadata.alias_name:
            self[AssetAlias(metadata.alias_name)].add(metadata.uri, extra=metadata.extra)

    def updates(self, outlets: Iterable[Any], source: EventSource) -> list[AssetUpdate]:
        """Give the updates of a task with these outlets.

        As in Airflow, an alias updates an asset once for each different `extra`.
        """
        updates: list[AssetUpdate] = []
        aliased: dict[str, AssetUpdate] = {}
        for outlet in map(asset_of, outlets):
            said = self._by_key.get(_key(outlet)) or OutletEvent(outlet)
            if isinstance(outlet, Asset):
                updates.append(
                    AssetUpdate(
                        uri=outlet.uri, name=outlet.name, extra=dict(said.extra), source=source
                    )
                )
                continue
            for asset, extra in said.aliased:
                one = AssetUpdate(uri=asset.uri, name=asset.name, extra=extra, source=source)
                known = aliased.setdefault(one.model_dump_json(), one)
                if outlet.name not in known.aliases:
                    known.aliases.append(outlet.name)
        return [*updates, *aliased.values()]


class InletEvents(Mapping[Any, list[AssetEvent]]):
    """Airflow's `inlet_events`: all updates of the task's inlets, the earliest first."""

    def __init__(self, inlets: Iterable[Any]) -> None:
        """Take the inlets."""
        self._inlets = [asset_of(inlet) for inlet in inlets]

    def __getitem__(self, key: Any) -> list[AssetEvent]:
        """Give the events of an inlet, by its place, name or asset."""
        from datetime import datetime, timezone

        from runtime.assets.store import events_of

        known = self._inlets[key] if isinstance(key, int) else key
        names = {_key(inlet) for inlet in self._inlets}
        if _key(known) not in names:
            raise KeyError(key)
        leaf: Any = {"alias": known.name} if isinstance(known, AssetAlias) else _key(known)
        if isinstance(known, AssetRef) and known.name:
            leaf = {"name": known.name}
        return events_of([leaf], None, datetime.now(timezone.utc))

    def __iter__(self) -> Iterator[Any]:
        """Give the inlets."""
        return iter(self._inlets)

    def __len__(self) -> int:
        """Count the inlets."""
        return len(self._inlets)


_said: dict[UUID, OutletEvents] = {}  # Hooks run in the process of their step.


def outlet_events() -> OutletEvents:
    """Give what the step that is running says about its updates."""
    from zenml import get_step_context

    return _said.setdefault(get_step_context().step_run.id, OutletEvents())


def inlet_events() -> InletEvents:
    """Give the updates of the inlets of the step that is running."""
    return InletEvents(step_assets(INLETS))


def step_assets(kind: str) -> list[Any]:
    """Give the `outlets` or `inlets` of the step that is running."""
    from zenml import get_step_context

    return list((get_step_context().step_run.config.extra or {}).get(kind) or [])


def assets_of(kind: str) -> list[Any]:
    """Give them as Airflow's classes."""
    return [asset_of(one) for one in step_assets(kind)]


def update_assets() -> None:
    """Store that the step's outlets were updated; a ready `on_success` hook
    (`"runtime.assets.update_assets"`).
    """
    from zenml import get_step_context

    from runtime.assets.store import record
    from runtime.context import current_run, map_index, task_id

    run, step_run = current_run(), get_step_context().step_run
    source = EventSource(
        dag_id=run.dag_id,
        run_id=run.run_id,
        task_id=task_id(),
        map_index=map_index(),
        logical_date=run.logical_date,
        data_interval_start=run.data_interval_start,
        data_interval_end=run.data_interval_end,
    )
    said = _said.pop(step_run.id, OutletEvents())
    for update in said.updates(step_assets(OUTLETS), source):
        record(update)
        logger.info("%s updated the asset %s.", source.task_id, update.uri)


def drained(generator: Generator[Any, None, Any]) -> Any:
    """Run a generator to its end, and give what it returns. The `Metadata` that it yields is noted
    for its asset; what else it yields is of no use, as in Airflow.

    Source: `ExecutionCallableRunner` in airflow/utils/operator_helpers.py.
    """
    while True:
        try:
            given = next(generator)
        except StopIteration as end:
            return end.value
        if isinstance(given, Metadata):
            outlet_events().note(given)
        else:
            logger.warning("Ignoring unknown data of %s received from task", type(given).__name__)


def asset_of(outlet: Any) -> Any:
    """Read an asset or alias as a step's `extra` has it."""
    if isinstance(outlet, str):
        return Asset(uri=outlet)
    if "alias" in outlet:
        return AssetAlias(outlet["alias"])
    return Asset(**outlet) if "uri" in outlet else AssetRef(name=outlet["name"])


def _key(key: Any) -> str:
    if isinstance(key, AssetAlias):
        return key.name
    if isinstance(key, AssetRef):
        return key.uri or str(key.name)
    return key.uri if isinstance(key, Asset) else normalized_uri(str(key))
