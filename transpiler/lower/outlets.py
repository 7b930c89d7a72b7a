"""The assets that a task updates (`outlets`) or reads (`inlets`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from transpiler.lower.assets import UnknownAssetError, is_assets, named_asset
from transpiler.lower.hook_calls import HookCall
from transpiler.lower.reporting import about
from transpiler.model.dag import Argument, Task
from transpiler.model.finding import Finding
from transpiler.model.pipeline import Import
from transpiler.model.values import Call, Value
from transpiler.source.positions import positions_of

if TYPE_CHECKING:
    from transpiler.lower.lowering import Lowering

UPDATE_ASSETS = Import("runtime.assets", "update_assets")
UPDATE_HOOK = "runtime.assets.update_assets"


@dataclass(frozen=True, slots=True)
class Outlets:
    """What becomes of the `outlets` of a task: assets for the step's `extra`, and findings."""

    argument: Argument | None = None
    assets: tuple[Any, ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def hook(self) -> HookCall | None:
        """The call that updates the assets when the step has succeeded."""
        if self.argument is None or not self.assets:
            return None
        return HookCall(self.argument, UPDATE_ASSETS, f"{UPDATE_ASSETS.name}()")


def outlets_of(task: Task) -> Outlets:
    """The assets that the task updates. What is known only when the file runs is D2Z241."""
    argument = task.arguments.get("outlets")
    if argument is None:
        return Outlets()
    assets: list[Any] = []
    findings: list[Finding] = []
    for value in _several(argument.value):
        if _is_lineage(value):
            detail = "outlets: it is lineage that Airflow shows; ZenML records artifacts itself"
            findings.append(about("D2Z210", argument, detail, task_id=task.task_id))
            continue
        try:
            asset = named_asset(value)
            if isinstance(asset, dict) and set(asset) == {"name"}:
                raise UnknownAssetError(f"the URI of the asset {asset['name']!r} is not told")
            assets.append(asset)
        except UnknownAssetError as error:
            detail = f"outlets: {_shown(value)} is not updated: {error}"
            findings.append(about("D2Z241", argument, detail, task_id=task.task_id))
    return Outlets(argument, tuple(assets), tuple(findings))


def inlets_of(task: Task, to: Lowering) -> list[Any]:
    """The assets whose updates a callable of the file asks for; else inlets are only lineage."""
    argument = task.arguments.get("inlets")
    modules = to.dag_file.modules.values()
    if argument is None or not any(
        "inlet_events" in positions_of(module.tree).text for module in modules
    ):
        return []
    assets = []
    for value in _several(argument.value):
        try:
            assets.append(named_asset(value))
        except UnknownAssetError:
            continue
    return assets


def _several(value: Value) -> list[Value]:
    if value is None:
        return []
    return [*value] if isinstance(value, (list, tuple, set)) else [value]


def _is_lineage(value: Value) -> bool:
    airflow = isinstance(value, Call) and value.func.startswith("airflow.")
    return airflow and not is_assets(value) and not value.func.endswith(".ref")


def _shown(value: Value) -> str:
    return str(getattr(value, "code", None) or repr(value))
