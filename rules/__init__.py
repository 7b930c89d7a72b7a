"""Operator knowledge: one module per operator family. No other package knows an operator's name.

These folders hold no Airflow and no ZenML: a rule reads the arguments of a task and returns the
step call that stands for it.
"""

from __future__ import annotations

from rules.loading import RuleLoadError
from rules.registry import Example, Rule, RuleRegistry, rule

__all__ = ["Example", "Rule", "RuleLoadError", "RuleRegistry", "rule"]
