"""Every way to write order, mixed."""

from datetime import datetime

from airflow import DAG
from airflow.decorators import task, task_group
from airflow.models.baseoperator import chain, chain_linear, cross_downstream
from airflow.operators.empty import EmptyOperator
from airflow.utils.edgemodifier import Label
from airflow.utils.task_group import TaskGroup

ARGS = {"start_date": datetime(2024, 1, 1), "schedule": None, "catchup": False}


def made(*names):
    return [EmptyOperator(task_id=name) for name in names]


@task
def number(x=None):
    return x


with DAG("shifts", **ARGS):
    a, b, c, d, e, f, g, h = made(*"abcdefgh")
    a >> [b, c] >> d << e
    [f, g] << a
    (b, c) >> h
    f << [g] << e
    x = number.override(task_id="x")()
    y = number.override(task_id="y")(x)
    [x, a] >> y >> (d, h)
    h << x.operator

with DAG("methods", **ARGS):
    a, b, c, d = made(*"abcd")
    a.set_downstream([b, c], edge_modifier=Label("both"))
    d.set_upstream([b, c])
    n = number()
    n.set_upstream(d)
    n.set_downstream(EmptyOperator(task_id="z"))
    for left, right in zip([a, b, c], [b, c, d], strict=True):
        left >> right
    [t >> EmptyOperator(task_id=f"after_{t.task_id}") for t in (a, b)]

with DAG("chains_all", **ARGS):
    a, b, c, d, e, f, g, h, i, j = made(*"abcdefghij")
    with TaskGroup("left") as left:
        l1, l2 = made("one", "two")
    with TaskGroup("right") as right:
        r1, r2 = made("one", "two")
        r1 >> r2
    chain(a, [b, c], [d, e], f)
    chain(f, Label("through"), left, right, number())
    chain(g, [Label("p"), Label("q")], [h, i], j)
    chain_linear(a, [b, c], [g, h], [], i)
    cross_downstream([a, b], [i, j])
    chain([left, c], [h, right])
    chain(*[x for x in (d, e, f) if x is not None])

with DAG("groups_in_order", **ARGS):
    start, end, lone = made("start", "end", "lone")
    with TaskGroup("empty") as empty:
        pass
    with TaskGroup("outer") as outer:
        with TaskGroup("inner") as inner:
            i1, i2 = made("i1", "i2")
        o1 = EmptyOperator(task_id="o1")
        inner >> o1
    start >> empty >> end
    [start, lone] >> outer >> Label("done") >> end
    outer << EmptyOperator(task_id="early")
    inner.set_upstream(EmptyOperator(task_id="gate"))
    outer.set_downstream([EmptyOperator(task_id="tail")])
    with outer:
        EmptyOperator(task_id="added_later")

with DAG("taskflow_order", **ARGS):

    @task_group
    def twice(value):
        first = number(value)
        return number.override(task_id="again")(first)

    one = number(1)
    two = twice(one)
    three = twice(two)
    number.override(task_id="last")([two, {"k": three}])
    twice(5) >> number(two)
