"""Models served by processes of this machine: deployed, asked, replaced, lost and removed."""

from __future__ import annotations

import os
import re
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import yaml

from runtime.config import MlflowConfig, PlatformConfig
from runtime.exceptions import CommandFailedError, PlatformError
from runtime.models import load_registered_model
from runtime.platforms import BasePlatform, ModelService, create_platform
from runtime.platforms.errors import (
    PlatformConfigError,
    ServedModelError,
    StartupTimeoutError,
    UnsupportedOperationError,
    WorkloadNotFoundError,
)
from runtime.platforms.local.servers import Servers
from tests.conftest import EmittedProject

REPOSITORY = Path(__file__).parents[3]
PAGE = (REPOSITORY / "docs" / "platforms.md").read_text(encoding="utf-8")
CONFIG, PROGRAM = re.findall(
    r'^```\w+ title="[^"]+"\n(.*?)^```$',
    PAGE.partition("## local")[2].partition("\n## ")[0],
    re.MULTILINE | re.DOTALL,
)
SERVER = [sys.executable, "-m", "tests.runtime.platforms.adding_server", "{port}"]
FRAME = pd.DataFrame({"a": [0.1, 1e-12, 1 / 3], "b": [0.2, 0.0, 1e9]})
EXPECTED = (FRAME["a"] + FRAME["b"]).tolist()
Make = Callable[..., BasePlatform]


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Make]:
    def platform(**config: Any) -> BasePlatform:
        section = PlatformConfig(
            images={"adder": SERVER, "broken": ["/no/such/program"]},
            config={"folder": str(tmp_path / "services"), **config},
        )
        return create_platform(section)

    yield platform
    platform().cleanup("ltv")


def adder(*arguments: str, **fields: Any) -> ModelService:
    made = {
        "name": "ltv",
        "image": "adder:1",
        "arguments": list(arguments or ("v1,v2", "serve")),
        "env": {"PYTHONPATH": str(REPOSITORY), "WHO": "the test"},
        **fields,
    }
    return ModelService.model_validate(made)


def pid(folder: Path) -> int:
    return Servers(folder / "services", "ltv").active().pid


@pytest.mark.parametrize("protocols", ["v2", "v1"])
def test_deploy_predict_status_logs_and_cleanup(protocols: str, make: Make) -> None:
    status = make().deploy(adder(protocols, "serve"))
    assert status.state == "ready" and status.url is not None
    # Another object, as in another process, finds it.
    platform = make(rows_a_request=2)
    assert platform.predict("ltv", FRAME).tolist() == EXPECTED
    assert platform.predict("ltv", FRAME.head(0)).shape == (0,)
    assert platform.status("ltv") == status
    assert list(platform.logs("ltv")) == ["adding for the test"]
    platform.cleanup("ltv")
    platform.cleanup("ltv")
    for ask in (platform.status, lambda name: list(platform.logs(name))):
        with pytest.raises(WorkloadNotFoundError, match="no service ltv .* Deploy it"):
            ask("ltv")
    with pytest.raises(WorkloadNotFoundError, match="no service ltv"):
        platform.predict("ltv", FRAME)


def test_the_server_before_is_asked_until_the_new_one_is_ready(make: Make, tmp_path: Path) -> None:
    platform = make()
    first = platform.deploy(adder())
    with pytest.raises(PlatformError, match="ended before it was ready.*\n.*adding for.*\n.*load"):
        platform.deploy(adder("v2", "fail"))
    with pytest.raises(StartupTimeoutError, match="not ready within 0.5 s and was stopped"):
        platform.deploy(adder("v2", "sleep", timeout_seconds=0.5))
    assert platform.status("ltv") == first
    before = pid(tmp_path)
    second = platform.deploy(adder())
    assert second.url != first.url and platform.status("ltv") == second
    assert platform.predict("ltv", FRAME).tolist() == EXPECTED
    with pytest.raises(ProcessLookupError):
        os.kill(before, 0)
    assert len(list((tmp_path / "services" / "ltv").glob("*/log"))) == 1


def test_a_server_that_died(make: Make, tmp_path: Path) -> None:
    platform = make()
    platform.deploy(adder())
    os.killpg(pid(tmp_path), signal.SIGKILL)
    os.waitpid(pid(tmp_path), 0)
    status = platform.status("ltv")
    assert (status.state, status.message) == ("failed", "adding for the test")
    with pytest.raises(WorkloadNotFoundError, match="ltv has ended; .*'adding for.*Deploy it"):
        platform.predict("ltv", FRAME)
    assert platform.deploy(adder()).state == "ready"


def test_what_cannot_be_deployed(make: Make) -> None:
    platform = make()
    with pytest.raises(UnsupportedOperationError, match="cannot divide traffic"):
        platform.deploy(adder(canary_percent=10))
    with pytest.raises(PlatformConfigError, match="'../x' is no name for a service"):
        platform.deploy(adder(name="../x"))
    with pytest.raises(PlatformConfigError, match="either a `model_uri`.*or an `image`"):
        platform.deploy(ModelService(name="ltv"))
    with pytest.raises(CommandFailedError, match="Cannot start '/no/such/program'"):
        platform.deploy(adder(image="broken"))
    with pytest.raises(PlatformError, match="no command for the image 'addre'.*'adder'"):
        platform.deploy(adder(image="addre"))
    with pytest.raises(WorkloadNotFoundError):
        platform.status("ltv")


def test_the_folder_of_state(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    platform = create_platform(PlatformConfig(images={"adder": SERVER}))
    platform.deploy(adder())
    assert (tmp_path / "dag2zen" / "services" / "ltv" / "active").is_file()
    platform.cleanup("ltv")
    monkeypatch.delenv("XDG_STATE_HOME")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    with pytest.raises(WorkloadNotFoundError):
        create_platform(PlatformConfig()).status("ltv")


@pytest.mark.slow
def test_a_registered_model_served_by_mlflow_itself(
    emitted_project: EmittedProject,
    mlflow_config: MlflowConfig,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The program of the page about platforms."""
    settings = yaml.safe_load(CONFIG)
    settings["platform"]["config"] = {"folder": str(tmp_path), "rows_a_request": 300}
    settings["mlflow"] = {"tracking_uri": mlflow_config.tracking_uri}
    emitted_project.configure("base", settings)
    random = np.random.default_rng(1)
    frame = pd.DataFrame({"AMOUNT": random.normal(size=1000) / 1e9, "COUNT": np.arange(1000)})
    names: dict[str, Any] = {"features": frame.head(2)}
    try:
        exec(PROGRAM, names)
        assert capsys.readouterr().out.startswith("ready [")
        platform: BasePlatform = names["platform"]
        loaded = load_registered_model("revenue", version=2, config=mlflow_config)
        assert platform.predict("revenue", frame).tolist() == list(loaded.model.predict(frame))
        with pytest.raises(ServedModelError, match="(?s)answered 400: .*missing inputs .'AMOUNT'"):
            platform.predict("revenue", frame[["COUNT"]])
        assert any("Uvicorn running" in line for line in platform.logs("revenue"))
    finally:
        names["platform"].cleanup("revenue")
