"""Layered layout of a flat graph, by grandalf's Sugiyama drawing.

The one module that knows the layout library: sizes and edges go in, places and routes come out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal, TypeAlias

Direction = Literal["topbottom", "leftright"]
Point: TypeAlias = tuple[float, float]
_LAYER_GAP, _NODE_GAP, _PART_GAP = 38.0, 24.0, 30.0
_ROUNDS = 2.0
"""Passes over the layers that look for fewer crossings; more change little up to 60 boxes."""


@dataclass(frozen=True)
class Placement:
    """Upper left corners by key, the bends of the edges that have some, and the size of all."""

    corners: Mapping[str, Point]
    bends: Mapping[tuple[str, str], Sequence[Point]]
    width: float
    height: float


@dataclass
class _View:
    """What grandalf asks of a vertex: its size; it answers with the centre."""

    w: float
    h: float
    xy: Point = (0.0, 0.0)


class _Line:
    """What grandalf asks of an edge; it answers with the points, ends included."""

    points: Sequence[Point] = ()

    def setpath(self, points: Sequence[Point]) -> None:
        self.points = list(points)


def placed(
    sizes: Mapping[str, Point], edges: Iterable[tuple[str, str]], direction: Direction
) -> Placement:
    """Place boxes of the sizes (width, height), in layers along the direction.

    Parts that no edge joins stand side by side. The same input gives the same places.
    """
    turned = direction == "leftright"
    vertices, components = _components({k: _turn(s, turned) for k, s in sizes.items()}, edges)
    corners: dict[str, Point] = {}
    bends: dict[tuple[str, str], Sequence[Point]] = {}
    across = along = 0.0
    for component in components:
        _draw(component)
        low, high = _bounds(component)
        shift = across - low[0], -low[1]
        for vertex in component.sV:
            x, y = vertex.view.xy
            corner = x - vertex.view.w / 2 + shift[0], y - vertex.view.h / 2 + shift[1]
            corners[vertex.data] = _turn(corner, turned)
        for edge in component.sE:
            inner = [(x + shift[0], y + shift[1]) for x, y in edge.view.points[1:-1]]
            bends[edge.data] = [_turn(point, turned) for point in inner]
        across += high[0] - low[0] + _PART_GAP
        along = max(along, high[1] - low[1])
    width, height = _turn((max(across - _PART_GAP, 0.0), along), turned)
    return Placement({key: corners[key] for key in vertices}, bends, width, height)


@lru_cache(maxsize=1)
def _sugiyama() -> Any:
    """The layout's class. grandalf takes NumPy where it is installed, for another layout than this
    one; its import takes longer than a page, so grandalf is given its own matrices.
    """
    import sys

    hidden = {"numpy": None} if "numpy" not in sys.modules else {}
    sys.modules.update(hidden)  # type: ignore[arg-type]
    try:
        from grandalf.layouts import SugiyamaLayout
    finally:
        for name in hidden:
            del sys.modules[name]
    return SugiyamaLayout


def _components(
    sizes: Mapping[str, Point], edges: Iterable[tuple[str, str]]
) -> tuple[list[str], list[Any]]:
    _sugiyama()
    from grandalf.graphs import Edge, Graph, Vertex

    class _Edge(Edge):  # type: ignore[misc]
        """grandalf keeps edges in sets: their order must not depend on where objects lie."""

        def __hash__(self) -> int:
            return int(self.number)

    vertices = {key: Vertex(key) for key in sizes}
    for key, (width, height) in sizes.items():
        vertices[key].view = _View(width, height)
    lines = []
    for number, pair in enumerate(dict.fromkeys(edges)):
        line = _Edge(vertices[pair[0]], vertices[pair[1]], data=pair)
        line.number, line.view = number, _Line()
        lines.append(line)
    graph = Graph(list(vertices.values()), lines)
    order = {key: number for number, key in enumerate(sizes)}
    return list(sizes), sorted(graph.C, key=lambda part: min(order[v.data] for v in part.sV))


def _draw(component: Any) -> None:
    drawing = _sugiyama()(component)
    drawing.xspace, drawing.yspace = _NODE_GAP, _LAYER_GAP
    drawing.init_all(optimize=True)
    drawing.draw(_ROUNDS)


def _bounds(component: Any) -> tuple[Point, Point]:
    views = [vertex.view for vertex in component.sV]
    bends = [point for edge in component.sE for point in edge.view.points[1:-1]]
    left = [v.xy[0] - v.w / 2 for v in views] + [x for x, _ in bends]
    right = [v.xy[0] + v.w / 2 for v in views] + [x for x, _ in bends]
    return (
        (min(left), min(v.xy[1] - v.h / 2 for v in views)),
        (max(right), max(v.xy[1] + v.h / 2 for v in views)),
    )


def _turn(point: Point, turned: bool) -> Point:
    return (point[1], point[0]) if turned else point
