"""What stands in for things that a DAG file needs and this machine lacks.

A load that fails says what it misses; the next one has a stand-in for that and nothing else, so
that a file's own `try: … except ImportError:` still finds missing what is missing. Facts that hang
on a stand-in prove nothing: the template fields of its operators are merely what was passed.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from transpiler.verify.airflow_facts import loading, processes
from transpiler.verify.airflow_facts.installing import install
from transpiler.verify.airflow_facts.stand_ins import TEXTS, StandIns

MAX_LOADS = 60
_GUARD = re.compile(rb"ImportError|ModuleNotFoundError|except\s*:|except Exception|find_spec")
# Another release of Airflow is no missing package: the file is judged by that release.
_NEVER = re.compile(r"airflow(\.sdk(\..*)?)?")
_MISSES = (
    ("module", re.compile(r"No module named '([\w.]+)'")),
    # A name of Airflow 1.10 that leads to a provider.
    ("module", re.compile(r"Could not import `(airflow\.providers\.\w+)")),
    ("name", re.compile(r"cannot import name '(\w+)' from '([\w.]+)'")),
    ("variables", re.compile(r"Variable \S+ (?:does not exist|not found)")),
    ("connection", re.compile(r"The conn_id `([^`]+)` isn't defined")),
)
_ENVIRONMENT = re.compile(
    r"File \"[^\"\n]*\bos(?:\.py|>)\", line \d+, in __getitem__\n.*?KeyError: '([^'\n]+)'$", re.S
)
# `env = os.environ.copy()`, then `env["NAME"]`.
_COPIED = re.compile(r"\benv\w*\[[^\n]*\n(?:[\s~^]*\n)?\s*KeyError: '([A-Z][A-Z0-9_]*)'$")


class Missing:
    """What the files of a run have missed so far: the next file is likely to miss it too."""

    def __init__(self) -> None:
        self.modules: frozenset[str] = frozenset()

    def inquiry(self, path: Path, roots: list[str]) -> processes.Inquiry:
        """Load the file, with one more stand-in each time, until it loads or nothing helps."""
        stand_ins = StandIns(modules=self._likely(path))
        for _ in range(MAX_LOADS):
            facts = yield partial(_load, path.absolute(), roots, stand_ins)
            more = _more(stand_ins, facts, roots) if facts["error"] else None
            if more is None:
                break
            stand_ins = more
        self.modules |= stand_ins.modules
        used = facts.pop("used", {"modules": [], "decorators": []})
        modules, decorators = frozenset(used["modules"]), frozenset(used["decorators"])
        described = replace(stand_ins, modules=modules, decorators=decorators).described()
        return {"path": str(path), **facts, "stand_ins": described}

    def _likely(self, path: Path) -> frozenset[str]:
        """Modules to begin with; none where the file has its own answer to a missing module."""
        try:
            answers = _GUARD.search(path.read_bytes())
        except OSError:
            answers = None
        return frozenset() if answers else self.modules


def _load(path: Path, roots: list[str], stand_ins: StandIns) -> dict[str, Any]:
    used = install(stand_ins)
    facts = loading.load(path, roots)
    return {**facts, "used": {kind: sorted(names) for kind, names in used.items()}}


def _more(now: StandIns, facts: dict[str, Any], roots: list[str]) -> StandIns | None:
    """The stand-ins for the next load, or None where the failure is of another kind."""
    more = now
    for kind, pattern in _MISSES:
        if match := pattern.search(facts["error"]):
            if kind not in ("module", "name") or not _kept_out(match.groups()[-1], roots):
                more = _ADD[kind](now, *match.groups())
            return more if more != now else None
    said = facts["traceback"] or ""
    if match := _ENVIRONMENT.search(said) or _COPIED.search(said):
        more = replace(now, environment=now.environment | {match[1]})
    elif now.environment and now.text + 1 < len(TEXTS):
        more = replace(now, text=now.text + 1)
    return more if more != now else None


def _kept_out(module: str, roots: list[str]) -> bool:
    """Whether nothing may stand in for a module: the project has it, or another Airflow.

    A folder `airflow` of the project is none of these: Airflow itself is there.
    """
    top = module.split(".")[0]
    if top == "airflow":
        return _NEVER.fullmatch(module) is not None
    places = [Path(root) / name for root in roots for name in (top, f"{top}.py")]
    return any(place.exists() for place in places)


_ADD: dict[str, Callable[..., StandIns]] = {
    "module": lambda now, name: replace(now, modules=now.modules | {name}),
    "name": lambda now, name, module: replace(now, names=now.names | {f"{module}:{name}"}),
    "variables": lambda now: replace(now, variables=True),
    "connection": lambda now, name: replace(now, connections=now.connections | {name}),
}
