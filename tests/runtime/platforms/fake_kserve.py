"""A model server and a cluster's InferenceServices on loopback, with faults as a test wants them."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import numpy as np

_TYPES = {"FP64": "<f8", "FP32": "<f4", "INT64": "<i8", "INT32": "<i4", "BOOL": "?"}
_HEADER = "Inference-Header-Content-Length"


class FakeModels:
    """A model server that adds the columns of a row."""

    def __init__(self) -> None:
        self.port = 0
        self.statuses: list[int] = []
        """What the next predictions are answered with; 0: no answer."""
        self.answer: bytes | None = None
        self.protocols = {"v1", "v2"}
        self.binary = True
        self.requests: list[str] = []
        self.headers: list[dict[str, str]] = []
        self.inputs: list[dict[str, Any]] = []
        self.lock = threading.Lock()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


class ModelsHandler(BaseHTTPRequestHandler):
    """Answers about `models`."""

    protocol_version = "HTTP/1.1"
    models: FakeModels

    def log_message(self, format: str, *args: Any) -> None:
        """Be silent."""

    def do_GET(self) -> None:
        known = any(f"/{protocol}/" in self.path for protocol in self.models.protocols)
        self._reply(200 if known else 404, b"{}")

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        with self.models.lock:
            self.models.requests.append(self.path)
            self.models.headers.append(dict(self.headers))
            status = self.models.statuses.pop(0) if self.models.statuses else 200
        if status == 0:
            self.close_connection = True
        elif status != 200:
            self._reply(status, json.dumps({"error": f"model is unhappy ({status})"}).encode())
        elif self.models.answer is not None:
            self._reply(200, self.models.answer)
        elif self.path.endswith(":predict"):
            rows = json.loads(body)["instances"]
            sums = [sum(row.values()) for row in rows]
            self._reply(200, json.dumps({"predictions": sums}).encode())
        else:
            self._infer(body)

    def _infer(self, body: bytes) -> None:
        length = int(self.headers[_HEADER])
        document = json.loads(body[:length])
        total: Any = 0
        at = length
        for tensor in document["inputs"]:
            size = tensor["parameters"]["binary_data_size"]
            if tensor["datatype"] != "BYTES":
                total = total + np.frombuffer(body[at : at + size], _TYPES[tensor["datatype"]])
            at += size
        assert at == len(body)
        with self.models.lock:
            self.models.inputs += document["inputs"]
        values = np.asarray(total, dtype="<f8")
        output: dict[str, Any] = {"name": "o", "shape": [len(values)], "datatype": "FP64"}
        if not self.models.binary:
            output["data"] = values.tolist()
            self._reply(200, json.dumps({"outputs": [output]}).encode())
            return
        output["parameters"] = {"binary_data_size": values.nbytes}
        head = json.dumps({"outputs": [output]}).encode()
        self._reply(200, head + values.tobytes(), {_HEADER: str(len(head))})

    def _reply(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for key, value in {"Content-Length": str(len(body)), **(headers or {})}.items():
            self.send_header(key, value)
        self.end_headers()
        self.wfile.write(body)


class FakeServices:
    """The InferenceServices of a cluster; each is ready after some reads."""

    def __init__(self) -> None:
        self.port = 0
        self.documents: dict[str, dict[str, Any]] = {}
        self.requests: list[str] = []
        self.reads_until_ready = 1
        self.failure = ""
        self.url = "http://model.ml.example.com"
        self.conflicts = 0

    def kubeconfig(self) -> dict[str, Any]:
        return {
            "apiVersion": "v1",
            "kind": "Config",
            "current-context": "fake",
            "clusters": [{"name": "c", "cluster": {"server": f"http://127.0.0.1:{self.port}"}}],
            "users": [{"name": "u", "user": {"token": "t0ken"}}],
            "contexts": [{"name": "fake", "context": {"cluster": "c", "user": "u"}}],
        }


class _Services(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    services: FakeServices

    def log_message(self, format: str, *args: Any) -> None:
        """Be silent."""

    def _handle(self) -> None:
        url = urlsplit(self.path)
        found = re.search(r"/inferenceservices/?([^/]*)$", url.path)
        length = int(self.headers.get("Content-Length") or 0)
        body = json.loads(self.rfile.read(length)) if length else {}
        if found is None:
            self._reply(200, {"kind": "PodList", "apiVersion": "v1", "metadata": {}, "items": []})
            return
        name, documents = found[1], self.services.documents
        self.services.requests.append(
            f"{self.command} {name or body.get('metadata', {}).get('name')}"
        )
        if self.command == "POST":
            self._store(body["metadata"]["name"], body)
        elif not name:
            (selector,) = parse_qs(url.query)["labelSelector"]
            wanted = dict(term.split("=") for term in selector.split(","))
            items = [
                document
                for document in documents.values()
                if wanted.items() <= document["metadata"]["labels"].items()
            ]
            self._reply(200, {"items": items})
        elif name not in documents:
            self._reply(404, {"message": "not found"})
        elif self.command == "PUT":
            if (
                body["metadata"]["resourceVersion"]
                != documents[name]["metadata"]["resourceVersion"]
            ):
                self._reply(409, {"message": "the object has been modified"})
            elif self.services.conflicts:
                self._reply(422, {"message": "spec is invalid"})
            else:
                self._store(name, body)
        elif self.command == "PATCH":
            documents[name]["metadata"]["labels"].update(body["metadata"]["labels"])
            self._reply(200, documents[name])
        elif self.command == "DELETE":
            self._reply(200, documents.pop(name))
        else:
            self._read(documents[name])

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _handle

    def _store(self, name: str, body: dict[str, Any]) -> None:
        before = self.services.documents.get(name, {}).get("metadata", {})
        body["metadata"]["generation"] = before.get("generation", 0) + 1
        body["metadata"]["resourceVersion"] = str(int(before.get("resourceVersion", "0")) + 1)
        body["reads"] = 0
        self.services.documents[name] = body
        self._reply(200, body)

    def _read(self, document: dict[str, Any]) -> None:
        document["reads"] += 1
        ready = document["reads"] > self.services.reads_until_ready and not self.services.failure
        generation = document["metadata"]["generation"] - (0 if ready else 1)
        status: dict[str, Any] = {
            # Until the controller has seen it, the status is that of the version before.
            "observedGeneration": generation,
            "conditions": [{"type": "Ready", "status": "True" if generation else "Unknown"}],
        }
        if self.services.failure:
            status["modelStatus"] = {"lastFailureInfo": {"message": self.services.failure}}
        if self.services.url:
            status["url"] = self.services.url
        self._reply(200, {**document, "status": status})

    def _reply(self, status: int, document: dict[str, Any]) -> None:
        data = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


@contextmanager
def _serve(handler: type[BaseHTTPRequestHandler]) -> Iterator[int]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def fake_models() -> Iterator[FakeModels]:
    """Serve models while the block lasts."""
    models = FakeModels()
    with _serve(type("Models", (ModelsHandler,), {"models": models})) as models.port:
        yield models


@contextmanager
def fake_services() -> Iterator[FakeServices]:
    """Serve a cluster's InferenceServices while the block lasts."""
    services = FakeServices()
    with _serve(type("Services", (_Services,), {"services": services})) as services.port:
        yield services
