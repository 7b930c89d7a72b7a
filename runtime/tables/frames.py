"""Arrow data as data frames, with types that do not depend on the other rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa


def frame_of(table: pa.Table) -> pd.DataFrame:
    """Make a frame of an Arrow table.

    Integers are int64, Int64 where there are nulls; booleans are bool, boolean where there are
    nulls; all else as Arrow converts it.
    """
    import pandas as pd

    columns = {index: _series(column) for index, column in enumerate(table.columns)}
    frame = pd.DataFrame(columns, index=pd.RangeIndex(table.num_rows))
    frame.columns = pd.Index(table.column_names)
    return frame


def _series(values: pa.ChunkedArray) -> pd.Series[Any]:
    import pandas as pd
    import pyarrow as pa

    if not values.null_count:
        series: pd.Series[Any] = values.to_pandas()
        return series
    nullable: dict[pa.DataType, Any] = {
        pa.int64(): pd.Int64Dtype(),
        pa.int32(): pd.Int32Dtype(),
        pa.bool_(): pd.BooleanDtype(),
    }
    with_nulls: pd.Series[Any] = values.to_pandas(types_mapper=nullable.get)
    return with_nulls
