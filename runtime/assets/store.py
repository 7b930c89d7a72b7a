"""Updates of assets in ZenML's store: one version of an artifact for each.

Versions are numbered by the database, so any number of processes may write at one time.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

from runtime.assets.conditions import Condition
from runtime.assets.events import AssetEvent, AssetUpdate

if TYPE_CHECKING:
    from zenml.models import ArtifactVersionResponse

PREFIX = "asset:"
"""What the names of artifacts begin with that stand for assets."""
TAG = "asset_event"
_LONGEST_NAME = 200


def record(update: AssetUpdate, *, key: str | None = None) -> AssetEvent:
    """Store an update; one with a `key` that is stored already is given back as it is.

    In a step, the artifact is linked to the step.
    """
    from zenml import save_artifact
    from zenml.exceptions import EntityExistsError

    name, version = artifact_name(update.uri), key and f"key-{_digest(key)}"
    known = update.model_dump(mode="json")
    try:
        stored = save_artifact(
            known,
            name=name,
            version=version,
            tags=[TAG, *_tags(update)],
            extract_metadata=False,
            include_visualizations=False,
        )
    except EntityExistsError:
        from zenml.client import Client

        return _event(Client().get_artifact_version(name, version))
    return AssetEvent(**dict(update), timestamp=_utc(stored.created))


def artifact_name(uri: str) -> str:
    """Give the name of the artifact that stands for an asset."""
    short = len(uri) <= _LONGEST_NAME
    return f"{PREFIX}{uri if short else uri[:100] + '#' + _digest(uri)}"


def events_of(
    leaves: Iterable[Condition], after: datetime | None, until: datetime
) -> list[AssetEvent]:
    """Give the events of assets and aliases after one moment and up to another, the earliest first.

    An alias has the events of all assets that were ever updated by it.
    """
    found: dict[Any, AssetEvent] = {}
    for leaf in leaves:
        for filters in _filters(leaf):
            for version in _versions(after, **filters):
                if (after is None or _utc(version.created) > after) and _utc(
                    version.created
                ) <= until:
                    found[version.id] = _event(version)
    return sorted(found.values(), key=lambda event: event.timestamp)


def has_news(after: datetime) -> bool:
    """Tell whether any asset was updated since a moment; this is one cheap look."""
    return next(_versions(after - timedelta(seconds=1), tags=[TAG]), None) is not None


def is_event_of(event: AssetUpdate, leaf: Condition, aliased: Iterable[str] = ()) -> bool:
    """Tell whether an event updates an asset or alias of a condition; `aliased` are the URIs that
    the alias stands for.
    """
    if isinstance(leaf, str):
        return event.uri == leaf
    if "alias" in leaf:
        return leaf["alias"] in event.aliases or event.uri in aliased
    return bool((event.name or event.uri) == leaf["name"])


def aliased_uris(alias: str) -> list[str]:
    """Give the URIs of the assets that were ever updated by an alias."""
    return sorted({_event(version).uri for version in _versions(None, tags=[_alias_tag(alias)])})


def _filters(leaf: Condition) -> Iterator[dict[str, Any]]:
    if isinstance(leaf, str):
        yield {"artifact": artifact_name(leaf), "tags": [TAG]}
    elif "alias" in leaf:
        for uri in aliased_uris(leaf["alias"]):
            yield {"artifact": artifact_name(uri), "tags": [TAG]}
    else:
        yield {"tags": [_name_tag(leaf["name"])]}


def _versions(after: datetime | None, **filters: Any) -> Iterator[ArtifactVersionResponse]:
    from zenml.client import Client

    # ZenML compares whole seconds.
    since = after and f"gte:{after.astimezone(timezone.utc):%Y-%m-%d %H:%M:%S}"
    page, pages = 1, 1
    while page <= pages:
        found = Client().list_artifact_versions(
            created=since, sort_by="asc:created", size=100, page=page, hydrate=True, **filters
        )
        yield from found.items
        page, pages = page + 1, found.total_pages


def _event(version: ArtifactVersionResponse) -> AssetEvent:
    return AssetEvent(**version.load(), timestamp=_utc(version.created))


def _tags(update: AssetUpdate) -> list[str]:
    aliases = [_alias_tag(alias) for alias in update.aliases]
    return [_name_tag(update.name or update.uri), *aliases]


def _name_tag(name: str) -> str:
    return f"asset_name:{name if len(name) <= _LONGEST_NAME else _digest(name)}"


def _alias_tag(alias: str) -> str:
    return f"asset_alias:{alias if len(alias) <= _LONGEST_NAME else _digest(alias)}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:40]


def _utc(moment: datetime) -> datetime:
    """Read ZenML's times, which are UTC without a zone."""
    return moment.replace(tzinfo=moment.tzinfo or timezone.utc)
