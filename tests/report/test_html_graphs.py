"""Pictures of graphs: layout, groups, folding, and that the same graph gives the same picture."""

from __future__ import annotations

import itertools
import random
import subprocess
import sys
from pathlib import Path

import pytest

from tests.report.html_reports import Page, document_of, flat_dag, grouped_dag, read, rendered
from transpiler.report.page.calls import StepWiring
from transpiler.report.page.drawing import Box, Drawing, drawn
from transpiler.report.page.folding import LIMIT, depths, folded
from transpiler.report.page.graph import Graph, Node
from transpiler.report.page.layout import placed
from transpiler.report.page.pictures import pictures_of


def node(key: str, group: str | None = None, sub: str = "Bash") -> Node:
    """A task."""
    return Node(key, key, sub, "mapped", (0,), group=group)


def graph(
    *edges: tuple[str, str], groups: dict[str, str | None] | None = None, **home: str
) -> Graph:
    """A graph of the edges; `home` is the group of a key."""
    keys = list(dict.fromkeys(key for edge in edges for key in edge))
    around = {name: (name, parent) for name, parent in (groups or {}).items()}
    return Graph(tuple(node(key, home.get(key)) for key in keys), edges, around)


def boxes(drawing: Drawing) -> dict[str, Box]:
    """The boxes by key."""
    return {box.node.key: box for box in drawing.boxes if box.node is not None}


def apart(first: Box, second: Box) -> bool:
    """Whether the boxes do not overlap."""
    return (
        first.x + first.width <= second.x
        or second.x + second.width <= first.x
        or first.y + first.height <= second.y
        or second.y + second.height <= first.y
    )


def inside(inner: Box, outer: Box) -> bool:
    """Whether a box lies in the other one."""
    return (
        outer.x <= inner.x
        and outer.y <= inner.y
        and inner.x + inner.width <= outer.x + outer.width
        and inner.y + inner.height <= outer.y + outer.height
    )


def random_graph(seed: int) -> Graph:
    """A graph with groups inside groups."""
    rng = random.Random(seed)
    groups: dict[str, tuple[str, str | None]] = {}
    for number in range(rng.randrange(5)):
        groups[f"g{number}"] = (f"g{number}", rng.choice([None, *groups]))
    nodes = [node(f"n{n}", rng.choice([None, *groups])) for n in range(rng.randrange(1, 25))]
    edges = {
        (a.key, b.key)
        for a, b in itertools.combinations(nodes, 2)
        if rng.random() < 1.5 / len(nodes)
    }
    return Graph(tuple(nodes), tuple(sorted(edges)), groups)


@pytest.mark.parametrize("seed", range(25))
def test_boxes_are_apart_and_in_their_frames(seed: int) -> None:
    one = random_graph(seed)
    (drawing,) = drawn([one], width=700)
    found = boxes(drawing)
    assert set(found) == {n.key for n in one.nodes}
    assert all(apart(a, b) for a, b in itertools.combinations(found.values(), 2))
    frames = {frame.label: frame for frame in drawing.frames}
    for each in one.nodes:
        if each.group:
            assert inside(found[each.key], frames[each.group])
        for label, frame in frames.items():
            around = set()
            group = each.group
            while group:
                around.add(group)
                group = one.groups[group][1]
            assert label in around or apart(found[each.key], frame)
    whole = Box(0, 0, drawing.width, drawing.height)
    assert all(inside(box, whole) for box in (*found.values(), *drawing.frames))
    assert len(drawing.edges) == len(one.edges)


def test_order_goes_down_or_to_the_right() -> None:
    chain = graph(("a", "b"), ("b", "c"), ("a", "c"))
    (down,) = drawn([chain])
    found = boxes(down)
    assert found["a"].y < found["b"].y < found["c"].y
    wide = graph(*(("start", f"t{n}") for n in range(14)))
    (right,) = drawn([wide])
    found = boxes(right)
    assert found["start"].x < found["t0"].x == found["t9"].x


def test_a_circle_and_a_lone_box_are_drawn() -> None:
    circle = graph(("a", "b"), ("b", "a"))
    lone = Graph((*circle.nodes, node("lone")), circle.edges)
    (drawing,) = drawn([lone])
    assert set(boxes(drawing)) == {"a", "b", "lone"}


def test_the_same_graph_gives_the_same_picture() -> None:
    code = (
        "from tests.report.test_html_graphs import random_graph\n"
        "from transpiler.report.page.drawing import drawn\n"
        "print([(e.path, d.width) for s in range(6) for d in drawn([random_graph(s)]) for e in d.edges])"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONHASHSEED": seed},
            cwd=Path(__file__).parents[2],
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(outputs) == 1


def test_the_layout_leaves_numpy_alone() -> None:
    code = (
        "import sys\n"
        "from transpiler.report.page.layout import placed\n"
        "placed({'a': (9.0, 9.0)}, [], 'topbottom')\n"
        "assert 'numpy' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parents[2])


def test_nothing_has_no_size() -> None:
    assert placed({}, [], "topbottom").width == 0


def test_few_boxes_stay_as_they_are() -> None:
    small = graph(("a", "b"), groups={"g": None}, a="g")
    assert folded(small) is small


def test_groups_are_closed_first_and_opened_by_themselves() -> None:
    tasks = tuple(node(f"g{g}.t{n}", f"g{g}") for g in range(3) for n in range(30))
    edges = tuple((f"g{g}.t{n}", f"g{g}.t{n + 1}") for g in range(3) for n in range(29))
    large = Graph(
        tasks, (*edges, ("g0.t29", "g1.t0")), {f"g{g}": (f"g{g}", None) for g in range(3)}
    )
    closed = folded(large)
    assert [one.label for one in closed.nodes] == ["g0", "g1", "g2"]
    assert closed.edges == ((closed.nodes[0].key, closed.nodes[1].key),)
    assert len(folded(large, "g1").nodes) == 30


def test_tasks_of_one_kind_between_the_same_are_stacked() -> None:
    edges = [("first", f"t{n}") for n in range(100)] + [(f"t{n}", "last") for n in range(100)]
    stacked = folded(graph(*edges))
    assert [one.label for one in stacked.nodes] == ["first", "t0 and 99 more", "last"]
    assert len(stacked.edges) == 2


def test_what_is_left_is_drawn_by_layers() -> None:
    chain = graph(*((f"t{n}", f"t{n + 1}") for n in range(3000)))
    banded = folded(chain)
    assert len(banded.nodes) <= LIMIT
    assert len(banded.edges) == len(banded.nodes) - 1
    assert banded.nodes[0].sub.startswith("layers 1 to ")


def test_depths_of_a_circle() -> None:
    assert depths("abc", [("a", "b"), ("b", "c"), ("c", "b")]) == {"a": 0, "b": 1, "c": 0}


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The page of a DAG of 200 tasks in groups."""
    (text,) = rendered(
        read(tmp_path_factory.mktemp("large"), {"large.py": grouped_dag(10, 20)})
    ).values()
    return text


def test_a_large_dag_opens_group_by_group(large: str) -> None:
    page = Page(large)
    opened = [a for a in page.of_class("node") if "data-open" in a]
    assert len({a["data-open"] for a in opened}) == 10
    assert len(page.of_class("graphs")) == 11
    assert len([a for a in page.of_class("graphs") if "hidden" in a]) == 10
    assert "Groups are closed" in page.text


def test_pictures_of_many_groups_are_bounded(tmp_path: Path) -> None:
    results = read(tmp_path, {"flat.py": flat_dag(70)})
    dag = document_of(results).files[0].dags[0]
    tasks = [
        dag.tasks[0].model_copy(
            update={
                "task_id": f"g{g}.t{n}",
                "group": f"g{g}",
                "upstream": [],
                "steps": [f"g{g}.t{n}"],
            }
        )
        for g in range(50)
        for n in range(40)
    ]
    many = dag.model_copy(update={"tasks": tasks})
    pictures = pictures_of(many, StepWiring(many, results[0].pipelines[0]))
    shown = sum(len(view.sides[0].drawing.boxes) for view in pictures.views)
    assert shown <= 950
    assert 0 < len(pictures.opens) < 50
