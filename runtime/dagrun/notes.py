"""What a pipeline notes about its tasks before any of them runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from runtime.callables import AirflowContext
from runtime.dagrun.handles import references
from runtime.dagrun.mapping import Expansion
from runtime.dagrun.rules import OLD_SPELLINGS, RULES
from runtime.exceptions import DagDefinitionError

Decides = Literal["branch", "short_circuit"]
Kind = Literal["task", "branch", "short_circuit"]
_TEARDOWN_RULE = "all_done_setup_success"


@dataclass(frozen=True)
class Scheduling:
    """What Airflow's scheduler is told about a task; the arguments of `DagRun.task`."""

    trigger_rule: str = "all_success"
    setup: bool = False
    teardown: bool = False
    on_failure_fail_dagrun: bool = False
    depends_on_past: bool = False
    wait_for_downstream: bool = False
    pool: str | None = None
    pool_slots: int = 1
    priority_weight: int = 1
    weight_rule: str = "downstream"
    max_active_tis_per_dagrun: int | None = None
    ignore_downstream_trigger_rules: bool = True
    on_skipped: Callable[[AirflowContext], Any] | None = None


@dataclass(frozen=True)
class Note:
    """A task: its step, its arguments, and when it runs.

    `after` are the ids it was told to follow; `upstream` are those and the tasks whose results it
    takes. `expansion` makes it a mapped task, `group` is the mapped group that it is in, and
    `part_of` is the Airflow task of which it is one of several steps.
    """

    id: str
    step: Any
    args: tuple[Any, ...] = ()
    kwargs: Mapping[str, Any] = field(default_factory=dict)
    after: tuple[str, ...] = ()
    kind: Kind = "task"
    scheduling: Scheduling = field(default_factory=Scheduling)
    expansion: Expansion | None = None
    group: str | None = None
    part_of: str | None = None

    def __post_init__(self) -> None:
        """Check what can be checked of one task by itself."""
        rule = self.scheduling.trigger_rule
        if rule not in RULES and rule not in OLD_SPELLINGS:
            raise DagDefinitionError(
                f"The task {self.id!r} has the trigger rule {rule!r}, which is none of Airflow's: "
                f"{', '.join(sorted(RULES))}."
            )

    @property
    def trigger_rule(self) -> str:
        """Give the rule by its present name; a teardown always has the one of teardowns."""
        if self.scheduling.teardown:
            return _TEARDOWN_RULE
        return OLD_SPELLINGS.get(self.scheduling.trigger_rule, self.scheduling.trigger_rule)

    @property
    def upstream(self) -> tuple[str, ...]:
        """Give the ids of the tasks directly upstream, each once."""
        taken = [*references(list(self.args)), *references(dict(self.kwargs))]
        if self.expansion is not None:
            taken.extend(self.expansion.references())
        ids = [task for reference in taken for task in reference.task_ids()]
        return tuple(dict.fromkeys([*self.after, *ids]))
