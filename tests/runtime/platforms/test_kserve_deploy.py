"""InferenceServices made with KServe's SDK, and a real model server. The SDK takes long to load."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pandas as pd
import pytest

from runtime.config import PlatformConfig
from runtime.exceptions import PlatformError
from runtime.platforms import BasePlatform, ModelService, create_platform
from runtime.platforms.errors import (
    PlatformConfigError,
    PlatformConnectionError,
    ServedModelError,
    StartupTimeoutError,
    UnsupportedOperationError,
    WorkloadNotFoundError,
)
from runtime.platforms.kserve.manifest import inference_service
from runtime.platforms.kserve.settings import KServeSettings
from runtime.platforms.kubernetes.schema import check_manifest
from tests.runtime.platforms.fake_kserve import FakeServices, fake_models, fake_services

pytestmark = pytest.mark.slow
Make = Callable[..., BasePlatform]
ROOT = Path(__file__).parents[3]
MODEL = ModelService(name="ltv", model_uri="s3://models/ltv/1")


@pytest.fixture
def services() -> Iterator[FakeServices]:
    with fake_services() as found:
        yield found


@pytest.fixture
def make(services: FakeServices, tmp_path: Path) -> Make:
    file = tmp_path / "kubeconfig"
    file.write_text(json.dumps(services.kubeconfig()), encoding="utf-8")

    def platform(**config: Any) -> BasePlatform:
        settings = {"config_file": str(file), "namespace": "ml", "poll_interval_seconds": 0.01}
        return create_platform(PlatformConfig(type="kserve", config={**settings, **config}))

    return platform


def changed(**fields: Any) -> ModelService:
    return ModelService.model_validate({**MODEL.model_dump(), **fields})


def test_deploy_status_and_cleanup(services: FakeServices, make: Make) -> None:
    platform = make()
    status = platform.deploy(changed(env={"A": "1"}, resources={"limits": {"cpu": "1"}}))
    assert (status.state, status.url) == ("ready", "http://model.ml.example.com")
    document = services.documents["ltv"]
    assert document["spec"] == {
        "predictor": {
            "minReplicas": 1,
            "model": {
                "modelFormat": {"name": "mlflow"},
                "protocolVersion": "v2",
                "storageUri": "s3://models/ltv/1",
                "env": [{"name": "A", "value": "1"}],
                "resources": {"limits": {"cpu": "1"}},
            },
        }
    }
    annotations = document["metadata"]["annotations"]
    assert annotations == {"serving.kserve.io/deploymentMode": "Standard"}
    platform.deploy(changed(model_uri="s3://models/ltv/2", min_replicas=2))
    assert services.documents["ltv"]["metadata"]["generation"] == 2
    assert platform.status("ltv").state == "ready"
    with pytest.raises(WorkloadNotFoundError, match="No pod serves"):
        list(platform.logs("ltv"))
    platform.cleanup("ltv")
    platform.cleanup("ltv")
    with pytest.raises(WorkloadNotFoundError, match="no InferenceService ltv"):
        platform.status("ltv")


def test_an_update_is_not_ready_by_the_status_of_the_version_before(
    services: FakeServices, make: Make
) -> None:
    platform = make()
    platform.deploy(MODEL)
    services.reads_until_ready = 5
    platform.deploy(changed(model_uri="s3://models/ltv/2"))
    assert services.documents["ltv"]["reads"] == 6


def test_an_image_of_ones_own(services: FakeServices, make: Make) -> None:
    make().deploy(changed(model_uri=None, image="acme/server:1", command=["serve"], port=9000))
    (container,) = services.documents["ltv"]["spec"]["predictor"]["containers"]
    assert container["image"] == "acme/server:1" and container["command"] == ["serve"]
    assert container["ports"] == [{"containerPort": 9000, "protocol": "TCP"}]


def test_a_canary_in_knative_mode(services: FakeServices, make: Make) -> None:
    make(deployment_mode="Knative").deploy(changed(canary_percent=10, min_replicas=0))
    predictor = services.documents["ltv"]["spec"]["predictor"]
    assert predictor["canaryTrafficPercent"] == 10 and predictor["minReplicas"] == 0
    with pytest.raises(UnsupportedOperationError, match="only in Knative mode.*blue_green"):
        make().deploy(changed(canary_percent=10))
    with pytest.raises(UnsupportedOperationError, match="down to 0"):
        make().deploy(changed(min_replicas=0))


def test_blue_and_green(services: FakeServices, make: Make) -> None:
    platform = make(blue_green=True)
    assert platform.deploy(MODEL).name == "ltv-blue"
    assert platform.deploy(MODEL).name == "ltv-green"
    assert set(services.documents) == {"ltv-green"}
    services.failure = "cannot load the model"
    with pytest.raises(StartupTimeoutError, match="ltv-blue is not ready.*cannot load the model"):
        platform.deploy(changed(timeout_seconds=0.05))
    services.failure = ""
    assert platform.status("ltv").name == "ltv-green"
    assert make(blue_green=True, keep_previous=True).deploy(MODEL).name == "ltv-blue"
    assert set(services.documents) == {"ltv-blue", "ltv-green"}
    assert platform.status("ltv").name == "ltv-blue"
    platform.cleanup("ltv")
    assert services.documents == {}


def test_the_address_is_the_services_own(services: FakeServices, make: Make) -> None:
    frame = pd.DataFrame({"a": [1.0, 2.0]})
    with fake_models() as models:
        services.url = models.url
        platform = make()
        platform.deploy(MODEL)
        assert platform.predict("ltv", frame).tolist() == [1, 2]
        services.url = "http://ltv.ml.example.com"
        assert make(url=models.url).predict("ltv", frame).tolist() == [1, 2]
        assert models.headers[-1]["Host"] == "ltv.ml.example.com"
    services.url = ""
    with pytest.raises(WorkloadNotFoundError, match="no address yet"):
        make().predict("ltv", frame)


def test_a_refused_change(services: FakeServices, make: Make) -> None:
    make().deploy(MODEL)
    services.conflicts = 1
    with pytest.raises(PlatformError, match=r"not accept .* ltv \(422\): spec is invalid"):
        make().deploy(MODEL)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"name": "Upper"}, "no name for an InferenceService"),
        ({"name": "x" * 51}, "no name for an InferenceService"),
        ({"image": "x"}, "either a `model_uri`.*or an `image`"),
        ({"model_uri": None}, "either a `model_uri`"),
        ({"min_replicas": 3, "max_replicas": 2}, "fewer `max_replicas`"),
        ({"resources": {"limit": {}}}, "limit is unknown, did you mean limits"),
        ({"resources": {"limits": {"cpu": "much"}}}, "'much' is no amount"),
    ],
)
def test_what_the_crd_forbids(fields: Any, message: str, make: Make) -> None:
    with pytest.raises(PlatformConfigError, match=message):
        make().deploy(changed(**fields))


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        ((), {"predictors": {}}, "spec.predictors is unknown, did you mean predictor"),
        (("predictor",), {"minReplica": 1}, "spec.predictor.minReplica is unknown, did you mean"),
        (("predictor",), {"minReplicas": "2"}, "spec.predictor.minReplicas must be int, not str"),
        (
            ("predictor", "model"),
            {"modelFormat": "mlflow"},
            "spec.predictor.model.modelFormat must be a mapping",
        ),
        (
            ("predictor", "model"),
            {"env": [{"nane": "A"}]},
            r"model.env\[0\].nane is unknown, did you mean name",
        ),
    ],
)
def test_an_inference_service_is_held_against_the_sdks_models(
    path: tuple[str, ...], value: Any, message: str
) -> None:
    import kserve

    settings = KServeSettings()
    made = inference_service(MODEL, settings, "ltv", {})
    found = made["spec"]
    for key in path:
        found = found[key]
    found.update(value)
    with pytest.raises(PlatformConfigError, match=message):
        check_manifest(made, "V1beta1InferenceService", kserve)


SERVER = """
import os
import sys
import kserve, pandas as pd
from kserve import InferOutput, InferResponse
from kserve.utils.utils import get_predict_input
from fixtures_dags.demo.model_server import loopback_only

class Adder(kserve.Model):
    def load(self):
        self.ready = True

    def predict(self, payload, headers=None):
        one = isinstance(payload, dict)
        frame = pd.DataFrame(payload["instances"]) if one else get_predict_input(payload)
        if "die" in frame and frame["die"].any():
            os._exit(1)
        if "busy" in frame:
            raise kserve.errors.ModelNotReady(self.name)
        if "fail" in frame:
            raise ValueError("no such feature: fail")
        values = frame.sum(axis=1).to_numpy(dtype="float64")
        if isinstance(payload, dict):
            return {"predictions": values.tolist()}
        output = InferOutput(name="o", shape=list(values.shape), datatype="FP64")
        output.set_data_from_numpy(values, binary_data=True)
        return InferResponse(response_id="1", model_name=self.name, infer_outputs=[output])

model = Adder("adder")
model.load()
loopback_only()
kserve.ModelServer(http_port=int(sys.argv[1]), enable_grpc=False, workers=1).start([model])
"""


@pytest.fixture(scope="module")
def model_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving(tmp_path_factory.mktemp("kserve")) as url:
        yield url


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """Run a real `kserve.ModelServer` in a process of its own."""
    program = folder / "server.py"
    program.write_text(SERVER, encoding="utf-8")
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    with (program.parent / "log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, str(program), str(port)],
            stdout=log,
            stderr=subprocess.STDOUT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
    url = f"http://127.0.0.1:{port}"
    try:
        while process.poll() is None:
            try:
                if httpx.get(f"{url}/v2/health/ready").status_code == 200:
                    break
            except httpx.TransportError:
                time.sleep(0.2)
        assert process.poll() is None, (program.parent / "log").read_text()
        yield url
    finally:
        process.terminate()
        process.wait()


@pytest.mark.parametrize("protocol", ["auto", "v1", "v2"])
def test_a_real_model_server(protocol: str, model_server: str) -> None:
    config = {"url": model_server, "rows_a_request": 1000, "protocol": protocol}
    platform = create_platform(PlatformConfig(type="kserve", config=config))
    frame = pd.DataFrame({"a": np.arange(5500.0), "b": np.arange(5500), "c": np.float32(0.5)})
    expected = (frame["a"] + frame["b"] + 0.5).tolist()
    assert platform.predict("adder", frame).tolist() == expected
    with pytest.raises(ServedModelError, match="answered 500: .*no such feature: fail"):
        platform.predict("adder", frame.assign(fail=1))


def test_the_model_server_listens_on_loopback_alone(model_server: str) -> None:
    port = int(model_server.rpartition(":")[2])
    # All of 127/8 is this machine: one that listens everywhere would answer here too.
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.2", port))


def test_a_real_model_server_that_is_busy(model_server: str) -> None:
    platform = asking(model_server)
    frame = pd.DataFrame({"a": np.arange(1000.0)})
    with pytest.raises(PlatformConnectionError, match="2 attempts: status 503: .*not ready"):
        platform.predict("adder", frame.assign(busy=1))
    with pytest.raises(ServedModelError, match="answered 404: .*nobody"):
        platform.predict("nobody", frame)


def test_a_real_model_server_that_dies_in_the_middle(tmp_path: Path) -> None:
    frame = pd.DataFrame({"a": np.arange(1000.0)})
    with serving(tmp_path) as url:
        platform = asking(url)
        assert platform.predict("adder", frame).tolist() == frame["a"].tolist()
        with pytest.raises(PlatformConnectionError, match="No prediction was kept.*run the step"):
            platform.predict("adder", frame.assign(die=frame["a"] > 700))


def asking(url: str) -> BasePlatform:
    config = {"url": url, "rows_a_request": 100, "attempts": 2, "retry_seconds": 0.01}
    return create_platform(PlatformConfig(type="kserve", config=config))
