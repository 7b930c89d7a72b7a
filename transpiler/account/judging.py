"""What became of each construct, from its findings, the models, and what reading has run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from transpiler.account.effects import effect_of
from transpiler.account.evidence import Evidence, Given
from transpiler.account.found import Found
from transpiler.account.silent import is_carried_by_every_task, is_silent
from transpiler.account.verdict import (
    MAPPED,
    NOT_REACHED,
    Verdict,
    not_used,
    of_findings,
    worst,
)
from transpiler.model.finding import Finding
from transpiler.model.pipeline import TaskAccount


@dataclass(frozen=True, eq=False)
class Facts:
    """What one module's constructs are held against."""

    evidence: Evidence
    findings: Mapping[int, list[Finding]]
    """By the identity of the construct."""
    tasks: Mapping[tuple[str, str], TaskAccount]
    """By ids of DAG and task."""
    task_findings: Mapping[tuple[str, str], list[Finding]]
    unused: frozenset[str]
    """Names that the module binds and nothing in it reads."""
    emitted: frozenset[str]
    docstrings: tuple[str, ...]
    outside: Mapping[int, str]
    imports: Mapping[str, str]
    origins: Mapping[str, str]
    """What was called to make the objects that names of the module stand for."""
    failure: Verdict | None = None
    """Why the file as a whole became nothing."""
    refused: Verdict | None = None
    """Why something that was made is in no DAG."""


@dataclass(eq=False)
class Judge:
    """Judges constructs of one module; parents come before what is in them."""

    facts: Facts
    verdicts: dict[int, Verdict] = field(default_factory=dict)

    def judge(self, item: Found) -> Verdict:
        """The verdict on one construct, which is remembered for what is inside it."""
        verdict = self._judge(item)
        self.verdicts[id(item)] = verdict
        return verdict

    def _judge(self, item: Found) -> Verdict:
        facts = self.facts
        if facts.failure is not None:
            return facts.failure
        reported = of_findings(facts.findings.get(id(item), ()))
        grave = ("manual",) if item.kind == "task" else ("manual", "approximated")
        if reported is not None and reported.disposition in grave:
            return reported
        if not item.executed:
            return reported or NOT_REACHED
        verdict = _BY_KIND.get(item.kind, _statement)(self, item)
        if reported is None:
            return verdict
        if verdict.disposition == "mapped":
            return reported
        return worst([verdict, reported])

    # Things that are made

    def task(self, item: Found) -> Verdict:
        """A task, as its account says it."""
        facts = self.facts
        made = [
            pair
            for start in item.starts
            for pair in facts.evidence.tasks.get((item.span.file, *start), ())
        ]
        if not made:
            return facts.refused or NOT_REACHED
        return worst(self._task(dag_id, task.task_id) for dag_id, task in made)

    def _task(self, dag_id: str, task_id: str) -> Verdict:
        facts = self.facts
        account = facts.tasks.get((dag_id, task_id))
        if account is None:
            return Verdict("manual", ("D2Z119",), "this tool failed on the DAG")
        if account.disposition == "mapped":
            return MAPPED
        found = of_findings(facts.task_findings.get((dag_id, task_id), ()))
        code = facts.evidence.failures.get((dag_id, task_id))
        codes = (*([code] if code else []), *(found.codes if found else ()))
        note = found.note if found else ""
        return Verdict(account.disposition, tuple(dict.fromkeys(codes)) or ("D2Z301",), note)

    def thing(self, item: Found) -> Verdict:
        """A DAG or group."""
        evidence = self.facts.evidence
        table = evidence.dags if item.kind == "dag" else evidence.groups
        places = [(item.span.file, *start) for start in item.starts]
        ids = [dag_id for place in places for dag_id in table.get(place, ())]
        if any(dag_id in evidence.unlowered for dag_id in ids):
            return Verdict("manual", ("D2Z119",), "this tool failed on the DAG")
        if ids or item.kind == "group":
            return MAPPED
        return self.facts.refused or Verdict(
            "not_needed", ("D2Z130",), "Airflow does not find this DAG"
        )

    def argument(self, item: Found) -> Verdict:
        """An argument: all that were not read have a finding, so the rest was translated."""
        evidence = self.facts.evidence
        given = [
            one
            for start in item.starts
            for one in evidence.arguments.get((item.span.file, *start), ())
        ]
        if given:
            return worst(self._given(one) for one in given)
        above = self.verdicts.get(id(item.parent)) if item.parent is not None else None
        if above is None or above.disposition == "mapped" or above.disposition == "approximated":
            return MAPPED
        if item.parent is not None and item.parent.kind == "task" and above.disposition == "manual":
            carried = is_carried_by_every_task(item.name) or item.name in ("dag", "task_group")
            return MAPPED if carried else self._of_failed_task(item, above)
        return above

    def _of_failed_task(self, item: Found, above: Verdict) -> Verdict:
        """An argument that a class of the project took; lost where the task's step raises."""
        assert item.parent is not None
        evidence = self.facts.evidence
        made = [
            (dag_id, task.task_id)
            for start in item.parent.starts
            for dag_id, task in evidence.tasks.get((item.span.file, *start), ())
        ]
        codes = [evidence.failures[key] for key in made if key in evidence.failures]
        if codes:
            return Verdict("manual", (codes[0],), "the step of this task raises")
        return MAPPED if made else above

    def _given(self, given: Given) -> Verdict:
        evidence = self.facts.evidence
        if given.dag_id in evidence.unlowered:
            return Verdict("manual", ("D2Z119",), "this tool failed on the DAG")
        if is_silent(given):
            return Verdict("not_needed", ("D2Z210",), "it is what Airflow does by itself")
        if given.task_id is None or is_carried_by_every_task(given.argument.name):
            return MAPPED
        code = evidence.failures.get((given.dag_id, given.task_id))
        if code is not None and given.argument.origin in ("task", "partial", "operator_class"):
            return Verdict("manual", (code,), "the step of this task raises")
        return MAPPED

    # Statements

    def import_(self, item: Found) -> Verdict:
        """An import: needed where its name is read."""
        if item.name.startswith("__future__."):
            return MAPPED
        if item.bound and all(name in self.facts.unused for name in item.bound):
            return not_used("nothing in the file reads the name")
        return MAPPED

    def definition(self, item: Found) -> Verdict:
        """A function or class: it makes the DAG, is in the output, or was run in reading."""
        place = (item.span.file, *item.starts[0])
        if item.idle:
            return Verdict(
                "not_needed", ("D2Z130",), "nothing that it makes is in a DAG of the file"
            )
        waiting = [self.facts.evidence.waiting.get((item.span.file, *s)) for s in item.starts]
        if item.builds or item.name in self.facts.emitted or place in self.facts.evidence.dags:
            return MAPPED
        code = next((code for code in waiting if code), None)
        if code is not None:
            return Verdict("manual", (code,), "the step that would call it raises")
        if item.name in self.facts.unused:
            return not_used("nothing in the file reads the name")
        return MAPPED

    def constant(self, item: Found) -> Verdict:
        """An assignment to plain names."""
        if item.builds or not all(name in self.facts.unused for name in item.bound):
            return MAPPED
        return not_used("nothing in the file reads the name")

    def docstring(self, item: Found) -> Verdict:
        """A docstring: that of the module or of a `@dag` function becomes the pipeline's."""
        text = item.text.strip("\"'rRuU… ").split("\\")[0][:40]
        if any(text in docstring for docstring in self.facts.docstrings):
            return MAPPED
        return not_used("the pipeline is documented by the DAG's own text")


def _statement(judge: Judge, item: Found) -> Verdict:
    effect = effect_of(item, judge.facts.outside, judge.facts.imports, judge.facts.origins)
    return effect or MAPPED


_BY_KIND: dict[str, Callable[[Judge, Found], Verdict]] = {
    "task": Judge.task,
    "dag": Judge.thing,
    "group": Judge.thing,
    "argument": Judge.argument,
    "callback": Judge.argument,
    "template": Judge.argument,
    "dag_argument": Judge.argument,
    "group_argument": Judge.argument,
    "default_argument": Judge.argument,
    "import": Judge.import_,
    "function": Judge.definition,
    "class": Judge.definition,
    "constant": Judge.constant,
    "docstring": Judge.docstring,
}
