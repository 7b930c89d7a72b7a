"""Airflow's assets (datasets): a step updates them, a pipeline starts when they are updated.

An update is a version of a ZenML artifact of the asset's name, so it is kept where ZenML keeps
artifacts, for every process and machine that uses the same ZenML.
"""

from __future__ import annotations

from runtime.assets.names import Asset, AssetAlias, AssetRef, Dataset, DatasetAlias, Metadata
from runtime.assets.outlets import update_assets

__all__ = [
    "Asset",
    "AssetAlias",
    "AssetRef",
    "Dataset",
    "DatasetAlias",
    "Metadata",
    "update_assets",
]
