"""A server on loopback that answers about pods as kube-apiserver does, by a script for each pod.

Real HTTP and, for exec, real web sockets. What a pod does advances with the requests, never with
time. Bodies are checked as the API checks them: unknown fields, names, labels, mounts.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from runtime.platforms.errors import PlatformConfigError
from runtime.platforms.kubernetes.schema import check_manifest
from runtime.platforms.kubernetes.xcom import FILE, SIDECAR

_NAME = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*")
_LABEL = re.compile(r"(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?")
_SOCKET_KEY = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


@dataclass
class Script:
    """What a pod does: it is pending for some reads, prints its lines and ends."""

    lines: list[str] = field(default_factory=list)
    exit_code: int = 0
    reason: str = ""
    pending_reads: int = 0
    waiting: tuple[str, str] | None = None
    unschedulable: str = ""
    evicted: str = ""
    hangs: bool = False
    cuts: list[int] = field(default_factory=list)
    """After how many lines of its answer each request for the log loses its connection."""
    value: bytes = b""
    exec_cuts: int = 0
    exec_says: bytes | None = None
    exec_code: int = 0
    noise: bool = False
    exec_status: int = 101
    init_exit_code: int | None = None


@dataclass
class FakePod:
    manifest: dict[str, Any]
    script: Script
    reads: int = 0
    printed: int = 0
    sidecar_ended: bool = False
    gone: threading.Event = field(default_factory=threading.Event)

    @property
    def started(self) -> bool:
        return (
            self.script.waiting is None
            and not self.script.unschedulable
            and (self.reads > self.script.pending_reads)
        )

    @property
    def over(self) -> bool:
        script = self.script
        return self.started and not script.hangs and self.printed >= len(script.lines)

    def stamped(self) -> list[str]:
        """The lines with times: two in a second, of a fraction whose last zeros may be left out."""
        return [
            f"2024-01-02T03:{at // 120:02d}:{at // 2 % 60:02d}.{('1', '123456789')[at % 2]}Z {line}"
            for at, line in enumerate(self.script.lines)
        ]

    def document(self) -> dict[str, Any]:
        return {**self.manifest, "status": self._status()}

    def _status(self) -> dict[str, Any]:
        script = self.script
        if not self.started:
            status: dict[str, Any] = {"phase": "Pending"}
            if script.unschedulable:
                status["conditions"] = [
                    {
                        "type": "PodScheduled",
                        "status": "False",
                        "reason": "Unschedulable",
                        "message": script.unschedulable,
                    }
                ]
            elif script.waiting:
                reason, message = script.waiting
                status["containerStatuses"] = [
                    self._container({"waiting": {"reason": reason, "message": message}})
                ]
            return status
        if script.evicted:
            return {"phase": "Failed", "reason": "Evicted", "message": script.evicted}
        if script.init_exit_code is not None:
            ended = {"terminated": {"exitCode": script.init_exit_code, "reason": "Error"}}
            return {"phase": "Failed", "initContainerStatuses": [self._container(ended, "prepare")]}
        if not self.over:
            running = {"running": {"startedAt": "2024-01-02T03:00:00Z"}}
            return {"phase": "Running", "containerStatuses": [self._container(running)]}
        reason = script.reason or ("Completed" if script.exit_code == 0 else "Error")
        ended = {"exitCode": script.exit_code, "reason": reason}
        if self._main.get("terminationMessagePath") == FILE:
            ended["message"] = script.value.decode()[:4096]
        statuses = [self._container({"terminated": ended})]
        phase = "Succeeded" if script.exit_code == 0 else "Failed"
        if self.has_sidecar and not self.sidecar_ended:
            phase = "Running"
        return {"phase": phase, "containerStatuses": statuses}

    @property
    def has_sidecar(self) -> bool:
        return SIDECAR in {found["name"] for found in self.manifest["spec"]["containers"]}

    @property
    def _main(self) -> dict[str, Any]:
        main: dict[str, Any] = self.manifest["spec"]["containers"][0]
        return main

    def _container(self, state: dict[str, Any], name: str = "") -> dict[str, Any]:
        return {
            "name": name or self._main["name"],
            "image": self._main.get("image", ""),
            "imageID": "",
            "ready": False,
            "restartCount": 0,
            "state": state,
        }


class FakeCluster:
    """The pods, what was asked, and the failures to answer with."""

    def __init__(self) -> None:
        self.scripts: list[Script] = []
        self.pods: dict[tuple[str, str], FakePod] = {}
        self.deleted: list[str] = []
        self.checked: list[str] = []
        self.requests: list[str] = []
        self.bodies: list[dict[str, Any]] = []
        self.queries: list[dict[str, str]] = []
        self.failures: list[tuple[str, int]] = []
        """Requests (`POST pods`) and the status that the next such request gets; 0: no answer,
        -1: no answer, though it was done."""
        self.port = 0

    @property
    def pod(self) -> FakePod:
        """The only pod there is."""
        (found,) = self.pods.values()
        return found

    def kubeconfig(self) -> dict[str, Any]:
        return {
            "apiVersion": "v1",
            "kind": "Config",
            "current-context": "fake",
            "clusters": [{"name": "c", "cluster": {"server": f"http://127.0.0.1:{self.port}"}}],
            "users": [{"name": "u", "user": {"token": "t0ken"}}],
            "contexts": [{"name": "fake", "context": {"cluster": "c", "user": "u"}}],
        }

    def add(self, namespace: str, manifest: dict[str, Any], script: Script) -> FakePod:
        pod = self.pods[namespace, manifest["metadata"]["name"]] = FakePod(manifest, script)
        return pod

    def failure(self, request: str) -> int | None:
        for at, (wanted, status) in enumerate(self.failures):
            if request.startswith(wanted):
                del self.failures[at]
                return status
        return None


def problems_of(manifest: dict[str, Any]) -> list[str]:
    """What kube-apiserver would refuse."""
    problems = []
    try:
        check_manifest(manifest, "V1Pod")
    except PlatformConfigError as error:
        problems.append(str(error))
    metadata, spec = manifest["metadata"], manifest["spec"]
    if not _NAME.fullmatch(metadata["name"]) or len(metadata["name"]) > 253:
        problems.append(f"metadata.name: Invalid value: {metadata['name']!r}")
    for key, value in (metadata.get("labels") or {}).items():
        if not isinstance(value, str) or not _LABEL.fullmatch(value) or len(value) > 63:
            problems.append(f"metadata.labels: Invalid value: {key}={value!r}")
    volumes = [volume["name"] for volume in spec.get("volumes") or []]
    problems += [f"spec.volumes: Duplicate value: {n!r}" for n in volumes if volumes.count(n) > 1]
    for container in [*spec["containers"], *(spec.get("initContainers") or [])]:
        if not container.get("image"):
            problems.append(f"spec.containers[{container['name']}].image: Required value")
        for mount in container.get("volumeMounts") or []:
            if mount["name"] not in volumes:
                problems.append(f"volumeMounts[].name: Not found: {mount['name']!r}")
    if spec.get("restartPolicy") not in (None, "Always", "OnFailure", "Never"):
        problems.append("spec.restartPolicy: Unsupported value")
    return problems


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    cluster: FakeCluster

    def log_message(self, format: str, *args: Any) -> None:
        """Be silent."""

    def _handle(self) -> None:
        url = urlsplit(self.path)
        query = {key: values[-1] for key, values in parse_qs(url.query).items()}
        parts = url.path.strip("/").split("/")
        namespace, kind, rest = parts[3], parts[4], parts[5:]
        request = " ".join([self.command, "/".join([kind, *rest[1:]])])
        length = int(self.headers.get("Content-Length") or 0)
        body = json.loads(self.rfile.read(length)) if length else {}
        self.cluster.requests.append(request)
        self.cluster.bodies.append(body)
        self.cluster.queries.append(query)
        status = self.cluster.failure(request)
        if status == 0:
            self.close_connection = True
            return
        if status is not None and status > 0:
            self._refuse(status, "as the test wants")
            return
        if self.headers.get("Authorization") != "Bearer t0ken":
            self._refuse(401, "Unauthorized")
            return
        if status == -1:
            self._create(namespace, body, silent=True)
            self.close_connection = True
            return
        if kind == "events":
            items = [
                {"reason": "Failed", "message": "Back-off", "metadata": {}, "involvedObject": {}}
            ]
            self._json(
                200, {"kind": "EventList", "apiVersion": "v1", "metadata": {}, "items": items}
            )
        elif self.command == "POST" and not rest:
            self._create(namespace, body)
        elif not rest:
            self._list(namespace, query)
        else:
            self._one(namespace, rest, query, body)

    do_GET = do_POST = do_PATCH = do_DELETE = _handle

    def _create(self, namespace: str, body: dict[str, Any], silent: bool = False) -> None:
        name = body["metadata"]["name"]
        if (namespace, name) in self.cluster.pods:
            self._refuse(409, f'pods "{name}" already exists')
            return
        if problems := problems_of(body):
            self._refuse(422, f'Pod "{name}" is invalid: {"; ".join(problems)}')
            return
        script = self.cluster.scripts.pop(0) if self.cluster.scripts else Script()
        pod = self.cluster.add(namespace, body, script)
        if not silent:
            self._json(201, pod.document())

    def _list(self, namespace: str, query: dict[str, str]) -> None:
        items = [
            pod.document()
            for (at, _), pod in self.cluster.pods.items()
            if at == namespace and _selected(pod.manifest, query.get("labelSelector", ""))
        ]
        self._json(200, {"kind": "PodList", "apiVersion": "v1", "metadata": {}, "items": items})

    def _one(
        self, namespace: str, rest: list[str], query: dict[str, str], body: dict[str, Any]
    ) -> None:
        pod = self.cluster.pods.get((namespace, rest[0]))
        if pod is None:
            self._refuse(404, f'pods "{rest[0]}" not found')
        elif rest[1:] == ["log"]:
            self._log(pod, query)
        elif rest[1:] == ["exec"]:
            self._exec(pod)
        elif self.command == "PATCH":
            pod.manifest["metadata"].setdefault("labels", {}).update(body["metadata"]["labels"])
            self.cluster.checked.append(rest[0])
            self._json(200, pod.document())
        elif self.command == "DELETE":
            del self.cluster.pods[namespace, rest[0]]
            self.cluster.deleted.append(rest[0])
            pod.gone.set()
            self._json(200, pod.document())
        else:
            pod.reads += 1
            self._json(200, pod.document())

    def _log(self, pod: FakePod, query: dict[str, str]) -> None:
        if not pod.started:
            self._refuse(400, "container is waiting to start")
            return
        lines = list(enumerate(pod.stamped(), start=1))
        if since := query.get("sinceTime"):
            # The API counts in whole seconds.
            lines = [(at, line) for at, line in lines if line[:19] >= since[:19]]
        cut = pod.script.cuts.pop(0) if pod.script.cuts else None
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        if pod.script.noise:
            self._chunk(b"unable to retrieve container logs for containerd://1\n")
        for sent, (at, line) in enumerate(lines):
            if cut is not None and sent >= cut:
                self._lose()
                return
            pod.printed = max(pod.printed, at)
            self._chunk(f"{line}\n".encode())
        if cut is not None:
            self._lose()
            return
        if query.get("follow") and pod.script.hangs:
            pod.gone.wait(30)
        self._chunk(b"")

    def _lose(self) -> None:
        self.wfile.flush()
        self.close_connection = True

    def _chunk(self, data: bytes) -> None:
        self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
        self.wfile.flush()

    def _exec(self, pod: FakePod) -> None:
        if pod.script.exec_status != 101:
            self._refuse(pod.script.exec_status, "no exec")
            return
        command = parse_qs(urlsplit(self.path).query)["command"]
        accept = hashlib.sha1(f"{self.headers['Sec-WebSocket-Key']}{_SOCKET_KEY}".encode()).digest()
        self.send_response(101)
        self.send_header("Upgrade", "websocket")
        self.send_header("Connection", "Upgrade")
        self.send_header("Sec-WebSocket-Accept", base64.b64encode(accept).decode())
        self.send_header("Sec-WebSocket-Protocol", "v4.channel.k8s.io")
        self.end_headers()
        self.close_connection = True
        if pod.script.exec_cuts > 0:
            pod.script.exec_cuts -= 1
            return
        if "kill" in command[-1]:
            pod.sidecar_ended = True
        else:
            text = pod.script.exec_says or base64.encodebytes(pod.script.value)
            for start in range(0, len(text), 50):
                self._frame(b"\x01" + text[start : start + 50])
        status: dict[str, Any] = {"status": "Success"}
        if pod.script.exec_code:
            cause = {"reason": "ExitCode", "message": str(pod.script.exec_code)}
            status = {"status": "Failure", "details": {"causes": [cause]}}
        self._frame(b"\x03" + json.dumps(status).encode())
        self.wfile.write(b"\x88\x02\x03\xe8")

    def _frame(self, data: bytes) -> None:
        assert len(data) < 126
        self.wfile.write(bytes([0x82, len(data)]) + data)
        self.wfile.flush()

    def _refuse(self, status: int, message: str) -> None:
        self._json(
            status, {"kind": "Status", "status": "Failure", "message": message, "code": status}
        )

    def _json(self, status: int, document: dict[str, Any]) -> None:
        data = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


def _selected(manifest: dict[str, Any], selector: str) -> bool:
    labels = manifest["metadata"].get("labels") or {}
    for term in filter(None, selector.split(",")):
        if "!=" in term:
            key, _, value = term.partition("!=")
            if labels.get(key) == value:
                return False
        else:
            key, _, value = term.partition("=")
            if labels.get(key) != value:
                return False
    return True


@contextmanager
def fake_cluster() -> Iterator[FakeCluster]:
    """Serve a cluster while the block lasts."""
    cluster = FakeCluster()
    handler = type("Handler", (_Handler,), {"cluster": cluster})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    cluster.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield cluster
    finally:
        for pod in list(cluster.pods.values()):
            pod.gone.set()
        server.shutdown()
        server.server_close()
        thread.join()
