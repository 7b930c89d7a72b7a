"""Assets: names, conditions, events, and what a step says of its outlets."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Generator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from runtime.assets import Asset, AssetAlias, AssetRef, Dataset, Metadata
from runtime.assets.conditions import is_met, leaves, normalized
from runtime.assets.events import AssetEvent, AssetUpdate, EventsByAsset, EventSource
from runtime.assets.outlets import InletEvents, OutletEvents, drained, outlet_events
from runtime.assets.queue import interval_of, last_met, pending
from runtime.assets.store import (
    aliased_uris,
    artifact_name,
    events_of,
    has_news,
    is_event_of,
    record,
)
from runtime.assets.uris import normalized_uri
from runtime.exceptions import AssetError
from runtime.schedule import DagSchedule

START = datetime(2024, 1, 1, tzinfo=timezone.utc)
SOURCE = EventSource(
    dag_id="d",
    run_id="r",
    task_id="t",
    logical_date=START,
    data_interval_start=START,
    data_interval_end=START + timedelta(days=1),
)


@pytest.mark.parametrize(
    ("uri", "expected"),
    [
        ("orders", "orders"),
        ("S3://lake/orders/", "s3://lake/orders"),
        ("s3://me:secret@lake/x#part", "s3://lake/x"),
        ("http://h/p?b=2&a=1", "http://h/p?a=1&b=2"),
        ("x-own:Some/Thing/", "x-own:Some/Thing/"),
    ],
)
def test_one_way_of_writing_a_uri(uri: str, expected: str) -> None:
    assert normalized_uri(uri) == expected


@pytest.mark.parametrize("uri", ["", " ", "s3://é", "airflow://x", "x" * 3001])
def test_what_is_no_uri(uri: str) -> None:
    with pytest.raises(AssetError):
        normalized_uri(uri)


def test_names() -> None:
    assert Dataset("s3://x/") == Asset("x", "s3://x") and hash(Dataset("s3://x")) == hash(
        Asset(uri="s3://x/")
    )
    assert Asset("orders").uri == Asset(uri="orders").name == "orders"
    assert Asset.ref(name="x") == AssetRef(name="x") and Dataset("a") != "a"
    assert repr(Dataset("a")) == "Dataset(name='a', uri='a')"
    assert Metadata(Dataset("a"), {"n": 1}, AssetAlias("z")).alias_name == "z"
    assert Metadata("a/", {}).uri == "a/"


def test_conditions() -> None:
    written = {"any": ["s3://h/a/b/", {"all": [{"alias": "z"}, {"name": "n"}, "s3://h/a/b"]}]}
    condition = normalized(written)
    assert list(leaves(condition)) == ["s3://h/a/b", {"alias": "z"}, {"name": "n"}]
    assert is_met(condition, ["s3://h/a/b"].__contains__)
    assert not is_met(condition, [{"alias": "z"}, {"name": "n"}].__contains__)
    for wrong in ({"some": []}, {"all": "a"}, {"alias": ""}, {}, 3, {"any": [3]}):
        with pytest.raises(AssetError):
            normalized(wrong)
    with pytest.raises(ValidationError, match="no condition"):
        DagSchedule(assets={"some": []})
    with pytest.raises(ValidationError, match="one of `assets` and `datasets`"):
        DagSchedule(assets="a", datasets="b")


def event(uri: str, second: int = 0, **fields: Any) -> AssetEvent:
    return AssetEvent(uri=uri, timestamp=START + timedelta(seconds=second), **fields)


def test_when_a_condition_was_last_met() -> None:
    both: Any = {"all": ["a", "b"]}
    events = [event(uri, second) for second, uri in enumerate("aabab")]
    assert last_met(both, events[:2]) is None
    assert last_met(both, events[:3]) == events[2].timestamp
    assert last_met(both, events[:4]) == events[2].timestamp
    assert last_met(both, events) == events[4].timestamp
    assert last_met({"any": ["a", "b"]}, events) == events[4].timestamp
    assert last_met({"name": "n"}, [event("u", name="n")]) == START


def test_a_data_interval_spans_those_of_the_sources() -> None:
    later = START + timedelta(days=3)
    events = [event("a", source=SOURCE), AssetEvent(uri="b", timestamp=later)]
    assert interval_of(events) == (START, later)


def test_events_by_asset() -> None:
    first, second = event("s3://h/a", name="one", aliases=["z"]), event("s3://h/b", 1)
    old = EventsByAsset([first, second], as_assets=False)
    assert list(old) == ["s3://h/a", "s3://h/b"] and len(old) == 2
    assert old["s3://h/a/"] == [first] == old[Dataset("s3://h/a")]
    new = EventsByAsset([first, second], as_assets=True)
    assert list(new) == [Asset("one", "s3://h/a"), AssetAlias("z"), Asset(uri="s3://h/b")]
    assert new.for_asset(name="one") == new.for_asset(uri="s3://h/a/") == [first]
    assert new.for_asset_alias(name="z") == [first]
    with pytest.raises(KeyError):
        new[3]


def test_what_an_event_tells() -> None:
    told = event("s3://h/a", source=SOURCE)
    assert (told.source_dag_id, told.source_run_id, told.source_task_id) == ("d", "r", "t")
    assert told.source_dag_run.data_interval_start == START and told.source_map_index == -1
    assert told.asset == told.dataset == Dataset("s3://h/a") and told.source_aliases == []
    outside = event("s3://h/a")
    assert outside.source_dag_run is None and outside.source_map_index == -1
    assert (outside.source_dag_id, outside.source_run_id, outside.source_task_id) == (None,) * 3


def test_updates_of_a_task() -> None:
    said = OutletEvents()
    said[Dataset("s3://h/a")].extra = {"rows": 3}
    said.note(Metadata("s3://h/b", {"n": 1}, AssetAlias("z")))
    said[AssetAlias("y")].add(Asset(uri="s3://h/b"), {"n": 1})
    said[AssetAlias("z")].add("s3://h/b", {"n": 2})
    said[Dataset("s3://h/a")].add("s3://ignored")
    outlets = ["s3://h/a", {"name": "c", "uri": "s3://h/c"}, {"alias": "z"}, {"alias": "y"}]
    updates = [(one.uri, one.extra, one.aliases) for one in said.updates(outlets, SOURCE)]
    assert updates == [
        ("s3://h/a", {"rows": 3}, []),
        ("s3://h/c", {}, []),
        ("s3://h/b", {"n": 1}, ["z", "y"]),
        ("s3://h/b", {"n": 2}, ["z"]),
    ]
    assert len(said) == 4 and set(said) == {"s3://h/a", "s3://h/b", "z", "y"}


def test_generators_tell_of_assets(in_step: Callable[[Callable[[], Any]], Any]) -> None:
    def work() -> Any:
        def task() -> Generator[Any, None, list[int]]:
            yield 1
            yield Metadata("s3://h/a", {"n": 1})
            return [2]

        return drained(task()), dict(outlet_events()["s3://h/a"].extra)

    assert in_step(work) == ([2], {"n": 1})


def test_events_are_kept(zenml_store: Path) -> None:
    before, own = datetime.now(timezone.utc), uuid.uuid4().hex
    a, b, alias = f"s3://{own}/a", f"s3://{own}/{'b' * 300}", f"alias-{own}"
    assert len(artifact_name(b)) < 200
    first = record(AssetUpdate(uri=a, name=f"name-{own}", source=SOURCE))
    second = record(AssetUpdate(uri=b, aliases=[alias], extra={"n": [1]}), key="one key")
    assert record(AssetUpdate(uri=b, extra={"other": 1}), key="one key") == second
    now = datetime.now(timezone.utc)
    assert events_of([a, b], None, now) == [first, second]
    assert events_of([a, b], first.timestamp, now) == [second]
    assert events_of([a, b], None, first.timestamp) == [first]
    assert events_of([{"name": f"name-{own}"}], None, now) == [first]
    assert events_of([{"alias": alias}], None, now) == [second]
    assert aliased_uris(alias) == [b]
    assert is_event_of(event(b), {"alias": alias}, aliased_uris(alias))
    assert has_news(before) and not has_news(now + timedelta(hours=1))
    inlets = InletEvents([a, {"alias": alias}, {"name": f"name-{own}"}])
    assert inlets[0] == inlets[Asset(uri=a)] == inlets[2] == [first]
    assert inlets[AssetAlias(alias)] == [second] and len(inlets) == len(list(inlets)) == 3
    with pytest.raises(KeyError):
        inlets["s3://other"]

    # Whoever listens for the alias is started by it, and later by the asset alone.
    late = now + timedelta(minutes=1)
    schedule = DagSchedule(assets={"alias": alias})
    start = pending(schedule, previous=None, listens_since=before, now=late)
    assert start is not None and start.events == [second]
    assert pending(schedule, previous=start.date, listens_since=before, now=late) is None
    third = record(AssetUpdate(uri=b))
    again = pending(schedule, previous=start.date, listens_since=before, now=late)
    assert again is not None and again.events == [third]
    assert pending(DagSchedule(), previous=None, listens_since=before, now=late) is None
    # Airflow 2 tells the first run of what was there before it listened, Airflow 3 with catchup.
    old = pending(DagSchedule(datasets=a), previous=None, listens_since=first.timestamp, now=late)
    assert old is None
    fourth = record(AssetUpdate(uri=a))
    for version, told in (("datasets", [first, fourth]), ("assets", [fourth])):
        schedule = DagSchedule.model_validate({version: a})
        since = second.timestamp
        start = pending(schedule, previous=None, listens_since=since, now=late)
        assert start is not None and start.events == told
