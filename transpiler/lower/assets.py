"""Assets (datasets) of a DAG file, as the runtime writes them: conditions of a schedule, and what a
task updates or reads.

Source: airflow/datasets/__init__.py (2.10) and airflow/sdk/definitions/asset/__init__.py (3.x).
"""

from __future__ import annotations

import re
from typing import Any, TypeAlias
from urllib.parse import urlsplit

from transpiler.model.values import Call, Symbolic, Value, is_known

Condition: TypeAlias = "str | dict[str, Any]"

_SINGLE = ("Asset", "Dataset", "Model")
_ALIASES = ("AssetAlias", "DatasetAlias")
_JOINED = {"AssetAll": "all", "DatasetAll": "all", "AssetAny": "any", "DatasetAny": "any"}
_KINDS = frozenset({*_SINGLE, *_ALIASES, *_JOINED})
_LONGEST_URI = 3000
_CALL = re.compile(rf"\b({'|'.join(sorted(_KINDS))})\(")


class UnknownAssetError(Exception):
    """Which asset it is, only a run of the file could tell; the text says why."""


def is_assets(value: Value) -> bool:
    """Whether a schedule is made of assets: one, several in a list, or some joined by `&` and `|`."""
    if isinstance(value, (list, tuple, set)):
        return bool(value) and all(map(is_assets, value))
    if isinstance(value, Symbolic):
        return bool(_CALL.search(value.code))
    return isinstance(value, Call) and _kind(value) is not None


def condition_of(value: Value) -> Condition:
    """The condition of a schedule, as `runtime.assets.conditions` has it. A list means all.

    Raises UnknownAssetError.
    """
    if isinstance(value, (list, tuple, set)):
        return _joined("all", [condition_of(one) for one in value])
    if not isinstance(value, Call):
        raise UnknownAssetError("it is known only when the file runs")
    kind = _kind(value)
    if kind in _JOINED:
        return _joined(_JOINED[kind], [condition_of(one) for one in value.args])
    named = named_asset(value)
    if isinstance(named, dict) and "uri" in named:
        return str(named["uri"])
    return named


def _joined(how: str, conditions: list[Condition]) -> Condition:
    """The conditions as one; `(a | b) | c` is `a | b | c`."""
    parts: list[Condition] = []
    for one in conditions:
        alike = isinstance(one, dict) and how in one
        parts += one[how] if alike else [one]  # type: ignore[index]
    return parts[0] if len(parts) == 1 else {how: parts}


def shown(condition: Condition) -> str:
    """A condition with `&` and `|`, as migration.json tells it."""
    if isinstance(condition, str):
        return condition
    ((kind, value),) = condition.items()
    if kind in ("alias", "name"):
        return f"alias({value})" if kind == "alias" else str(value)
    texts = [
        f"({shown(one)})" if isinstance(one, dict) and {"all", "any"} & set(one) else shown(one)
        for one in value
    ]
    return {"all": " & ", "any": " | "}[kind].join(texts)


def asset_keys(*assets: Condition | None) -> tuple[str, ...]:
    """What assets, or those of conditions, are known by: URIs, names, `alias(…)`; each once."""
    found: dict[str, None] = {}
    stack = [one for one in reversed(assets) if one is not None]
    while stack:
        one = stack.pop()
        if isinstance(one, str):
            found[one] = None
        elif "alias" in one:
            found[shown(one)] = None
        else:
            for value in reversed(list(one.values())):
                stack += reversed(value) if isinstance(value, list) else [value]
    return tuple(found)


def named_asset(value: Value) -> Condition:
    """One asset or alias as a step's `extra` has it: a URI, `{"name": …, "uri": …}`,
    `{"alias": …}`, or `{"name": …}` for what refers to an asset by its name alone.

    Raises UnknownAssetError.
    """
    kind = _kind(value) if isinstance(value, Call) else None
    if kind is None or kind in _JOINED:
        raise UnknownAssetError("it is no asset that the file tells")
    name, uri = _argument(value, "name", kind), _argument(value, "uri", kind)
    if kind == "ref":
        return {"name": _text(name)} if name is not None else _uri(uri)
    if _argument(value, "watchers", kind):
        raise UnknownAssetError("its watchers ask other systems, which nothing here does")
    if kind in _ALIASES:
        return {"alias": _text(name)}
    if name is None or uri is None or name == uri:
        return _uri(name if uri is None else uri)
    return {"name": _text(name), "uri": _uri(uri)}


def _kind(call: Call) -> str | None:
    head, _, last = call.func.rpartition(".")
    if not call.func.startswith("airflow."):
        return None
    if last == "ref":
        return "ref" if head.endswith(".Asset") else None
    return last if last in _KINDS else None


def _argument(call: Call, name: str, kind: str) -> Any:
    """An argument by its name, or its place: a Dataset has its URI first, all else the name."""
    if name in call.kwargs:
        return call.kwargs[name]
    places = {"uri": 0} if kind == "Dataset" else {"name": 0, "uri": 1}
    if kind in _ALIASES:
        places = {"name": 0}
    place = places.get(name)
    return call.args[place] if place is not None and place < len(call.args) else None


def _text(value: Any) -> str:
    if not isinstance(value, str) or not is_known(value):
        raise UnknownAssetError("its name is known only when the file runs")
    return value


def _uri(value: Any) -> str:
    """A URI that Airflow takes, as the file has it. Source: `_sanitize_uri` of airflow/datasets."""
    text = _text(value)
    if not text.strip() or not text.isascii() or len(text) > _LONGEST_URI:
        raise UnknownAssetError(
            f"Airflow refuses the URI {text[:100]!r}: it takes 1 to {_LONGEST_URI} ASCII characters"
        )
    try:
        scheme = urlsplit(text).scheme
    except ValueError as error:
        raise UnknownAssetError(f"{text[:100]!r} is no URI: {error}") from None
    if scheme == "airflow":
        raise UnknownAssetError("Airflow keeps the scheme 'airflow' to itself")
    return text
