"""Arguments that Airflow's own functions and classes refuse, which is how a file fails to load.

Source: the signatures in Airflow 2.10.5 and 3.3.2. Operators are left out: their arguments are the
rules' matter.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from transpiler.evaluate.errors import DagCodeError
from transpiler.evaluate.interpreter import CallSite

_ASSET = "name=, uri=, *, group=, extra=, watchers=, access_control="
_CRON_TRIGGER = "*, timezone, interval=, run_immediately="
_ROWS: tuple[tuple[str, str], ...] = (
    (r"(?:Asset|Model)", _ASSET),
    (r"sdk\.(?:.*\.)?Dataset", _ASSET),
    (r"datasets\.Dataset", "uri, extra="),
    (r"datasets\.DatasetAlias", "name"),
    (r"AssetAlias", "name, *, group="),
    (r"AssetWatcher", "name, trigger"),
    (r"(?:Asset|Dataset)(?:All|Any)", "*objects"),
    (r"Label", "label"),
    (r"sdk\.Variable\.get", "key, default=, deserialize_json="),
    (r"models\.(?:variable\.)?Variable\.get", "key, default_var=, deserialize_json=, team_name="),
    (r"timetables\.trigger\.CronTriggerTimetable", f"cron, {_CRON_TRIGGER}"),
    (r"sdk\.CronTriggerTimetable", f"expression, {_CRON_TRIGGER}"),
    (r"timetables\.interval\.CronDataIntervalTimetable", "cron, timezone"),
    (r"sdk\.CronDataIntervalTimetable", "expression, timezone"),
    (r"MultipleCronTriggerTimetable", "*crons, timezone, interval=, run_immediately="),
    (r"DeltaDataIntervalTimetable", "delta"),
    (r"DeltaTriggerTimetable", "delta, *, interval="),
    (r"DatasetOrTimeSchedule", "*, timetable, datasets"),
    (r"AssetOrTimeSchedule", "*, timetable, assets"),
)
"""The end of a qualified name below `airflow`, and its parameters: `=` for a default, `*` as in
Python.
"""
_COMPILED = tuple((re.compile(rf"airflow\.(?:\w+\.)*{end}"), text) for end, text in _ROWS)


@dataclass(frozen=True)
class Signature:
    """Parameters of a function."""

    positional: tuple[str, ...]
    all: frozenset[str]
    required: tuple[str, ...]
    any_number: bool


def check(site: CallSite, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
    """Refuse a call that Airflow's signature refuses. Raises TypeError as Python does.

    A keyword that these releases of Airflow do not know is reported, since another might.
    """
    signature = signature_of(name)
    if signature is None:
        return
    last = name.rpartition(".")[2]
    names = signature.positional
    if len(args) > len(names) and not signature.any_number:
        text = f"{last}() takes {len(names)} positional arguments but {len(args)} were given"
        raise DagCodeError("TypeError", text, site.node)
    filled = set(names[: len(args)])
    if both := filled & set(kwargs):
        text = f"{last}() got multiple values for argument {min(both)!r}"
        raise DagCodeError("TypeError", text, site.node)
    if _unpacks(site):
        return
    missing = [one for one in signature.required if one not in filled and one not in kwargs]
    if missing:
        text = f"{last}() missing required argument: {missing[0]!r}"
        raise DagCodeError("TypeError", text, site.node)
    for unknown in sorted(set(kwargs) - signature.all):
        text = f"TypeError: {last}() got an unexpected keyword argument {unknown!r}"
        site.ip.report("D2Z109", site.node, site.frame, text)


def _unpacks(site: CallSite) -> bool:
    """Whether `**` brings arguments, of which some may not be known."""
    return any(arg.star == "**" for arg in getattr(site.node, "args", ()))


@lru_cache(maxsize=256)
def signature_of(name: str) -> Signature | None:
    """The signature of what has that qualified name; None where it is not in the table."""
    text = next((text for pattern, text in _COMPILED if pattern.fullmatch(name)), None)
    return None if text is None else _parsed(text)


def _parsed(text: str) -> Signature:
    positional: list[str] = []
    names: list[str] = []
    required: list[str] = []
    starred = any_number = False
    for part in text.split(", "):
        if part.startswith("*"):
            starred, any_number = True, len(part) > 1
            continue
        name = part.removesuffix("=")
        names.append(name)
        if not starred:
            positional.append(name)
        if name == part:
            required.append(name)
    return Signature(tuple(positional), frozenset(names), tuple(required), any_number)
