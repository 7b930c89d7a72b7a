"""Objects of the Kubernetes client as plain data, in the manifest's own camel case."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from rules.arguments import call_arguments
from rules.sources import entry_sources, item_sources, keyword_sources
from transpiler.lower.step_ids import quoted
from transpiler.model.dag import SourceExpression
from transpiler.model.pipeline import Expr
from transpiler.model.values import Call, is_known

if TYPE_CHECKING:
    from transpiler.lower.lowering import Lowering

_IRREGULAR = {
    "_continue": "continue",
    "_exec": "exec",
    "_from": "from",
    "dataset_uuid": "datasetUUID",
    "disk_uri": "diskURI",
    "downward_api": "downwardAPI",
    "host_ip": "hostIP",
    "host_ipc": "hostIPC",
    "host_pid": "hostPID",
    "pd_id": "pdID",
    "pod_ip": "podIP",
    "scale_io": "scaleIO",
    "set_hostname_as_fqdn": "setHostnameAsFQDN",
    "storage_policy_id": "storagePolicyID",
    "target_ww_ns": "targetWWNs",
    "volume_id": "volumeID",
}
"""Fields of pods whose manifest name is not plain camel case: `attribute_map` of
kubernetes.client.models (v29).
"""

_LEGACY = {
    "Volume": ("name", "configs"),
    "VolumeMount": ("name", "mount_path", "sub_path", "read_only"),
    "Port": ("name", "container_port"),
}
"""Parameters of Airflow's own classes of 1.10 (airflow/kubernetes/*.py), in order."""


def camel(name: str) -> str:
    """The manifest's name of a field of the Kubernetes client: `mount_path` is `mountPath`."""
    head, *rest = name.split("_")
    return _IRREGULAR.get(name) or head + "".join(word.capitalize() for word in rest)


def is_model(value: Any, *names: str) -> bool:
    """Whether the value is an object of the Kubernetes client, of one of these classes where they
    are named.
    """
    if not isinstance(value, Call) or not value.func.startswith("kubernetes.client."):
        return False
    class_name = value.func.rpartition(".")[2]
    return class_name in names if names else class_name.startswith("V1")


def as_data(to: Lowering, value: Any, source: SourceExpression | None) -> Expr:
    """A value as an expression of plain data: each object of the Kubernetes client becomes a dict.

    Raises UntranslatableError for other calls and what is not known.
    """
    if is_known(value):
        return to.expr_of(value, source)
    if isinstance(value, (list, tuple)):
        parts = zip(value, item_sources(value, source), strict=True)
        return list_of(as_data(to, item, item_source) for item, item_source in parts)
    if isinstance(value, dict):
        sources = entry_sources(value, source)
        return dict_of({str(key): as_data(to, item, sources[key]) for key, item in value.items()})
    if is_model(value) and not value.args:
        sources = keyword_sources(value, source)
        fields = {name: item for name, item in value.kwargs.items() if item is not None}
        return dict_of(
            {camel(name): as_data(to, item, sources[name]) for name, item in fields.items()}
        )
    if isinstance(value, Call) and (legacy := _legacy_fields(value)) is not None:
        return dict_of({name: as_data(to, item, None) for name, item in legacy.items()})
    return to.expr_of(value, source)


def _legacy_fields(call: Call) -> dict[str, Any] | None:
    module, _, name = call.func.rpartition(".")
    if name not in _LEGACY or "kubernetes" not in module or not module.startswith("airflow."):
        return None
    fields = call_arguments(call, _LEGACY[name])
    configs = fields.pop("configs", None) or {}
    return {camel(key): item for key, item in fields.items() if item is not None} | configs


def list_of(items: Iterable[Expr]) -> Expr:
    """A list expression."""
    parts = list(items)
    return Expr(f"[{', '.join(part.code for part in parts)}]", _names(parts))


def dict_of(entries: Mapping[str, Expr]) -> Expr:
    """A dict expression with text keys."""
    parts = [f"{quoted(key)}: {value.code}" for key, value in entries.items()]
    return Expr(f"{{{', '.join(parts)}}}", _names(entries.values()))


def _names(parts: Iterable[Expr]) -> frozenset[str]:
    return frozenset().union(*(part.names for part in parts))
