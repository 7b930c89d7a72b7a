"""Tables that travel between steps as parquet files and are read in batches.

Naming anything of this package teaches ZenML to store a `Table`; the modules in it do not import
ZenML by themselves.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from runtime.tables.frames import frame_of
    from runtime.tables.table import Part, Table
    from runtime.tables.writer import TableError, TableWriter, table_from

__all__ = ["Part", "Table", "TableError", "TableWriter", "frame_of", "table_from"]

_MODULES = {
    "Part": "table",
    "Table": "table",
    "TableError": "writer",
    "TableWriter": "writer",
    "frame_of": "frames",
    "table_from": "writer",
}


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    import_module(f"{__name__}.materializer")
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
