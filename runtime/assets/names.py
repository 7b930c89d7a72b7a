"""Airflow's classes that name assets, so that callables taken over from a DAG keep their bodies.

Source: airflow/datasets/__init__.py (2.10) and airflow/sdk/definitions/asset (3.x).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from runtime.assets.uris import normalized_uri


class Asset:
    """An asset by its name and URI; one of them stands for both."""

    def __init__(
        self,
        name: str | None = None,
        uri: str | None = None,
        *,
        group: str = "asset",
        extra: Mapping[str, Any] | None = None,
        **other: Any,
    ) -> None:
        """Take Airflow's arguments; `other` ones, as watchers, change nothing here."""
        given = uri if uri is not None else name
        self.uri = normalized_uri(str(given or ""))
        self.name = name if name is not None else self.uri
        self.group = group
        self.extra = dict(extra or {})

    @staticmethod
    def ref(*, name: str | None = None, uri: str | None = None) -> AssetRef:
        """Refer to an asset by only one of its two names."""
        return AssetRef(name=name, uri=uri and normalized_uri(uri))

    def __fspath__(self) -> str:
        """Give the URI, as Airflow does."""
        return self.uri

    def __eq__(self, other: object) -> bool:
        """Tell whether both have one URI."""
        return isinstance(other, Asset) and other.uri == self.uri

    def __hash__(self) -> int:
        """Fit `==`."""
        return hash(self.uri)

    def __repr__(self) -> str:
        """Show the names."""
        return f"{type(self).__name__}(name={self.name!r}, uri={self.uri!r})"


class Dataset(Asset):
    """An asset as Airflow 2 writes it: by its URI."""

    def __init__(self, uri: str, extra: Mapping[str, Any] | None = None) -> None:
        """Take Airflow's arguments."""
        super().__init__(uri=uri, extra=extra)


@dataclass(frozen=True)
class AssetRef:
    """An asset by one of its names."""

    name: str | None = None
    uri: str | None = None


@dataclass(frozen=True)
class AssetAlias:
    """A name under which a task updates assets that only its run tells."""

    name: str
    group: str = field(default="asset", compare=False)


DatasetAlias = AssetAlias


class Metadata:
    """What a task yields to give the update of an asset its `extra`."""

    def __init__(
        self, asset: Asset | str, extra: Mapping[str, Any], alias: AssetAlias | str | None = None
    ) -> None:
        """Take Airflow's arguments."""
        self.uri = asset.uri if isinstance(asset, Asset) else normalized_uri(asset)
        self.extra = dict(extra)
        self.alias_name = alias.name if isinstance(alias, AssetAlias) else alias
