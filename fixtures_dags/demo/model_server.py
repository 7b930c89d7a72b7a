"""Serves the demonstration's model: as KServe would, or as a service function of Snowflake.

python -m fixtures_dags.demo.model_server kserve --port 8080 --mlflow URI --model models:/ltv_be/1
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

from runtime.models import pyfunc

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd

Predict = Callable[["pd.DataFrame"], "npt.NDArray[np.float64]"]


def serve_kserve(name: str, port: int, predict: Predict) -> None:
    """Serve by KServe's own model server, open inference protocol v2."""
    import kserve
    from kserve import InferOutput, InferRequest, InferResponse

    class Served(kserve.Model):  # type: ignore[misc]
        def predict(self, payload: InferRequest, headers: Any = None) -> InferResponse:
            values = predict(payload.as_dataframe())
            output = InferOutput(name="predictions", shape=list(values.shape), datatype="FP64")
            output.set_data_from_numpy(values, binary_data=True)
            return InferResponse(payload.id or "", self.name, [output])

    model = Served(name)
    model.ready = True
    loopback_only()
    kserve.ModelServer(http_port=port, enable_grpc=False, workers=1).start([model])


def loopback_only() -> None:
    """Let KServe's server listen on loopback alone: its own code says 0.0.0.0, no option changes it.

    https://github.com/kserve/kserve/blob/master/python/kserve/kserve/protocol/rest/server.py
    """
    from kserve import model_server

    class Loopback(model_server.RESTServer):  # type: ignore[misc]
        def __init__(self, *arguments: Any, **options: Any) -> None:
            super().__init__(*arguments, **options)
            self.config.host = "127.0.0.1"

    model_server.RESTServer = Loopback


def serve_snowflake(port: int, predict: Predict) -> None:
    """Serve the protocol of Snowflake's service functions, with a record for each row."""
    import pandas as pd

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200 if self.path == "/health" else 404)
            self.end_headers()

        def do_POST(self) -> None:
            rows = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["data"]
            values = predict(pd.DataFrame([record for _, record in rows]))
            data = [[at, value] for (at, _), value in zip(rows, values.tolist(), strict=True)]
            answer = json.dumps({"data": data}).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

    ThreadingHTTPServer(("127.0.0.1", port), Handler).serve_forever()


def main() -> None:
    """Load the model and serve it until the process is ended."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("protocol", choices=("kserve", "snowflake"))
    parser.add_argument("--name", default="ltv-be")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--mlflow", required=True, help="the tracking server or store")
    parser.add_argument("--model", required=True, help="models:/name/version")
    options = parser.parse_args()
    loader = pyfunc()
    import mlflow
    import numpy as np

    mlflow.set_tracking_uri(options.mlflow)
    mlflow.set_registry_uri(options.mlflow)
    model = loader.load_model(options.model)

    def predict(frame: pd.DataFrame) -> npt.NDArray[np.float64]:
        return np.asarray(model.predict(frame), dtype=np.float64).reshape(-1)

    if options.protocol == "kserve":
        serve_kserve(options.name, options.port, predict)
    else:
        serve_snowflake(options.port, predict)


if __name__ == "__main__":
    main()
