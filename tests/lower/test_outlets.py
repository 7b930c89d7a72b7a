"""What becomes of `outlets` and `inlets`."""

from __future__ import annotations

from typing import Any

import pytest

from tests.lower.factory import span, task
from transpiler.lower.assets import shown
from transpiler.lower.outlets import outlets_of
from transpiler.model.values import Call, Symbolic


def call(func: str, *args: Any, **kwargs: Any) -> Call:
    return Call(func, args, kwargs, f"{func.rpartition('.')[2]}(…)", span())


DATASET = call("airflow.datasets.Dataset", "s3://lake/orders", {"team": "x"})


@pytest.mark.parametrize(
    ("value", "assets"),
    [
        pytest.param(None, (), id="none"),
        pytest.param([], (), id="empty"),
        pytest.param([DATASET], ("s3://lake/orders",), id="Airflow 2"),
        pytest.param(DATASET, ("s3://lake/orders",), id="not in a list"),
        pytest.param(
            [Call("airflow.sdk.Asset", (), {"name": "orders", "uri": "s3://o"}, "", span())],
            ({"name": "orders", "uri": "s3://o"},),
            id="name and URI",
        ),
        pytest.param([call("airflow.sdk.AssetAlias", "lake")], ({"alias": "lake"},), id="alias"),
    ],
)
def test_assets_that_the_step_updates(value: Any, assets: tuple[Any, ...]) -> None:
    found = outlets_of(task(outlets=value))
    assert (found.assets, found.findings) == (assets, ())
    assert (found.hook is not None) == bool(assets)


@pytest.mark.parametrize(
    ("value", "code", "why"),
    [
        (Symbolic("ALL", "unknown"), "D2Z241", "ALL is not updated"),
        ([call("airflow.datasets.Dataset", Symbolic("X", ""))], "D2Z241", "only when the file"),
        (
            [Call("airflow.sdk.Asset.ref", (), {"name": "o"}, "ref", span())],
            "D2Z241",
            "URI of the asset 'o'",
        ),
        ([call("airflow.lineage.entities.File", "/x")], "D2Z210", "lineage"),
    ],
)
def test_assets_that_it_does_not(value: Any, code: str, why: str) -> None:
    found = outlets_of(task(outlets=value))
    (only,) = found.findings
    assert (only.code, found.hook) == (code, None)
    assert why in only.message


def test_no_outlets() -> None:
    assert outlets_of(task()).assets == ()


def test_conditions_as_text() -> None:
    assert shown({"any": ["a", {"all": ["b", {"alias": "c"}, {"name": "d"}]}]}) == (
        "a | (b & alias(c) & d)"
    )
