"""Corrections to fakesnow's answers, where they would hand out wrong data."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def correct_null_timestamps() -> None:
    """Make fakesnow send a NULL timestamp as NULL; by itself it sends 1970-01-01."""
    from fakesnow import arrow

    name = "timestamp_to_sf_struct"
    setattr(arrow, name, keeping_nulls(getattr(arrow, name)))


def keeping_nulls(convert: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Wrap a conversion of an Arrow column of timestamps to structs so that nulls stay nulls."""
    import pyarrow as pa
    import pyarrow.compute as pc

    def converted(column: Any) -> Any:
        timestamps = column.combine_chunks()
        struct = convert(timestamps.fill_null(pa.scalar(0, timestamps.type)))
        fields = [struct.type.field(index) for index in range(struct.type.num_fields)]
        return pa.StructArray.from_arrays(
            struct.flatten(), fields=fields, mask=pc.is_null(timestamps)
        )

    return converted


def let_merge_join_transactions() -> None:
    """Make MERGE work in a transaction that has changed something.

    fakesnow notes a comment of MERGE's helper table in a database of its own, and DuckDB writes to
    one database in a transaction.
    """
    from fakesnow import info_schema

    name = "insert_table_comment_sql"
    setattr(info_schema, name, without_helper_tables(getattr(info_schema, name)))


def without_helper_tables(note: Callable[[str, str, str, str], str]) -> Callable[..., str]:
    """Wrap what gives the SQL that notes a table's comment."""

    def noted(catalog: str, schema: str, table: str, comment: str) -> str:
        if table.upper() == "MERGE_CANDIDATES":
            return "SELECT 1"
        return note(catalog, schema, table, comment)

    return noted
