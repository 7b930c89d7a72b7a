"""Predictions by the open inference protocol, and what may go wrong on the way."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pandas as pd
import pytest

from runtime.config import PlatformConfig
from runtime.platforms import BasePlatform, create_platform
from runtime.platforms.errors import PlatformConnectionError, ServedModelError
from tests.runtime.platforms.fake_kserve import FakeModels, fake_models

Make = Callable[..., BasePlatform]
FRAME = pd.DataFrame({"a": np.arange(1000.0), "b": np.arange(1000), "c": np.float32(0.5)})
EXPECTED = (FRAME["a"] + FRAME["b"] + 0.5).tolist()


@pytest.fixture
def models() -> Iterator[FakeModels]:
    with fake_models() as found:
        yield found


@pytest.fixture
def make(models: FakeModels) -> Make:
    def platform(**config: Any) -> BasePlatform:
        settings = {"url": models.url, "attempts": 3, "retry_seconds": 0.01, **config}
        return create_platform(PlatformConfig(type="kserve", config=settings))

    return platform


@pytest.mark.parametrize("binary", [True, False])
def test_rows_keep_their_order_over_requests_in_flight(
    binary: bool, models: FakeModels, make: Make
) -> None:
    models.binary = binary
    predicted = make(rows_a_request=7, requests_in_flight=5).predict("ltv", FRAME)
    assert predicted.tolist() == EXPECTED
    assert len(models.requests) == 143
    assert set(models.requests) == {"/v2/models/ltv/infer"}


def test_types_of_columns(models: FakeModels, make: Make) -> None:
    frame = pd.DataFrame(
        {
            "f": [1.5, np.nan],
            "i": np.array([1, 2], dtype="int32"),
            "y": [True, False],
            "t": ["é", ""],
            "d": pd.to_datetime(["2024-01-02", "2024-01-03"]),
        }
    )
    with pytest.raises(ServedModelError, match="1 values that are not finite"):
        make().predict("m", frame)
    told = {tensor["name"]: tensor for tensor in models.inputs}
    assert [told[name]["datatype"] for name in "fiytd"] == [
        "FP64",
        "INT32",
        "BOOL",
        "BYTES",
        "BYTES",
    ]
    assert told["t"]["parameters"]["binary_data_size"] == 10
    assert told["f"]["shape"] == [2]
    with pytest.raises(ServedModelError, match="column 't' of type .* has 1 missing"):
        make().predict("m", pd.DataFrame({"t": ["a", None]}))


def test_a_server_of_v1_only(models: FakeModels, make: Make) -> None:
    models.protocols = {"v1"}
    assert make(rows_a_request=300).predict("ltv", FRAME).tolist() == EXPECTED
    assert set(models.requests) == {"/v1/models/ltv:predict"} and len(models.requests) == 4
    models.protocols = {"v2"}
    assert make(protocol="v1").predict("m", FRAME.head(1)).tolist() == EXPECTED[:1]
    assert make(protocol="v2").predict("m", FRAME.head(1)).tolist() == EXPECTED[:1]


def test_nothing_to_predict(models: FakeModels, make: Make) -> None:
    assert make().predict("m", FRAME.head(0)).shape == (0,)
    assert models.requests == []


@pytest.mark.parametrize("statuses", [[503], [0], [429, 502], [0, 503]])
def test_what_passes_is_asked_again(statuses: list[int], models: FakeModels, make: Make) -> None:
    models.statuses = list(statuses)
    assert make(rows_a_request=2000).predict("m", FRAME).tolist() == EXPECTED
    assert len(models.requests) == 1 + len(statuses)


def test_a_server_that_dies_in_the_middle(models: FakeModels, make: Make) -> None:
    models.statuses = [200, 200] + [0] * 500
    with pytest.raises(
        PlatformConnectionError, match="not answer in 3 attempts.*run the step again"
    ):
        make(rows_a_request=100, requests_in_flight=2).predict("m", FRAME)


def test_an_overloaded_server_says_so(models: FakeModels, make: Make) -> None:
    models.statuses = [503] * 9
    with pytest.raises(PlatformConnectionError, match="status 503: model is unhappy"):
        make(rows_a_request=2000).predict("m", FRAME)


def test_an_error_of_the_model_is_not_repeated(models: FakeModels, make: Make) -> None:
    models.statuses = [500]
    with pytest.raises(ServedModelError, match=r"'m' at http://.* answered 500: model is unhappy"):
        make(rows_a_request=2000).predict("m", FRAME)
    assert len(models.requests) == 1


def output(**fields: Any) -> bytes:
    made = {"name": "o", "shape": [3], "datatype": "FP64", "data": [1, 2, 3], **fields}
    return json.dumps({"outputs": [made]}).encode()


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (b"<html>", "no inference answer"),
        (b"{}", "no inference answer .KeyError"),
        (b'{"outputs": []}', "no inference answer .IndexError"),
        (output(data=[1, 2], shape=[2]), r"shape \(2,\) for 3 rows"),
        (output(data=[1, 2], shape=[3]), "no inference answer .ValueError"),
        (output(data=["a", "b", "c"]), "values of type <U1; numbers are needed"),
        (output(data=[1, None, 3]), "values of type object"),
        (output(data=[[1, 2]] * 3, shape=[3, 2]), r"shape \(3, 2\)"),
    ],
)
def test_nonsense_is_found_out(answer: bytes, message: str, models: FakeModels, make: Make) -> None:
    models.answer = answer
    with pytest.raises(ServedModelError, match=message):
        make().predict("m", FRAME.head(3))


@pytest.mark.parametrize(
    ("answer", "message"),
    [(b"[]", "has no predictions"), (b'{"predictions": [1]}', "for 3 rows")],
)
def test_nonsense_of_v1(answer: bytes, message: str, models: FakeModels, make: Make) -> None:
    models.answer = answer
    with pytest.raises(ServedModelError, match=message):
        make(protocol="v1").predict("m", FRAME.head(3))


def test_a_token_goes_along_and_is_not_shown(models: FakeModels, make: Make) -> None:
    platform = make(token="s3cret")
    platform.predict("m", FRAME.head(1))
    assert models.headers[-1]["Authorization"] == "Bearer s3cret"
    assert "s3cret" not in repr(vars(platform))
