"""Service specifications, held strictly against the documented keys.

https://docs.snowflake.com/en/developer-guide/snowpark-container-services/specification-reference
"""

from __future__ import annotations

from typing import Any

import yaml

from runtime.warehouse.services.errors import StatementError

Keys = dict[str, Any]

_TEXT, _NUMBER, _ANY = str, int, object
_AMOUNTS: Keys = {"cpu": _ANY, "memory": _ANY, "nvidia.com/gpu": _ANY}
_SECRET: Keys = {
    "snowflakeSecret": {"objectName": _TEXT, "objectReference": _TEXT},
    "secretKeyRef": _TEXT,
    "envVarName": _TEXT,
    "directoryPath": _TEXT,
}
_CONTAINER: Keys = {
    "name": _TEXT,
    "image": _TEXT,
    "command": [_TEXT],
    "args": [_TEXT],
    "env": {"*": _ANY},
    "readinessProbe": {"port": _NUMBER, "path": _TEXT},
    "volumeMounts": [{"name": _TEXT, "mountPath": _TEXT}],
    "resources": {"requests": _AMOUNTS, "limits": _AMOUNTS},
    "secrets": [_SECRET],
}
_SPECIFICATION: Keys = {
    "spec": {
        "containers": [_CONTAINER],
        "endpoints": [
            {
                "name": _TEXT,
                "port": _NUMBER,
                "portRange": _TEXT,
                "public": bool,
                "protocol": _TEXT,
            }
        ],
        "volumes": [
            {"name": _TEXT, "source": _TEXT, "size": _TEXT, "uid": _NUMBER, "gid": _NUMBER}
        ],
        "logExporters": {"eventTableConfig": {"logLevel": _TEXT}},
    },
    "serviceRoles": [{"name": _TEXT, "endpoints": [_TEXT]}],
}


def read_specification(text: str) -> dict[str, Any]:
    """Read a specification. Raises `StatementError` for an unknown key and a wrong type."""
    try:
        document = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise _invalid(f"not YAML: {error}") from error
    _check(document, _SPECIFICATION, "")
    containers = document.get("spec", {}).get("containers") or []
    if not containers:
        raise _invalid("spec.containers: at least one container is needed")
    for container in containers:
        if not container.get("name") or not container.get("image"):
            raise _invalid("spec.containers: name and image are needed")
    return dict(document)


def _check(value: Any, keys: Any, path: str) -> None:
    if isinstance(keys, dict):
        if not isinstance(value, dict):
            raise _invalid(f"{path or 'specification'} must be a mapping")
        for key, item in value.items():
            here = f"{path}.{key}" if path else str(key)
            if key not in keys and "*" not in keys:
                raise _invalid(f"unknown option '{here}'")
            _check(item, keys.get(key, keys.get("*")), here)
    elif isinstance(keys, list):
        if not isinstance(value, list):
            raise _invalid(f"{path} must be a list")
        for at, item in enumerate(value):
            _check(item, keys[0], f"{path}[{at}]")
    elif not isinstance(value, keys):
        raise _invalid(f"{path} must be {keys.__name__}")


def _invalid(detail: str) -> StatementError:
    return StatementError(f"Invalid spec: {detail}.", 395018, "22023")
