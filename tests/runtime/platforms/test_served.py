"""Batch prediction by a served model in place of the registry's own."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

from runtime.config import MlflowConfig, PlatformConfig, RuntimeConfig
from runtime.models import resolve_model
from runtime.platforms.errors import PlatformConfigError
from runtime.platforms.served import served_model
from runtime.steps import batch_predict
from tests.conftest import EmittedProject
from tests.runtime.platforms.fake_kserve import fake_models

InStep = Callable[[Callable[[], Any]], Any]
FRAME = pd.DataFrame({"ID": [7, 8], "AMOUNT": ["1.5", "2.5"], "COUNT": [1, 2]})


def test_the_step_asks_the_service(
    in_step: InStep, emitted_project: EmittedProject, mlflow_config: MlflowConfig
) -> None:
    with fake_models() as models:
        platform = {
            "type": "kserve",
            "config": {"url": models.url},
            "models": {"revenue": "revenue-{version}"},
        }
        config = {"platform": platform, "mlflow": mlflow_config.model_dump(exclude_none=True)}
        emitted_project.write("configs/base.yaml", json.dumps(config))
        reference = resolve_model("revenue", alias="next", config=mlflow_config)
        frame = FRAME.assign(AMOUNT=FRAME["AMOUNT"].astype(float))
        predictions = in_step(
            lambda: batch_predict(frame, reference, output_column="LTV", keys=["ID"], batch_size=1)
        )
    assert predictions.to_dict("list") == {"ID": [7, 8], "LTV": [2.5, 4.5]}
    # The features are those of the signature, with its types, and the key is none of them.
    assert {(found["name"], found["datatype"]) for found in models.inputs} == {
        ("AMOUNT", "FP64"),
        ("COUNT", "INT64"),
    }
    assert models.requests == ["/v2/models/revenue-2/infer"] * 2


def test_models_that_are_not_served(mlflow_config: MlflowConfig) -> None:
    reference = resolve_model("revenue", alias="next", config=mlflow_config)
    assert served_model(reference, RuntimeConfig()) is None
    wrong = RuntimeConfig(platform=PlatformConfig(models={"revenue": "x-{alias}"}))
    with pytest.raises(PlatformConfigError, match="'x-{alias}', which knows more"):
        served_model(reference, wrong)
