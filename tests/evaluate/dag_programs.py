"""Random programs that build DAGs, with the graph that they must give.

A program is built up by steps that write code and note the tasks and edges that it makes, by the
plainest reading of Airflow's rules: no evaluator, no shared code.
"""

from __future__ import annotations

from hypothesis import strategies as st

from tests.evaluate.expected_graph import Expected, Step

HEAD = """\
from airflow import DAG
from airflow.decorators import task, task_group
from airflow.models.baseoperator import chain, cross_downstream
from airflow.operators.bash import BashOperator
from airflow.operators.empty import EmptyOperator
from airflow.utils.task_group import TaskGroup


class Echo(BashOperator):
    def __init__(self, text, **kwargs):
        super().__init__(bash_command="echo " + text, **kwargs)


@task
def pass_on(value=None):
    return value


def make(name, width):
    return [EmptyOperator(task_id=f"{name}_{i}") for i in range(width)]


"""


def one_task(kind: str) -> Step:
    """A task by an operator class, a subclass, or a `@task` function."""

    def step(to: Expected) -> list[str]:
        name = to.fresh()
        if kind == "function":
            to.write("@task")
            to.write(f"def {name}(): return 1")
            to.write(f"{name}_made = {name}()")
        elif kind == "subclass":
            to.write(f'{name}_made = Echo(text="{name}", task_id="{name}")')
        else:
            to.write(f'{name}_made = EmptyOperator(task_id="{name}")')
        to.write(f'made["{name}"] = {name}_made')
        return [to.add(name)]

    return step


def factory(width: int) -> Step:
    """Tasks of a function that is called in the program."""

    def step(to: Expected) -> list[str]:
        name = to.fresh()
        to.write(f'made["{name}"] = make("{name}", {width})')
        return [to.add(f"{name}_{i}") for i in range(width)]

    return step


def loop(outer: int, inner: int, linked: bool) -> Step:
    """A nested loop, whose tasks follow each other in each turn of the outer one, if `linked`."""

    def step(to: Expected) -> list[str]:
        name = to.fresh()
        to.write(f"for i in range({outer}):")
        to.write("    last = None")
        to.write(f"    for j in range({inner}):")
        to.write(f'        one = EmptyOperator(task_id=f"{name}_{{i}}_{{j}}")')
        to.write(f"        if last is not None and {linked}:")
        to.write("            last >> one")
        to.write("        last = one")
        for i in range(outer):
            ids = [to.add(f"{name}_{i}_{j}") for j in range(inner)]
            for before, after in zip(ids, ids[1:], strict=False):
                if linked:
                    to.edge(before, after)
        return []

    return step


def chained(left: int, right: int, how: str) -> Step:
    """Two rows of tasks in order: `>>` over a middle task, `chain`, or `cross_downstream`."""

    def step(to: Expected) -> list[str]:
        name = to.fresh()
        width = left if how == "chain" else right
        to.write(f'{name}_a, {name}_b = make("{name}_a", {left}), make("{name}_b", {width})')
        firsts = [to.add(f"{name}_a_{i}") for i in range(left)]
        lasts = [to.add(f"{name}_b_{i}") for i in range(width)]
        if how == "shift":
            to.write(f'{name}_m = EmptyOperator(task_id="{name}_m")')
            to.write(f"{name}_a >> {name}_m >> {name}_b")
            middle = to.add(f"{name}_m")
            for one in firsts:
                to.edge(one, middle)
            for one in lasts:
                to.edge(middle, one)
        elif how == "chain":
            to.write(f"chain({name}_a, {name}_b)")
            for before, after in zip(firsts, lasts, strict=True):
                to.edge(before, after)
        else:
            to.write(f"cross_downstream({name}_a, {name}_b)")
            for before in firsts:
                for after in lasts:
                    to.edge(before, after)
        to.write(f'made["{name}"] = {name}_b')
        return lasts

    return step


def passed_on(depth: int, together: bool) -> Step:
    """Calls of one `@task` function that pass values on: one after another, or all to the last."""

    def step(to: Expected) -> list[str]:
        name = to.fresh()
        to.write(f"{name} = [pass_on()]")
        ids = [to.call()]
        for _ in range(depth):
            if together:
                to.write(f"{name}.append(pass_on([*{name}]))")
            else:
                to.write(f"{name}.append(pass_on({name}[-1]))")
            after = to.call()
            for before in ids if together else ids[-1:]:
                to.edge(before, after)
            ids.append(after)
        return ids[-1:]

    return step


def mapped(by_output: bool, classic: bool) -> Step:
    """A mapped task, over known values or over what another task returns."""

    def step(to: Expected) -> list[str]:
        name = to.fresh()
        befores = []
        if by_output:
            to.write(f"{name}_values = pass_on([1, 2])")
            befores = [to.call()]
        over = f"{name}_values" if by_output else '["a", "b"]'
        if classic:
            to.write(f'{name} = BashOperator.partial(task_id="{name}", retries=2)')
            to.write(f"{name} = {name}.expand(bash_command={over})")
            made = to.add(name)
        else:
            to.write(f"{name} = pass_on.expand(value={over})")
            made = to.call()
        for before in befores:
            to.edge(before, made)
        return [made]

    return step


def lifecycle(width: int, in_context: bool) -> Step:
    """A setup, work and a teardown that is named after its setup."""

    def step(to: Expected) -> list[str]:
        name = to.fresh()
        to.write(f'{name}_s, {name}_t = make("{name}_s", 1)[0], make("{name}_t", 1)[0]')
        start, end = to.add(f"{name}_s_0"), to.add(f"{name}_t_0")
        if in_context:
            to.write(f"with {name}_t.as_teardown(setups={name}_s):")
            to.write(f'    {name}_w = make("{name}_w", {width})')
        else:
            to.write(f'{name}_w = make("{name}_w", {width})')
            to.write(f"{name}_s >> {name}_w >> {name}_t.as_teardown(setups={name}_s)")
        to.edge(start, end)
        to.setups[end] = start
        for work in [to.add(f"{name}_w_{i}") for i in range(width)]:
            to.edge(start, work)
            to.edge(work, end)
        return [end]

    return step


def named_order(width: int, downstream: bool) -> Step:
    """Order by `set_upstream` and `set_downstream`, of a task and a list."""

    def step(to: Expected) -> list[str]:
        name = to.fresh()
        to.write(f'{name}, {name}_all = make("{name}", 1)[0], make("{name}_all", {width})')
        one, rest = to.add(f"{name}_0"), [to.add(f"{name}_all_{i}") for i in range(width)]
        to.write(f"{name}.set_{'downstream' if downstream else 'upstream'}({name}_all)")
        for other in rest:
            to.edge(*((one, other) if downstream else (other, one)))
        return rest if downstream else [one]

    return step


def group(steps: list[Step], decorated: bool, then: bool) -> Step:
    """Steps inside a TaskGroup or `@task_group`, and a task after the group, if `then`."""

    def step(to: Expected) -> list[str]:
        name = to.fresh()
        if decorated:
            to.write(f'@task_group(group_id="{name}")')
            to.write(f"def {name}_body():")
        else:
            to.write(f'with TaskGroup("{name}") as {name}_group:')
        to.prefix = (*to.prefix, name)
        known = set(to.upstream)
        for inner in steps or [one_task("operator")]:
            inner(to)
        inside = [task_id for task_id in to.upstream if task_id not in known]
        to.prefix = to.prefix[:-1]
        if decorated:
            to.write(f"{name}_group = {name}_body()")
        if not then:
            return []
        to.write(f'{name}_group >> EmptyOperator(task_id="{name}_after")')
        after = to.add(f"{name}_after")
        work = [task_id for task_id in inside if task_id not in to.setups]
        befores = {one for task_id in work for one in to.upstream[task_id]}
        for end in set(inside).difference(work):  # a group ends before its teardowns
            for last in to.upstream[end] - {to.setups[end]} - befores:
                to.edge(last, after)
        ended = befores.union(*(to.upstream[end] for end in set(inside).difference(work)))
        for task_id in set(work) - ended:
            to.edge(task_id, after)
        return [after]

    return step


def upstream_of_all(to: Expected, count: int) -> None:
    """A last task of the DAG after some of the tasks, by `dag.tasks`."""
    before = list(to.upstream)[:count]
    to.write(f"chosen = dag.tasks[:{count}]")
    to.write('chosen >> EmptyOperator(task_id="end") if chosen else EmptyOperator(task_id="end")')
    end = to.add("end")
    for task_id in before:
        to.edge(task_id, end)


_SMALL = st.integers(1, 3)
_STEPS = st.recursive(
    st.one_of(
        st.sampled_from(["operator", "subclass", "function"]).map(one_task),
        _SMALL.map(factory),
        st.builds(loop, _SMALL, _SMALL, st.booleans()),
        st.builds(chained, _SMALL, _SMALL, st.sampled_from(["shift", "chain", "cross"])),
        st.builds(passed_on, _SMALL, st.booleans()),
        st.builds(mapped, st.booleans(), st.booleans()),
        st.builds(lifecycle, _SMALL, st.booleans()),
        st.builds(named_order, _SMALL, st.booleans()),
    ),
    lambda inner: st.builds(group, st.lists(inner, max_size=3), st.booleans(), st.booleans()),
    max_leaves=5,
)


@st.composite
def programs(draw: st.DrawFn) -> tuple[str, dict[str, set[str]]]:
    """The text of a program with one DAG, and the upstream ids of each of its tasks."""
    to = Expected()
    to.write("made = {}")
    for step in draw(st.lists(_STEPS, min_size=1, max_size=4)):
        step(to)
    upstream_of_all(to, draw(st.integers(0, 4)))
    head = f'{HEAD}with DAG("d", schedule=None) as dag:\n'
    return head + "\n".join(to.lines) + "\n", to.upstream
