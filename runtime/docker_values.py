"""What Docker's API takes, as fields of a container's specification."""

from __future__ import annotations

import ast
import re
import shlex
from collections.abc import Mapping, Sequence
from typing import Any

_UNITS = {"": 1, "b": 1, "k": 2**10, "m": 2**20, "g": 2**30, "t": 2**40}
_MEMORY = re.compile(r"(\d+)([bkmgt]?)b?", re.IGNORECASE)


def words(command: str | Sequence[str] | None) -> list[str]:
    """Give the words of a command: a text is split as a shell does, unless it is a Python list."""
    if command is None:
        return []
    if isinstance(command, str) and command.strip().startswith("["):
        command = ast.literal_eval(command.strip())
    return shlex.split(command) if isinstance(command, str) else [str(word) for word in command]


def bytes_of(memory: float | str) -> str:
    """Give an amount of memory in bytes: `128m` is 128 MiB. Raises `ValueError`."""
    if not isinstance(memory, str):
        return str(int(memory))
    match = _MEMORY.fullmatch(memory.strip())
    if match is None:
        raise ValueError(f"{memory!r} is no amount of memory, such as 128m or 1g.")
    return str(int(match[1]) * _UNITS[match[2].lower()])


def variables(*environments: Mapping[str, Any] | None) -> dict[str, str]:
    """Lay environments over each other; a variable that is `None` is not set."""
    merged = {key: value for one in environments for key, value in (one or {}).items()}
    return {key: str(value) for key, value in merged.items() if value is not None}


def volumes_of(mounts: Sequence[str | Mapping[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """Give `volumes` and `volume_mounts` for Docker's mounts.

    A mount is `folder:target[:ro]`, or has `target`, `source`, `type` (`bind` or `tmpfs`) and
    `read_only`. Raises `ValueError` for other types: a volume has a name in one engine only.
    """
    volumes: list[dict[str, Any]] = []
    targets: list[dict[str, Any]] = []
    for number, mount in enumerate(mounts):
        one = _bind(mount) if isinstance(mount, str) else mount
        kind, name = one.get("type", "volume"), f"mount-{number}"
        if kind == "bind":
            volumes.append({"name": name, "hostPath": {"path": one["source"]}})
        elif kind == "tmpfs":
            volumes.append({"name": name, "emptyDir": {"medium": "Memory"}})
        else:
            raise ValueError(
                f"The mount of {one['target']!r} is of type {kind!r}; bind and tmpfs can be mounted."
            )
        target: dict[str, Any] = {"name": name, "mountPath": one["target"]}
        targets.append({**target, "readOnly": True} if one.get("read_only") else target)
    return {"volumes": volumes, "volume_mounts": targets}


def security_of(user: int | str) -> dict[str, Any]:
    """Give the security context of a user, as a number or `user:group` of numbers."""
    name, _, group = str(user).partition(":")
    return {"runAsUser": int(name), **({"runAsGroup": int(group)} if group else {})}


def _bind(text: str) -> dict[str, Any]:
    source, target, *options = text.split(":")
    if not source.startswith("/"):
        return {"source": source, "target": target, "type": "volume"}
    read_only = any("ro" in option.split(",") for option in options)
    return {"source": source, "target": target, "type": "bind", "read_only": read_only}
