"""Declaring rules, and finding the rule of an operator."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from rules.loading import builtin_modules, entry_point_modules, modules_at

if TYPE_CHECKING:
    from types import ModuleType

    from transpiler.lower.lowering import Lowering
    from transpiler.lower.reader import TaskReader
    from transpiler.model.dag import Task
    from transpiler.model.pipeline import StepCall

RuleFunction: TypeAlias = "Callable[[TaskReader, Lowering], StepCall | list[StepCall]]"
NeedsDynamic: TypeAlias = "str | Callable[[TaskReader], str | None] | None"


@dataclass(frozen=True, slots=True)
class Example:
    """A DAG file and the pipeline that it becomes; test and documentation of a rule at once.

    `before` is a whole DAG file, `after` the body of the emitted pipeline function. `config` is a
    migration.yaml, for rules that ask it.
    """

    before: str
    after: str
    config: str = ""


@dataclass(frozen=True, eq=False)
class Rule:
    """How the tasks of some operators become steps."""

    operators: tuple[str, ...]
    function: RuleFunction
    docs: str
    examples: tuple[Example, ...]
    dynamic: NeedsDynamic = None
    subclasses: bool = False

    @property
    def name(self) -> str:
        """The name of the rule's function."""
        return self.function.__name__

    @property
    def module(self) -> str:
        """The module that the rule is defined in."""
        return self.function.__module__

    @property
    def summary(self) -> str:
        """What the rule does: the first paragraph of its docstring on one line."""
        return " ".join((inspect.getdoc(self.function) or "").split("\n\n")[0].split())

    def needs_dynamic(self, task: TaskReader) -> str | None:
        """Why a static pipeline cannot carry the task, in the words of a report; None where it
        can.
        """
        return self.dynamic(task) if callable(self.dynamic) else self.dynamic

    def __call__(self, task: TaskReader, to: Lowering) -> StepCall | list[StepCall]:
        """Translate one task. Raises UntranslatableError where it cannot be translated."""
        return self.function(task, to)


def rule(
    *operators: str,
    docs: str,
    examples: Sequence[Example],
    dynamic: NeedsDynamic = None,
    subclasses: bool = False,
) -> Callable[[RuleFunction], Rule]:
    """Declare a function as the rule of the operators with these qualified names.

    Name every path that Airflow has ever had the operator at. A rule without an example is refused
    with ValueError: examples are the rule's tests and its documentation.

    `dynamic` says why the operator needs a dynamic pipeline ("a branch decides what runs"), or is a
    function that tells it from the arguments of the one task, and gives None where it does not. It
    reads plain values and raises nothing.

    With `subclasses` it is the rule of classes that a project wrote over one of these, with work of
    their own (`execute`, `poke`), and not of the named classes themselves.
    """

    def declare(function: RuleFunction) -> Rule:
        if not operators:
            raise ValueError(f"rule {function.__name__} names no operator")
        if not examples:
            raise ValueError(f"rule {function.__name__} has no example")
        return Rule(operators, function, docs, tuple(examples), dynamic, subclasses)

    return declare


class RuleRegistry:
    """The rules of one run. A later rule wins over an earlier one for the same operator."""

    def __init__(self, rules: Iterable[Rule] = ()) -> None:
        self._rules: list[Rule] = []
        self._by_operator: dict[str, Rule] = {}
        self._by_base: dict[str, Rule] = {}
        for item in rules:
            self.add(item)

    @classmethod
    def load(cls, extra_paths: Sequence[Path] = ()) -> RuleRegistry:
        """Gather the built-in rules, those of installed packages (entry point group
        `dag2zen.rules`), and those in the files and folders named by the user, each winning over
        the ones before.

        The last two are code of the user, and are run with the user's rights: name only files that
        you trust. Raises RuleLoadError, which names the file, where a module cannot be loaded.
        """
        registry = cls()
        for module in (*builtin_modules(), *entry_point_modules(), *modules_at(extra_paths)):
            for item in _rules_of(module):
                registry.add(item)
        return registry

    def add(self, item: Rule) -> None:
        """Add one rule; it wins over those that are there."""
        self._rules.append(item)
        table = self._by_base if item.subclasses else self._by_operator
        table.update(dict.fromkeys(item.operators, item))

    def find(self, qualified_name: str) -> Rule | None:
        """The rule for an operator, or None."""
        return self._by_operator.get(qualified_name)

    def find_for(self, task: Task) -> Rule | None:
        """The rule for a task: that of its operator, else that of a project's own classes over the
        same base; or None.
        """
        found = self.find(task.operator)
        if found is not None or task.own_class is None:
            return found
        return self._by_base.get(task.own_class.base)

    def all(self) -> list[Rule]:
        """Every rule that decides for at least one operator, in the order of loading."""
        deciding = {*self._by_operator.values(), *self._by_base.values()}
        return [item for item in self._rules if item in deciding]


def _rules_of(module: ModuleType) -> Iterator[Rule]:
    """The rules that a module defines; those it imports belong to other modules."""
    for value in vars(module).values():
        if isinstance(value, Rule) and value.module == module.__name__:
            yield value
