"""Figures of predictions that are worth tracking from run to run, in bounded memory."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd

SAMPLE = 100_000
"""Values that percentiles are taken of; with more predictions than that they are estimates."""
PERCENTILES = (5, 25, 50, 75, 95)


class Figures:
    """Counts predictions batch by batch: number, mean, standard deviation, extremes, percentiles.

    Percentiles come from a uniform sample (reservoir sampling, Vitter's algorithm R) that is the
    same in every run.
    """

    def __init__(self) -> None:
        """Begin with no rows."""
        import numpy as np

        self.rows = 0
        self.nulls = 0
        self._mean = 0.0
        self._squares = 0.0
        self._low = math.inf
        self._high = -math.inf
        self._sample: npt.NDArray[np.float64] = np.empty(0)
        self._random = np.random.default_rng(0)

    def add(self, values: pd.Series[Any] | npt.NDArray[np.float64]) -> None:
        """Count a batch."""
        import numpy as np

        numbers = np.asarray(values, dtype=np.float64)
        present = numbers[~np.isnan(numbers)]
        self.nulls += len(numbers) - len(present)
        if not len(present):
            return
        before, self.rows = self.rows, self.rows + len(present)
        # Chan, Golub and LeVeque: two sets' mean and squared deviations give those of both.
        mean = float(present.mean())
        apart = mean - self._mean
        self._squares += float(((present - mean) ** 2).sum())
        self._squares += apart * apart * before * len(present) / self.rows
        self._mean += apart * len(present) / self.rows
        self._low = min(self._low, float(present.min()))
        self._high = max(self._high, float(present.max()))
        self._keep(present, before)

    def _keep(self, values: npt.NDArray[np.float64], before: int) -> None:
        import numpy as np

        room = max(SAMPLE - before, 0)
        self._sample = np.concatenate([self._sample, values[:room]])
        late = values[room:]
        if len(late):
            places = self._random.integers(0, np.arange(before + room, before + len(values)) + 1)
            chosen = places < SAMPLE
            self._sample[places[chosen]] = late[chosen]

    def summary(self) -> dict[str, float]:
        """The figures by name; without rows only their number."""
        import numpy as np

        total = self.rows + self.nulls
        figures = {"rows": float(total)}
        if total:
            figures["prediction_null_share"] = self.nulls / total
        if self.rows:
            figures |= {
                "prediction_mean": self._mean,
                "prediction_std": math.sqrt(self._squares / self.rows),
                "prediction_min": self._low,
                "prediction_max": self._high,
            }
            found = np.percentile(self._sample, PERCENTILES)
            figures |= {
                f"prediction_p{percent:02d}": float(value)
                for percent, value in zip(PERCENTILES, found, strict=True)
            }
        return figures


def summarize(values: pd.Series[Any]) -> dict[str, float]:
    """Give the figures of a whole column."""
    figures = Figures()
    figures.add(values)
    return figures.summary()
