"""Run a graph of tasks to its end by Airflow's rules.

The scheduler sits still until a task ends or a moment is reached. It knows nothing of ZenML: tasks
are run by a `Launcher`.
"""

from __future__ import annotations

import logging
import queue
import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from runtime.dagrun import dependencies
from runtime.dagrun.arguments import make_start
from runtime.dagrun.decisions import Decisions, stopped_by
from runtime.dagrun.graph import Graph
from runtime.dagrun.launcher import Launcher, Outcome, Start
from runtime.dagrun.limits import Limits
from runtime.dagrun.notes import Note
from runtime.dagrun.patience import Patience
from runtime.dagrun.pool_queue import RETRY_SECONDS
from runtime.dagrun.rules import Verdict
from runtime.dagrun.states import (
    FAILED,
    RUNNING,
    SCHEDULED,
    SKIPPED,
    SUCCESS,
    UPSTREAM_FAILED,
)
from runtime.dagrun.table import UNMAPPED, Instance, Table
from runtime.exceptions import SkipTask

logger = logging.getLogger(__name__)

# Whether the past allows a task to run: yes, no and never will, or not yet.
Past = Callable[[Note], "bool | None"]
Watch = Callable[[Table], None]
_PAST_INTERVAL_SECONDS = 30.0


@dataclass(frozen=True)
class Options:
    """How a run as a whole is scheduled; see `DagRun`."""

    timeout_seconds: float | None = None
    fail_fast: bool = False


class Scheduler:
    """One run of a graph.

    `past` answers for tasks with `depends_on_past`; tasks that it holds back for ever stay without
    a state, as in Airflow, where the run would not end.
    """

    def __init__(
        self,
        graph: Graph,
        launcher: Launcher,
        limits: Limits | None = None,
        options: Options | None = None,
        past: Past | None = None,
        watch: Watch | None = None,
    ) -> None:
        """Take the graph, and what runs its tasks; `watch` is called when states may be new."""
        self.graph = graph
        self.table = Table(graph, launcher)
        self.timed_out = False
        self._launcher = launcher
        self._limits = limits or Limits()
        self._options = options or Options()
        self._past = past or (lambda note: True)
        self._watch = watch or (lambda table: None)
        self._events: queue.SimpleQueue[tuple[Instance, Outcome]] = queue.SimpleQueue()
        self._ready: deque[Instance] = deque()
        self._running: set[Instance] = set()
        self._held: set[str] = set()
        self._patience = Patience(self.table)
        self._decisions = Decisions(self.table)

    def run(self) -> Table:
        """Run all tasks that Airflow would run; gives the table of their final states."""
        deadline = self._deadline()
        self._settle(self.graph.order)
        self._start_ready()
        self._watch(self.table)
        while self._goes_on():
            events = self._next_events(deadline)
            if events:
                self._settle([task for event in events for task in self._finish(*event)])
            elif deadline is not None and time.monotonic() >= deadline:
                self._time_out()
                break
            else:
                self._settle([*self._held, *self._patience.tasks()])
            self._start_ready()
            self._watch(self.table)
        return self.table

    def _goes_on(self) -> bool:
        waits = self._waits_for_past() or self._patience.tasks() or self._waits_for_slots()
        return bool(self._running or waits)

    def _waits_for_slots(self) -> bool:
        """Tell whether a task waits for slots of a pool that another run has."""
        return bool(self._ready) and self._limits.waits

    def abort(self) -> list[Instance]:
        """Stop what runs, and call it failed; gives what was stopped."""
        stopped = sorted(self._running)
        for instance in stopped:
            self._launcher.stop(instance)
            self.table.set(instance, FAILED)
        self._running.clear()
        return stopped

    def _deadline(self) -> float | None:
        seconds = self._options.timeout_seconds
        return None if seconds is None else time.monotonic() + seconds

    def _waits_for_past(self) -> bool:
        """Tell whether a task waits for an earlier run that is still going on."""
        return any(self._past(self.graph.notes[task]) is None for task in self._held)

    def _next_events(self, deadline: float | None) -> list[tuple[Instance, Outcome]]:
        """Wait for an instance to end; gives it and all others that have ended by then."""
        waits = [] if deadline is None else [deadline - time.monotonic()]
        waits += [_PAST_INTERVAL_SECONDS] if self._held else []
        waits += [RETRY_SECONDS] if self._waits_for_slots() else []
        waits += self._patience.seconds()
        events = []
        try:
            events.append(self._events.get(timeout=max(0.0, min(waits)) if waits else None))
            while True:
                events.append(self._events.get_nowait())
        except queue.Empty:
            return events

    def _settle(self, tasks: Iterable[str]) -> None:
        """Apply the rules to tasks, then to what is downstream of those that changed, and so on.

        As in Airflow, all tasks of one turn are judged by the states at its beginning.
        """
        turn = list(dict.fromkeys(tasks))
        while turn:
            waiting = [one for task in turn for one in self.table.instances(task)]
            judged = [(one, self._judge(one)) for one in waiting if self.table.state(one) is None]
            changed = {one.task: None for one, verdict in judged if self._apply(one, verdict)}
            turn = list(dict.fromkeys(other for task in changed for other in self._affected(task)))

    def _affected(self, task: str) -> list[str]:
        """Give the tasks to look at again once a task's states have changed."""
        own = [task] if self.graph.expansions(task) else []
        return [*own, *self.graph.downstream[task], *self.graph.scoped.get(task, ())]

    def _judge(self, instance: Instance) -> tuple[Verdict, int]:
        """Apply the rules to an instance; gives the verdict, and in which round it falls."""
        level = dependencies.next_level(self.table, instance)
        if self._decisions.skip(instance):
            return Verdict(SKIPPED, may_run=False), level
        verdict = dependencies.check(self.table, instance)
        if verdict.state is not None and self._patience.holds(instance):
            return Verdict(None, may_run=False), level
        may_run = verdict.may_run and self._past_allows(instance)
        return Verdict(verdict.state, may_run), level

    def _apply(self, instance: Instance, judged: tuple[Verdict, int]) -> bool:
        """Do what the rules say; tells whether that changed states that others look at."""
        verdict, level = judged
        if verdict.state is not None:
            self.table.set(instance, verdict.state, level)
        if verdict.may_run and instance.map_index < 0 and self.graph.expansions(instance.task):
            self._expand(instance, level)
            return True
        if verdict.may_run and verdict.state is None:
            self.table.set(instance, SCHEDULED, level)
            self._ready.append(instance)
        return verdict.state is not None

    def _past_allows(self, instance: Instance) -> bool:
        note = self.graph.notes[instance.task]
        if not (note.scheduling.depends_on_past or note.scheduling.wait_for_downstream):
            return True
        if self._past(note):
            self._held.discard(instance.task)
            return True
        self._held.add(instance.task)
        return False

    def _expand(self, instance: Instance, level: int) -> None:
        """Make the instances of a mapped task, now that what it is mapped over is known.

        Source: `airflow.models.abstractoperator.AbstractOperator.expand_mapped_task`.
        """
        states = self.table.states[instance.task]
        count = self.table.count(instance.task)
        if not count:
            self.table.set(instance, UPSTREAM_FAILED if count is None else SKIPPED, level)
            return
        # What the rule has decided for the whole, Airflow hands on to the instances.
        state = states.pop(UNMAPPED)
        for index in range(count):
            self.table.set(Instance(instance.task, index), state, level if state else None)

    def _start_ready(self) -> None:
        """Start what is ready, as far as the limits admit; starting may end at once."""
        waiting = sorted(self._ready, key=self._rank)
        self._ready.clear()
        for position, instance in enumerate(waiting):
            if self.table.state(instance) != SCHEDULED:
                self._limits.drop(instance)
                continue  # A branch has skipped it meanwhile.
            if self._limits.full:
                self._ready.extend(waiting[position:])
                return
            note = self.graph.notes[instance.task]
            if not self._limits.admits(note, instance, -self._rank(instance)):
                self._ready.append(instance)
                continue
            self._limits.start(note)
            self._running.add(instance)
            self.table.set(instance, RUNNING)
            self._start(instance)

    def _rank(self, instance: Instance) -> int:
        """Airflow gives a place to what has the greatest weight first."""
        bound = self._limits.binds(self.graph.notes[instance.task])
        return -self.graph.weight(instance.task) if bound else 0

    def _start(self, instance: Instance) -> None:
        try:
            self._launcher.start(make_start(self.table, instance), self._done)
        except SkipTask as skip:  # From a function given to `handle.map`.
            self._done(instance, Outcome("skipped", skip))
        except Exception as error:
            logger.error("%s cannot start: %s", instance.label, error)
            note = self.graph.notes[instance.task]
            self._launcher.refuse(Start(note, instance), error, self._done)

    def _done(self, instance: Instance, outcome: Outcome) -> None:
        self._events.put((instance, outcome))

    def _finish(self, instance: Instance, outcome: Outcome) -> list[str]:
        """Take over how an instance ended; gives the tasks that this concerns."""
        if instance not in self._running:
            return []  # It was stopped, and its state is decided.
        self._running.discard(instance)
        self._limits.end(self.graph.notes[instance.task])
        self._limits.drop(instance)
        self.table.set(instance, outcome.state)
        changed = {instance.task}
        if outcome.state == SUCCESS:
            changed |= self._decide(instance)
        if self.table.state(instance) == FAILED and self._options.fail_fast:
            changed |= self._stop_others(instance)
        return [other for task in changed for other in (task, *self._affected(task))]

    def _decide(self, instance: Instance) -> set[str]:
        """Do what a branch, a short circuit, or a task that is mapped over does when it ends."""
        try:
            skipped = self._decisions.take(instance)
        except Exception as error:  # Also whatever reading a stored value raises.
            logger.error("%s fails: %s", instance.label, error)
            self.table.set(instance, FAILED)
            return set()
        return {self._force(other, SKIPPED, instance) for other in skipped}

    def _stop_others(self, failed: Instance) -> set[str]:
        """Stop the run but for its teardowns, as Airflow's `fail_stop`."""
        running, others = stopped_by(self.table, failed)
        return {
            *(self._force(other, FAILED, failed) for other in running),
            *(self._force(other, SKIPPED, failed) for other in others),
        }

    def _force(self, instance: Instance, state: str, cause: Instance | None = None) -> str:
        """Set a state whatever the present one is, as Airflow does; gives the instance's task.

        What runs is stopped.
        """
        if instance in self._running:
            self._running.discard(instance)
            self._limits.end(self.graph.notes[instance.task])
            self._limits.drop(instance)
            self._launcher.stop(instance)
        self.table.set(instance, state, self.table.level(cause) if cause else None)
        return instance.task

    def _time_out(self) -> None:
        """End the run: Airflow skips what has not ended when a DagRun times out."""
        self.timed_out = True
        for instance in self.table.unfinished():
            self._force(instance, SKIPPED)
