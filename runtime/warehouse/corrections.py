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
