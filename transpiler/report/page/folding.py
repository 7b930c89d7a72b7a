"""Large graphs in few boxes: groups closed, tasks of one kind stacked, at last whole layers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from transpiler.report.page.graph import Graph, Node, worst

LIMIT = 60
"""Boxes of one picture; more of them nobody reads."""
_STACK = 4
"""Fewer tasks of one kind stay boxes of their own."""


def folded(graph: Graph, inside: str | None = None, limit: int = LIMIT) -> Graph:
    """What one picture shows of the graph, or of the inside of one of its groups."""
    part = _inside(graph, inside)
    if len(part.nodes) <= limit:
        return part
    for fold in (lambda g: _closed(g, inside), _stacked, _layered):
        part = fold(part)
        if len(part.nodes) <= limit:
            break
    return part


def _inside(graph: Graph, group: str | None) -> Graph:
    """The nodes below the group, and the edges among them."""
    if group is None:
        return graph
    nodes = tuple(node for node in graph.nodes if group in _chain(node.group, graph.groups))
    keys = {node.key for node in nodes}
    edges = tuple(edge for edge in graph.edges if keys.issuperset(edge))
    groups = {
        name: (label, None if parent == group else parent)
        for name, (label, parent) in graph.groups.items()
        if name != group and group in _chain(name, graph.groups)
    }
    return Graph(
        tuple(replace(n, group=None if n.group == group else n.group) for n in nodes), edges, groups
    )


def _chain(group: str | None, groups: Mapping[str, tuple[str, str | None]]) -> list[str]:
    """The group and those around it, the innermost first."""
    chain: list[str] = []
    while group is not None and group in groups:
        chain.append(group)
        group = groups[group][1]
    return chain


def _closed(graph: Graph, inside: str | None) -> Graph:
    """Each outermost group as one box."""

    def key(node: Node) -> str | None:
        chain = _chain(node.group, graph.groups)
        return chain[-1] if chain else None

    def box(group: str, nodes: list[Node]) -> Node:
        tasks = tuple(dict.fromkeys(number for node in nodes for number in node.tasks))
        return Node(
            f"{group}\0closed",
            graph.groups[group][0],
            f"group of {len(tasks)} tasks",
            worst(node.state for node in nodes),
            tasks,
            shape="group",
            opens=group,
        )

    return _merged(graph, key, box)


def _stacked(graph: Graph) -> Graph:
    """Tasks of one kind between the same neighbours as one box."""
    before, after = neighbours(graph)
    kinds = {
        node.key: repr((node.sub, node.shape, node.badge, before[node.key], after[node.key]))
        for node in graph.nodes
        if node.shape != "group"
    }
    sizes: dict[str, int] = defaultdict(int)
    for kind in kinds.values():
        sizes[kind] += 1

    def key(node: Node) -> str | None:
        kind = kinds.get(node.key)
        return kind if kind is not None and sizes[kind] >= _STACK else None

    return _merged(graph, key, lambda kind, nodes: _stack(nodes, nodes[0].sub))


def _layered(graph: Graph) -> Graph:
    """Bands of layers, each one box."""
    depth = depths([node.key for node in graph.nodes], graph.edges)
    bands = min(LIMIT // 2, max(depth.values(), default=0) + 1)
    height = (max(depth.values(), default=0) + bands) // bands

    def box(band: str, nodes: list[Node]) -> Node:
        first = int(band) * height + 1
        where = f"layer {first}" if height == 1 else f"layers {first} to {first + height - 1}"
        return _stack(nodes, where)

    return _merged(graph, lambda node: str(depth[node.key] // height), box)


def _stack(nodes: list[Node], sub: str) -> Node:
    tasks = tuple(dict.fromkeys(number for node in nodes for number in node.tasks))
    return replace(
        nodes[0],
        key=f"{nodes[0].key}\0stack",
        label=f"{nodes[0].label} and {len(nodes) - 1} more" if len(nodes) > 1 else nodes[0].label,
        sub=sub,
        state=worst(node.state for node in nodes),
        tasks=tasks,
        shape="stack",
        group=None,
        opens=None,
    )


def _merged(
    graph: Graph, key: Callable[[Node], str | None], box: Callable[[str, list[Node]], Node]
) -> Graph:
    """The graph with one box for all nodes of a key; groups that are left without node are gone."""
    members: dict[str, list[Node]] = defaultdict(list)
    nodes: list[Node | str] = []
    for node in graph.nodes:
        name = key(node)
        if name is None:
            nodes.append(node)
            continue
        if name not in members:
            nodes.append(name)
        members[name].append(node)
    boxes = {name: box(name, inner) for name, inner in members.items()}
    new = {n.key: boxes[name].key for name, inner in members.items() for n in inner}
    edges = ((new.get(a, a), new.get(b, b)) for a, b in graph.edges)
    kept = tuple(boxes[node] if isinstance(node, str) else node for node in nodes)
    used = {name for node in kept for name in _chain(node.group, graph.groups)}
    return Graph(
        kept,
        tuple(dict.fromkeys((a, b) for a, b in edges if a != b)),
        {name: value for name, value in graph.groups.items() if name in used},
    )


def neighbours(graph: Graph) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """The keys before and after each node, sorted."""
    before: dict[str, list[str]] = {node.key: [] for node in graph.nodes}
    after: dict[str, list[str]] = {node.key: [] for node in graph.nodes}
    for first, second in sorted(graph.edges):
        before[second].append(first)
        after[first].append(second)
    return before, after


def depths(keys: Iterable[str], edges: Iterable[tuple[str, str]]) -> dict[str, int]:
    """Length of the longest way to each key; what stands in a cycle has 0."""
    depth = dict.fromkeys(keys, 0)
    after: dict[str, list[str]] = defaultdict(list)
    waiting = dict.fromkeys(depth, 0)
    for first, second in set(edges):
        after[first].append(second)
        waiting[second] += 1
    ready = [key for key, number in waiting.items() if number == 0]
    while ready:
        key = ready.pop()
        for following in after[key]:
            depth[following] = max(depth[following], depth[key] + 1)
            waiting[following] -= 1
            if waiting[following] == 0:
                ready.append(following)
    return depth
