"""Which class of Airflow's is the operator of a task."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

# Class names of Airflow 2 that stand for others now.
_ALIASES = {"DummyOperator": "EmptyOperator", "SimpleHttpOperator": "HttpOperator"}
# Modules of Airflow 1.10: many classes have other names since.
_OLD = re.compile(r"airflow\.contrib\.|airflow\.(operators|sensors)\.\w+_(operator|sensor)\.")


def same_operator(ours: str, facts: Mapping[str, Any]) -> bool:
    """Whether our operator is the class of Airflow's task, or the decorator that makes it.

    A user's subclass has the name of its own in Airflow, and that of its base with us.
    """
    path, name = facts["operator_path"], ours.rpartition(".")[2]
    if "Decorated" in path or "decorators" in ours or ours.startswith("airflow.sdk.task"):
        return "Decorated" in path or "decorat" in path
    if not path.startswith("airflow.") or _OLD.match(ours):
        return True
    return str(facts["operator"]) in (name, _ALIASES.get(name))


def is_stand_in(facts: Mapping[str, Any]) -> bool:
    """Whether the task's class stood in for one that is not installed."""
    return bool(facts.get("stand_in"))
