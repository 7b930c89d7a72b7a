"""What is made of the rows of a batch, and of the model's answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt


@dataclass(frozen=True)
class Postprocess:
    """What happens to each prediction: not above `cap`, not below `floor`, rounded to digits."""

    cap: float | None = None
    floor: float | None = None
    round_to: int | None = None

    def __post_init__(self) -> None:
        """Refuse limits that contradict each other."""
        if self.cap is not None and self.floor is not None and self.cap < self.floor:
            raise ValueError(f"The cap {self.cap:g} is below the floor {self.floor:g}.")

    def apply(self, values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Apply to an array."""
        import numpy as np

        if self.cap is not None or self.floor is not None:
            values = np.clip(values, self.floor, self.cap)
        return values if self.round_to is None else np.round(values, self.round_to)


@dataclass(frozen=True)
class PredictionPlan:
    """How rows become predictions; may be sent to other processes.

    The result of a batch has the columns `keep` of the features, the prediction as float64 in the
    column `output`, and `constants`. `function` is the dotted path of a function that gets this
    frame and gives one with as many rows; at last, columns are renamed by `rename`.
    """

    batch_size: int = 1000
    keep: tuple[str, ...] = ()
    output: str = "prediction"
    postprocess: Postprocess = field(default_factory=Postprocess)
    constants: Mapping[str, Any] = field(default_factory=dict)
    function: str | None = None
    rename: Mapping[str, str] = field(default_factory=dict)
    on_error: Literal["fail", "quarantine"] = "fail"

    def __post_init__(self) -> None:
        """Refuse a batch without rows, and columns of one name."""
        if self.batch_size < 1:
            raise ValueError(f"The batch size must be at least 1, not {self.batch_size}.")
        self._refuse_twice([*self.keep, self.output, *self.constants])
        if not self.function:
            # What a function adds is not known here.
            made = [*self.keep, self.output, *self.constants]
            self._refuse_twice([self.rename.get(name, name) for name in made])

    @staticmethod
    def _refuse_twice(names: list[str]) -> None:
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(
                f"The predictions would have the column {', '.join(twice)} more than once: "
                "`keys`, the output column, `columns` and `rename` need names of their own."
            )
