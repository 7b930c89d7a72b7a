"""What all model servers' answers have in common."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from runtime.platforms.errors import ServedModelError

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd


def chunks(frame: pd.DataFrame, rows: int) -> Iterator[pd.DataFrame]:
    """Cut a frame into parts of at most `rows` rows, in its order."""
    for start in range(0, len(frame), rows):
        yield frame.iloc[start : start + rows]


def as_numbers(values: Any, rows: int, server: str) -> npt.NDArray[np.float64]:
    """Check that a server's values are one finite number for each row.

    Raises `ServedModelError` for a wrong count, what is no number, and what is not finite.
    """
    import numpy as np

    array = np.asarray(values)
    if array.shape not in ((rows,), (rows, 1)):
        raise ServedModelError(
            f"The model server at {server} gave an array of shape {array.shape} for {rows} rows; "
            "one number for each row is needed."
        )
    if array.dtype.kind not in "fiu":
        raise ServedModelError(
            f"The model server at {server} gave values of type {array.dtype}; numbers are needed."
        )
    numbers = array.reshape(-1).astype(np.float64)
    if not np.isfinite(numbers).all():
        raise ServedModelError(
            f"The model server at {server} gave {int((~np.isfinite(numbers)).sum())} values that are "
            "not finite."
        )
    return numbers
