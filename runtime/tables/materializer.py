"""How ZenML stores a `Table`: its parquet files beside a manifest.

https://docs.zenml.io/concepts/artifacts/materializers
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from contextlib import AbstractContextManager
from functools import partial
from typing import IO, TYPE_CHECKING, Any, ClassVar

import pandas as pd
from zenml.enums import ArtifactType, VisualizationType
from zenml.materializers.base_materializer import BaseMaterializer

from runtime.tables.statistics import ColumnStatistics
from runtime.tables.table import Part, Table

if TYPE_CHECKING:
    import pyarrow as pa
    from zenml.artifact_stores import BaseArtifactStore
    from zenml.metadata.metadata_types import MetadataType

MANIFEST = "table.json"
SAMPLE = "sample.csv"
SAMPLE_ROWS = 20
COPY_BYTES = 8 * 1024 * 1024


class TableMaterializer(BaseMaterializer):
    """Copies the files of a table as they are; reading them again waits until rows are asked for.

    A step that declares its input as a DataFrame gets all rows as one.
    """

    ASSOCIATED_TYPES: ClassVar[tuple[type[Any], ...]] = (Table,)
    ASSOCIATED_ARTIFACT_TYPE: ClassVar[ArtifactType] = ArtifactType.DATA

    @classmethod
    def can_load_type(cls, data_type: type[Any]) -> bool:
        """Tell whether a step's input of this type can be a stored table."""
        return data_type is pd.DataFrame or super().can_load_type(data_type)

    def load(self, data_type: type[Any]) -> Any:
        """Give the stored table, or its rows as a DataFrame."""
        with self.artifact_store.open(f"{self.uri}/{MANIFEST}", "r") as file:
            manifest = json.load(file)
        parts = tuple(
            Part(part["rows"], partial(_open, self.artifact_store, f"{self.uri}/{part['file']}"))
            for part in manifest["parts"]
        )
        statistics = {name: ColumnStatistics(**kept) for name, kept in manifest["columns"].items()}
        table = Table(_read_schema(manifest["schema"]), parts, statistics)
        return table.to_pandas() if data_type is pd.DataFrame else table

    def save(self, data: Table) -> None:
        """Store the files and the manifest."""
        files = [f"part_{number:05d}.parquet" for number in range(len(data.parts))]
        for name, part in zip(files, data.parts, strict=True):
            with part.open() as source, self.artifact_store.open(f"{self.uri}/{name}", "wb") as to:
                while block := source.read(COPY_BYTES):
                    to.write(block)
        manifest = {
            "schema": base64.b64encode(data.schema.serialize().to_pybytes()).decode(),
            "parts": [
                {"file": name, "rows": part.rows}
                for name, part in zip(files, data.parts, strict=True)
            ],
            "columns": {name: vars(kept) for name, kept in data.statistics.items()},
        }
        with self.artifact_store.open(f"{self.uri}/{MANIFEST}", "w") as file:
            json.dump(manifest, file)

    def save_visualizations(self, data: Table) -> dict[str, VisualizationType]:
        """Store the first rows for ZenML's dashboard."""
        uri = f"{self.uri}/{SAMPLE}"
        with self.artifact_store.open(uri, "w") as file:
            file.write(data.head(SAMPLE_ROWS).to_csv(index=False))
        return {uri: VisualizationType.CSV}

    def extract_metadata(self, data: Table) -> dict[str, MetadataType]:
        """Give the number of rows, and type and statistics of each column."""
        columns: Mapping[str, Any] = {
            name: {"type": str(kind), **_figures(data, name)}
            for name, kind in zip(data.schema.names, data.schema.types, strict=True)
        }
        return {"rows": len(data), "columns": dict(columns)}


def _figures(data: Table, name: str) -> dict[str, Any]:
    return data.statistics[name].figures() if name in data.statistics else {}


def _open(store: BaseArtifactStore, uri: str) -> AbstractContextManager[IO[bytes]]:
    opened: AbstractContextManager[IO[bytes]] = store.open(uri, "rb")
    return opened


def _read_schema(text: str) -> pa.Schema:
    import pyarrow as pa

    return pa.ipc.read_schema(pa.py_buffer(base64.b64decode(text)))
