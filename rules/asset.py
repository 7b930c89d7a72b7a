"""Functions that make an asset (`@asset`, Airflow 3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from rules.arguments import refused
from rules.python import callable_step
from rules.registry import Example, rule
from transpiler.model.values import FunctionRef

if TYPE_CHECKING:
    from transpiler.lower.lowering import Lowering
    from transpiler.lower.reader import TaskReader
    from transpiler.model.dag import Argument
    from transpiler.model.pipeline import StepCall

_ORDERS = Example(
    before="""\
from airflow.sdk import asset


@asset(uri="s3://lake/orders", schedule="@daily")
def orders():
    print("loading orders")
""",
    after="""\
orders(id="orders")
""",
)
_GIVEN = frozenset({"outlet_events"})


@rule(
    "airflow.sdk.definitions.asset.decorators._AssetMainOperator",
    docs="https://airflow.apache.org/docs/apache-airflow/stable/authoring-and-scheduling/asset-scheduling.html",
    examples=[_ORDERS],
)
def asset_main_operator(task: TaskReader, to: Lowering) -> StepCall | list[StepCall]:
    """The function becomes a step, which updates the asset when it has succeeded."""
    argument = task.require("python_callable")
    _refuse_assets(task, argument)
    return callable_step(task, to)


def _refuse_assets(task: TaskReader, argument: Argument) -> None:
    """Airflow fills `self`, `context` and other assets by the names of parameters."""
    function = argument.value
    if not isinstance(function, FunctionRef) or not isinstance(function.node, cst.FunctionDef):
        return
    parameters = function.node.params.params
    filled = [one.name.value for one in parameters if one.default is None]
    unknown = [name for name in filled if name not in _GIVEN]
    if unknown:
        names = ", ".join(unknown)
        raise refused(
            task, argument, f"Airflow fills the parameters {names} of an asset's function; take them "
            "from get_current_context()",
        )  # fmt: skip
