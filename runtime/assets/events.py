"""An update of an asset, as templates and callables see it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import SimpleNamespace
from typing import Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, JsonValue

from runtime.assets.names import Asset, AssetAlias, AssetRef
from runtime.assets.uris import normalized_uri


class EventSource(BaseModel):
    """The task that updated the asset, and its run."""

    model_config = ConfigDict(frozen=True, defer_build=True)

    dag_id: str
    run_id: str
    task_id: str
    map_index: int = -1
    logical_date: AwareDatetime
    data_interval_start: AwareDatetime
    data_interval_end: AwareDatetime


class AssetUpdate(BaseModel):
    """An update: the asset, the aliases by which a task came to it, and `extra`.

    Without `source` it came from outside.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    uri: str
    name: str | None = None
    aliases: list[str] = Field(default_factory=list)
    extra: dict[str, JsonValue] = Field(default_factory=dict)
    source: EventSource | None = None

    @property
    def asset(self) -> Asset:
        """Give the asset."""
        return Asset(name=self.name, uri=self.uri)

    dataset = asset

    @property
    def source_aliases(self) -> list[AssetAlias]:
        """Give the aliases."""
        return [AssetAlias(name) for name in self.aliases]

    @property
    def source_dag_run(self) -> Any:
        """Give the run that updated the asset, with Airflow's names; `None` for one from outside."""
        if self.source is None:
            return None
        from runtime.airflow_times import convert_to_utc

        dates = ("logical_date", "data_interval_start", "data_interval_end")
        moments = {name: convert_to_utc(getattr(self.source, name)) for name in dates}
        return SimpleNamespace(
            dag_id=self.source.dag_id,
            run_id=self.source.run_id,
            execution_date=moments["logical_date"],
            **moments,
        )

    @property
    def source_dag_id(self) -> str | None:
        """Give the DAG that updated the asset."""
        return self.source.dag_id if self.source else None

    @property
    def source_run_id(self) -> str | None:
        """Give the run id of the run that updated the asset."""
        return self.source.run_id if self.source else None

    @property
    def source_task_id(self) -> str | None:
        """Give the task that updated the asset."""
        return self.source.task_id if self.source else None

    @property
    def source_map_index(self) -> int:
        """Give the instance of a mapped task that updated the asset; -1 for any other."""
        return self.source.map_index if self.source else -1


class AssetEvent(AssetUpdate):
    """An update that is stored, and when that was."""

    timestamp: AwareDatetime


class EventsByAsset(Mapping[Any, Sequence[AssetEvent]]):
    """Airflow's `triggering_dataset_events` and `triggering_asset_events`.

    The keys are URIs in Airflow 2, assets and aliases in Airflow 3 (`as_assets`); values are looked
    up by either.
    """

    def __init__(self, events: Sequence[AssetEvent], *, as_assets: bool) -> None:
        """Take the events, the earliest first."""
        self._events: dict[Any, list[AssetEvent]] = {}
        for event in events:
            self._events.setdefault(event.asset if as_assets else event.uri, []).append(event)
            for alias in event.source_aliases if as_assets else ():
                self._events.setdefault(alias, []).append(event)
        self._all = events

    def __getitem__(self, key: Any) -> Sequence[AssetEvent]:
        """Give the events of an asset; raises `KeyError` for one that has none."""
        found = [event for event in self._all if is_of(event, key)]
        if not found:
            raise KeyError(key)
        return found

    def __iter__(self) -> Iterator[Any]:
        """Give the assets."""
        return iter(self._events)

    def __len__(self) -> int:
        """Count the assets."""
        return len(self._events)

    def for_asset(self, *, name: str | None = None, uri: str | None = None) -> Any:
        """Give the events of an asset by its name or URI."""
        return self[AssetRef(name=name, uri=uri and normalized_uri(uri))]

    def for_asset_alias(self, *, name: str) -> Any:
        """Give the events that came by an alias."""
        return self[AssetAlias(name)]


def is_of(event: AssetUpdate, key: Any) -> bool:
    """Tell whether an event is one of what a key names: an asset, a reference, an alias, a URI."""
    if isinstance(key, AssetAlias):
        return key.name in event.aliases
    if isinstance(key, Asset):
        return event.uri == key.uri
    if isinstance(key, AssetRef):
        return event.uri == key.uri if key.uri else (event.name or event.uri) == key.name
    return isinstance(key, str) and event.uri == normalized_uri(key)
