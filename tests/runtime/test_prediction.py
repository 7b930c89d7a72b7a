"""Batch prediction, with real MLflow models."""

from __future__ import annotations

import sys
import warnings
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from runtime.config import MlflowConfig
from runtime.models import LoadedModel, ModelReference, load_registered_model, pyfunc
from runtime.prediction import (
    Figures,
    Postprocess,
    PredictionError,
    PredictionPlan,
    Quarantine,
    predict_batch,
    predict_frame,
    predict_stream,
    summarize,
)
from runtime.signatures import SignatureError


@pytest.fixture
def model(mlflow_config: MlflowConfig) -> LoadedModel:
    return load_registered_model("revenue", alias="production", config=mlflow_config)


def answering(answer: Any, folder: Path) -> LoadedModel:
    """A model without signature that gives a prepared answer, or computes it by a function."""
    mlflow_pyfunc = pyfunc()

    with warnings.catch_warnings():
        # MLflow advises to declare the type of the input, which is what these models leave out.
        warnings.simplefilter("ignore")

        class Answers(mlflow_pyfunc.PythonModel):  # type: ignore[name-defined, misc]
            def predict(self, context: Any, model_input: pd.DataFrame, params: Any = None) -> Any:
                return answer(model_input) if callable(answer) else answer

        mlflow_pyfunc.save_model(folder / "model", python_model=Answers(), pip_requirements=[])
    reference = ModelReference(name="answers", version="1")
    return LoadedModel(mlflow_pyfunc.load_model(str(folder / "model")), reference)


def features(count: int) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "CUSTOMER_ID": range(100, 100 + count),
            "amount": [Decimal(number) / 4 for number in range(count)],
            "COUNT": np.arange(count, dtype="int8"),
        },
        index=range(50, 50 + count),
    )


@pytest.mark.parametrize("batch_size", [1, 3, 7, 1000])
def test_every_row_in_order(model: LoadedModel, batch_size: int) -> None:
    predictions = predict_frame(
        model, features(7), batch_size=batch_size, keep=["CUSTOMER_ID"], output="LTV"
    )
    assert list(predictions.columns) == ["CUSTOMER_ID", "LTV"]
    assert predictions["CUSTOMER_ID"].tolist() == list(range(100, 107))
    assert predictions["LTV"].tolist() == pytest.approx([n / 2 + n for n in range(7)])


def test_constants_are_added(model: LoadedModel) -> None:
    predictions = predict_frame(model, features(2), constants={"VERSION": "1"})
    assert predictions["VERSION"].tolist() == ["1", "1"]


@pytest.mark.parametrize(
    ("postprocess", "expected"),
    [
        (Postprocess(cap=3), [0.0, 1.5, 3.0, 3.0]),
        (Postprocess(floor=2), [2.0, 2.0, 3.0, 4.5]),
        (Postprocess(cap=2.26, round_to=1), [0.0, 1.5, 2.3, 2.3]),
        (Postprocess(cap=4, floor=1, round_to=1), [1.0, 1.5, 3.0, 4.0]),
    ],
)
def test_postprocess(model: LoadedModel, postprocess: Postprocess, expected: list[float]) -> None:
    predictions = predict_frame(model, features(4), postprocess=postprocess)
    assert predictions["prediction"].tolist() == pytest.approx(expected)


def test_limits_that_contradict_each_other() -> None:
    with pytest.raises(ValueError, match="cap 1 is below the floor 2"):
        Postprocess(cap=1, floor=2)


def test_no_rows(model: LoadedModel, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("WARNING", logger="runtime.prediction.stream"):
        predictions = predict_frame(
            model, features(0), keep=["CUSTOMER_ID"], constants={"VERSION": "1"}
        )
    assert list(predictions.columns) == ["CUSTOMER_ID", "prediction", "VERSION"]
    assert len(predictions) == 0
    assert "no rows to predict" in caplog.text


def test_a_missing_feature_is_named(model: LoadedModel) -> None:
    with pytest.raises(SignatureError, match="needs the column COUNT"):
        predict_frame(model, features(2).drop(columns="COUNT"))


def test_a_missing_key_is_named(model: LoadedModel) -> None:
    with pytest.raises(PredictionError, match="lack the column ORDER_ID to keep"):
        predict_frame(model, features(2), keep=["ORDER_ID"])


def test_a_batch_holds_rows(model: LoadedModel) -> None:
    with pytest.raises(ValueError, match="at least 1, not 0"):
        predict_frame(model, features(2), batch_size=0)


def test_without_signature_all_columns_but_the_keys_go_in(tmp_path: Path) -> None:
    model = answering(lambda frame: frame.sum(axis=1), tmp_path)
    frame = pd.DataFrame({"ID": [1000], "A": [1.0], "B": [2.0]})
    assert predict_frame(model, frame, keep=["ID"])["prediction"].tolist() == [3.0]


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        pytest.param([1.0, np.nan, np.inf], "2 rows, the first is row 1", id="not finite"),
        pytest.param([1.0], r"shape \(1,\) for 3 rows", id="too few"),
        pytest.param([[1, 2]] * 3, r"shape \(3, 2\)", id="two outputs"),
        pytest.param(["a", "b", "c"], "gave no numbers", id="labels"),
    ],
)
def test_unusable_predictions(tmp_path: Path, answer: list[Any], message: str) -> None:
    model = answering(np.array(answer), tmp_path)
    with pytest.raises(PredictionError, match=message):
        predict_frame(model, pd.DataFrame({"A": [1.0, 2.0, 3.0]}))


def test_a_frame_of_one_column_is_a_prediction(tmp_path: Path) -> None:
    model = answering(lambda frame: pd.DataFrame({"y": frame["A"] * 2}), tmp_path)
    assert predict_frame(model, pd.DataFrame({"A": [1.0, 2.0]}))["prediction"].tolist() == [2, 4]


def test_summary() -> None:
    assert summarize(pd.Series([1.0, 3.0])) == {
        "rows": 2,
        "prediction_null_share": 0,
        "prediction_p05": pytest.approx(1.1),
        "prediction_p25": 1.5,
        "prediction_p50": 2,
        "prediction_p75": 2.5,
        "prediction_p95": pytest.approx(2.9),
        "prediction_mean": 2,
        "prediction_std": 1,
        "prediction_min": 1,
        "prediction_max": 3,
    }
    assert summarize(pd.Series([], dtype="float64")) == {"rows": 0}


def refuses(bad: set[int]) -> Any:
    """A model that predicts the column A times two, and refuses some values."""

    def predict(frame: pd.DataFrame) -> Any:
        if frame["A"].isin(bad).any():
            raise ValueError("a value that the model does not know")
        return np.where(frame["A"] == 7, np.inf, frame["A"] * 2.0)

    return predict


@pytest.mark.parametrize("batch_size", [1, 4, 100])
def test_rows_that_cannot_be_predicted_are_told_apart(tmp_path: Path, batch_size: int) -> None:
    model = answering(refuses({3, 4}), tmp_path)
    frame = pd.DataFrame({"ID": range(10, 20), "A": range(10)})
    plan = PredictionPlan(batch_size, ("ID",), on_error="quarantine")
    quarantine = Quarantine(limit=0.3)
    frames = []
    for predictions in predict_stream(model, [frame[:6], frame[6:]], plan):
        quarantine.add(predictions)
        frames.append(predictions.frame)
    quarantine.check()
    good = pd.concat(frames)
    assert good["ID"].tolist() == [10, 11, 12, 15, 16, 18, 19]
    assert good["prediction"].tolist() == [0.0, 2.0, 4.0, 10.0, 12.0, 16.0, 18.0]
    rejected = quarantine.frame()
    assert rejected["ROW_NUMBER"].tolist() == [3, 4, 7]
    assert "does not know" in rejected["REASON"][0] and "inf" in rejected["REASON"][2]
    assert rejected["FEATURES"][0] == '{"ID":13,"A":3}'
    with pytest.raises(PredictionError, match="3 of 10 rows cannot be predicted.*row 3: "):
        Quarantine(0.2, quarantine.rows, quarantine.batches).check()


def test_a_connection_that_fails_is_not_the_rows_fault(tmp_path: Path) -> None:
    def lost(frame: pd.DataFrame) -> Any:
        raise ConnectionError("gone")

    with pytest.raises(ConnectionError):
        predict_batch(
            answering(lost, tmp_path),
            pd.DataFrame({"A": [1]}),
            PredictionPlan(on_error="quarantine"),
        )


def double(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.assign(prediction=frame["prediction"] * 2)


def drop(frame: pd.DataFrame) -> pd.DataFrame:
    return frame[1:]


def test_a_function_and_new_names(model: LoadedModel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "postprocessing", sys.modules[__name__])
    plan = PredictionPlan(
        2,
        ("CUSTOMER_ID",),
        postprocess=Postprocess(cap=2),
        function="postprocessing.double",
        rename={"prediction": "LTV"},
    )
    found = [each.frame for each in predict_stream(model, [features(3)], plan)]
    assert [list(frame.columns) for frame in found] == [["CUSTOMER_ID", "LTV"]] * 2
    assert pd.concat(found)["LTV"].tolist() == pytest.approx([0.0, 3.0, 4.0])
    with pytest.raises(PredictionError, match="DataFrame of 1 rows for a DataFrame of 2"):
        list(predict_stream(model, [features(3)], replace(plan, function="postprocessing.drop")))


@pytest.mark.slow
def test_processes_give_the_same_in_the_same_order(
    model: LoadedModel, mlflow_config: MlflowConfig
) -> None:
    plan = PredictionPlan(3, ("CUSTOMER_ID",))
    frames = [features(7), features(10)]
    alone = [each.frame for each in predict_stream(model, frames, plan)]
    several = [
        each.frame
        for each in predict_stream(model, frames, plan, processes=2, config=mlflow_config)
    ]
    pd.testing.assert_frame_equal(pd.concat(several), pd.concat(alone))


def test_several_processes_need_the_registry(model: LoadedModel) -> None:
    with pytest.raises(ValueError, match="they need `config`"):
        list(predict_stream(model, [features(1)], PredictionPlan(), processes=2))


def test_figures_of_batches_are_those_of_all() -> None:
    values = np.random.default_rng(1).normal(size=1000)
    figures = Figures()
    for part in np.array_split(values, 7):
        figures.add(part)
    figures.add(np.array([np.nan]))
    summary = figures.summary()
    assert summary["prediction_mean"] == pytest.approx(values.mean())
    assert summary["prediction_std"] == pytest.approx(values.std())
    assert summary["prediction_p95"] == pytest.approx(np.percentile(values, 95))
    assert summary["prediction_null_share"] == pytest.approx(1 / 1001)
    assert summary["rows"] == 1001


def test_percentiles_of_many_are_estimated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("runtime.prediction.figures.SAMPLE", 1000)
    figures = Figures()
    for start in range(0, 100_000, 10_000):
        figures.add(np.arange(start, start + 10_000, dtype=float))
    assert figures.summary()["prediction_p50"] == pytest.approx(50_000, rel=0.1)
