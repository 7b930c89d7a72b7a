"""The emitted graph test is written as Black would write it, though Black seldom sees it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.emit import factory
from transpiler.emit.graph_test import graph_test
from transpiler.emit.style import formatted

ids = st.text(st.sampled_from("ab_.-'\"\\\n# é"), min_size=1, max_size=12).map(str)
long_ids = st.one_of(ids, ids.map(lambda text: text * 20))


@settings(max_examples=25, deadline=None, database=None)
@given(
    st.lists(
        st.tuples(long_ids, st.lists(long_ids, max_size=5, unique=True)), min_size=1, max_size=4
    ),
    st.sampled_from(["static", "dynamic"]),
    ids,
)
def test_black_has_nothing_to_change(
    tasks: list[tuple[str, list[str]]], mode: str, dag_id: str
) -> None:
    accounts = tuple(
        factory.account(
            task_id,
            before,
            trigger_rule="all_done" if before else "all_success",
            steps=(task_id, "s"),
        )
        for task_id, before in tasks
    )
    text = graph_test(factory.pipeline_model(dag_id, mode=mode, tasks=accounts))
    assert text == formatted(text)


@pytest.mark.parametrize("params", [{}, {"market": "BE", "tenures": [6, 12]}])
def test_params(params: dict[str, object]) -> None:
    text = graph_test(factory.pipeline_model(params=params))
    assert text == formatted(text)
    assert ("params=" in text) == bool(params)
