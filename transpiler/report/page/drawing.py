"""A graph as a picture: boxes, frames of groups inside one another, and lines.

Each group is laid out by itself and stands as one box in the picture around it; a line between
tasks of different groups leads from box to box by the way of its outermost frames.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from transpiler.emit.text import visible
from transpiler.report.page.graph import Graph, Node
from transpiler.report.page.layout import Direction, Placement, Point, placed

_NARROW, _WIDE, _HEIGHT, _BADGE = 96, 236, 46, 19
_LETTER, _PADDING = 7.3, 36
LABEL = 27
"""Characters that fit into the widest box."""
_MARGIN, _FRAME, _HEAD = 10, 14, 24
_TALL = 1600
"""Pixels; a reader scrolls down more gladly than aside."""


@dataclass(frozen=True)
class Box:
    """A node, or the frame of a group, with its upper left corner and size."""

    x: float
    y: float
    width: float
    height: float
    node: Node | None = None
    label: str = ""


@dataclass(frozen=True)
class Edge:
    """A line as the data of an SVG path, from one key to another."""

    source: str
    target: str
    path: str


@dataclass(frozen=True)
class Drawing:
    """Frames (the outer ones first), boxes and lines, and the size of the whole."""

    frames: Sequence[Box]
    boxes: Sequence[Box]
    edges: Sequence[Edge]
    width: int
    height: int


def drawn(graphs: Sequence[Graph], width: int = 640) -> list[Drawing]:
    """The graphs of one view, all downwards or all to the right: as they are read best in columns
    so many pixels wide.
    """
    down = [_Picture(graph, "topbottom").drawing() for graph in graphs]
    if all(one.width <= width for one in down):
        return down
    right = [_Picture(graph, "leftright").drawing() for graph in graphs]
    return max(down, right, key=lambda way: min(_scale(one, width) for one in way))


def _scale(drawing: Drawing, width: int) -> float:
    return min(1.0, width / drawing.width, _TALL / drawing.height)


def shown(text: str, length: int = LABEL) -> str:
    """The text as it fits into a box."""
    text = visible(text)
    return text if len(text) <= length else f"{text[: length - 1]}…"


class _Picture:
    """One graph in one direction."""

    def __init__(self, graph: Graph, direction: Direction) -> None:
        self.graph = graph
        self.direction: Direction = direction
        self.parents = {name: _parent(name, graph) for name in graph.groups}
        self.home = {n.key: n.group if n.group in graph.groups else None for n in graph.nodes}
        self.members: dict[str | None, list[str]] = defaultdict(list)
        for name, parent in self.parents.items():
            self.members[parent].append(_frame(name))
        for node in graph.nodes:
            self.members[self.home[node.key]].append(node.key)
        self.levels = self._levels()
        self.sizes: dict[str, Point] = {node.key: _size(node) for node in graph.nodes}
        self.placements: dict[str | None, Placement] = {}
        self._place(None)

    def _levels(self) -> dict[str | None, list[tuple[str, str]]]:
        """The edges as each group sees them: between what stands in it."""
        levels: dict[str | None, list[tuple[str, str]]] = defaultdict(list)
        for source, target in self.graph.edges:
            level, pair = self._meeting(source, target)
            if pair[0] != pair[1]:
                levels[level].append(pair)
        return levels

    def _meeting(self, source: str, target: str) -> tuple[str | None, tuple[str, str]]:
        """The innermost group around both ends, and what stands for each of them in it."""
        first, second = self._way(source), self._way(target)
        for level, stands in first.items():
            if level in second:
                return level, (stands, second[level])
        raise AssertionError("every way leads to the outermost picture")

    def _way(self, key: str) -> dict[str | None, str]:
        """What stands for the node in each group around it, the innermost first."""
        way: dict[str | None, str] = {self.home[key]: key}
        group = self.home[key]
        while group is not None:
            parent = self.parents[group]
            way[parent] = _frame(group)
            group = parent
        return way

    def _place(self, group: str | None) -> Placement:
        for name, parent in self.parents.items():
            if parent == group:
                inner = self._place(name)
                self.sizes[_frame(name)] = (
                    max(inner.width, 7.0 * len(shown(self.graph.groups[name][0], 40))) + 2 * _FRAME,
                    inner.height + _FRAME + _HEAD,
                )
        sizes = {key: self.sizes[key] for key in self.members[group]}
        self.placements[group] = placed(sizes, self.levels[group], self.direction)
        return self.placements[group]

    def drawing(self) -> Drawing:
        """The picture with all coordinates."""
        corners: dict[str, Point] = {}
        origins: dict[str | None, Point] = {}
        frames = self._spread(None, (_MARGIN, _MARGIN), corners, origins)
        outer = self.placements[None]
        return Drawing(
            frames,
            [replace(self._box(node.key, corners), node=node) for node in self.graph.nodes],
            [Edge(a, b, self._line(a, b, corners, origins)) for a, b in self.graph.edges],
            round(outer.width + 2 * _MARGIN),
            round(outer.height + 2 * _MARGIN),
        )

    def _spread(
        self,
        group: str | None,
        origin: Point,
        corners: dict[str, Point],
        origins: dict[str | None, Point],
    ) -> list[Box]:
        origins[group] = origin
        for key, (x, y) in self.placements[group].corners.items():
            corners[key] = x + origin[0], y + origin[1]
        frames: list[Box] = []
        for name, parent in self.parents.items():
            if parent == group:
                x, y = corners[_frame(name)]
                label = shown(self.graph.groups[name][0], 40)
                frames.append(replace(self._box(_frame(name), corners), label=label))
                frames += self._spread(name, (x + _FRAME, y + _HEAD), corners, origins)
        return frames

    def _box(self, key: str, corners: Mapping[str, Point]) -> Box:
        (x, y), (width, height) = corners[key], self.sizes[key]
        return Box(round(x, 1), round(y, 1), round(width, 1), round(height, 1))

    def _line(
        self,
        source: str,
        target: str,
        corners: Mapping[str, Point],
        origins: Mapping[str | None, Point],
    ) -> str:
        level, pair = self._meeting(source, target)
        dx, dy = origins[level]
        bends = self.placements[level].bends.get(pair, ())
        start, end = self._box(source, corners), self._box(target, corners)
        points = [_exit(start, self.direction), *((x + dx, y + dy) for x, y in bends)]
        return _curve([*points, _entry(end, self.direction)], self.direction)


def _parent(name: str, graph: Graph) -> str | None:
    parent = graph.groups[name][1]
    return parent if parent in graph.groups else None


def _frame(group: str) -> str:
    return f"\0frame {group}"


def _size(node: Node) -> Point:
    height = _HEIGHT + (_BADGE if node.badge else 0)
    letters = max(len(shown(node.label)), 0.86 * len(shown(node.sub)), 0.84 * len(node.badge))
    return float(round(min(max(_NARROW, letters * _LETTER + _PADDING), _WIDE))), float(height)


def _exit(box: Box, direction: Direction) -> Point:
    if direction == "topbottom":
        return box.x + box.width / 2, box.y + box.height
    return box.x + box.width, box.y + box.height / 2


def _entry(box: Box, direction: Direction) -> Point:
    if direction == "topbottom":
        return box.x + box.width / 2, box.y
    return box.x, box.y + box.height / 2


def _curve(points: Sequence[Point], direction: Direction) -> str:
    """A smooth line that leaves and enters each point along the direction."""
    parts = [f"M{_at(points[0])}"]
    for (x1, y1), (x2, y2) in zip(points, points[1:], strict=False):
        if direction == "topbottom":
            bend = (y2 - y1) / 2
            first, second = (x1, y1 + bend), (x2, y2 - bend)
        else:
            bend = (x2 - x1) / 2
            first, second = (x1 + bend, y1), (x2 - bend, y2)
        parts.append(f"C{_at(first)} {_at(second)} {_at((x2, y2))}")
    return "".join(parts)


def _at(point: Point) -> str:
    return f"{point[0]:.0f} {point[1]:.0f}"
