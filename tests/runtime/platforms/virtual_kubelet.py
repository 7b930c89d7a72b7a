"""A node of a real cluster that runs the first container of each pod as a process of this machine.

Tells the cluster what a kubelet tells: states, exit codes, termination messages; and gives logs to
kube-apiserver over TLS, stamped and followed.
"""

from __future__ import annotations

import datetime
import ipaddress
import os
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

NODE = "loopback"
_POLL_SECONDS = 0.05


class VirtualKubelet:
    """Runs pods; `logs` are their stamped lines by pod and container."""

    def __init__(self, api: Any, namespace: str, folder: Path) -> None:
        from kubernetes import client

        self.core = client.CoreV1Api(api)
        self.namespace = namespace
        self.folder = folder
        self.logs: dict[str, list[str]] = {}
        self.over: set[str] = set()
        self.ending = threading.Event()
        self._threads: dict[str, threading.Thread] = {}

    def register(self, port: int) -> None:
        """Join the cluster as a node that answers at this port."""
        from kubernetes import client

        self.core.create_node(client.V1Node(metadata=client.V1ObjectMeta(name=NODE)))
        status = {
            "addresses": [{"type": "InternalIP", "address": "127.0.0.1"}],
            "daemonEndpoints": {"kubeletEndpoint": {"Port": port}},
        }
        self.core.patch_node_status(NODE, {"status": status})

    def run(self) -> None:
        """Take pods until the end."""
        while not self.ending.wait(_POLL_SECONDS):
            for pod in self.core.list_namespaced_pod(self.namespace).items:
                name = pod.metadata.name
                if pod.metadata.deletion_timestamp is not None:
                    self.core.delete_namespaced_pod(name, self.namespace, grace_period_seconds=0)
                elif name not in self._threads:
                    thread = threading.Thread(target=self._run_pod, args=(pod,))
                    self._threads[name] = thread
                    thread.start()
        for thread in self._threads.values():
            thread.join()

    def _run_pod(self, pod: Any) -> None:
        from kubernetes import client

        name, container = pod.metadata.name, pod.spec.containers[0]
        self.logs[name] = []
        target = client.V1ObjectReference(kind="Node", name=NODE, api_version="v1")
        binding = client.V1Binding(metadata=client.V1ObjectMeta(name=name), target=target)
        self.core.create_namespaced_binding(self.namespace, binding, _preload_content=False)
        message = self.folder / f"{name}.message"
        environment = {item.name: item.value for item in container.env or []}
        with subprocess.Popen(
            [*(container.command or []), *(container.args or [])],
            env={**environment, "PATH": os.environ["PATH"], "MESSAGE": str(message)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        ) as process:
            self._tell(name, container.name, "Running", {"running": {}})
            assert process.stdout is not None
            for line in process.stdout:
                now = datetime.datetime.now(datetime.timezone.utc)
                self.logs[name].append(f"{now:%Y-%m-%dT%H:%M:%S.%f}000Z {line}")
            code = process.wait()
        ended = {"exitCode": code, "reason": "Error" if code else "Completed"}
        if message.exists():
            ended["message"] = message.read_text(encoding="utf-8")
        self._tell(name, container.name, "Failed" if code else "Succeeded", {"terminated": ended})
        self.over.add(name)

    def _tell(self, pod: str, container: str, phase: str, state: dict[str, Any]) -> None:
        from kubernetes.client import ApiException

        told = {
            "name": container,
            "image": "",
            "imageID": "",
            "ready": False,
            "restartCount": 0,
            "state": state,
        }
        status = {"phase": phase, "containerStatuses": [told]}
        try:
            self.core.patch_namespaced_pod_status(pod, self.namespace, {"status": status})
        except ApiException as error:
            if error.status != 404:  # It was deleted meanwhile.
                raise


class _Logs(BaseHTTPRequestHandler):
    kubelet: VirtualKubelet

    def log_message(self, format: str, *args: Any) -> None:
        """Be silent."""

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        _, _, _, pod, _ = url.path.split("/")
        query = {key: values[-1] for key, values in parse_qs(url.query).items()}
        since = query.get("sinceTime", "")
        self.send_response(200)
        self.end_headers()
        sent = 0
        while True:
            over = pod in self.kubelet.over
            lines = self.kubelet.logs.get(pod, [])
            for line in lines[sent:]:
                if line[:19] >= since[:19]:
                    self.wfile.write(line.encode())
            sent = len(lines)
            if over or "follow" not in query or self.kubelet.ending.wait(_POLL_SECONDS):
                return


@contextmanager
def virtual_kubelet(api: Any, namespace: str, folder: Path) -> Iterator[VirtualKubelet]:
    """Run a node while the block lasts."""
    kubelet = VirtualKubelet(api, namespace, folder)
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Logs", (_Logs,), {"kubelet": kubelet}))
    server.daemon_threads = True
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(_certificate(folder))
    server.socket = context.wrap_socket(server.socket, server_side=True)
    kubelet.register(server.server_address[1])
    threads = [
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}),
        threading.Thread(target=kubelet.run),
    ]
    for thread in threads:
        thread.start()
    try:
        yield kubelet
    finally:
        kubelet.ending.set()
        server.shutdown()
        server.server_close()
        for thread in threads:
            thread.join()


def _certificate(folder: Path) -> Path:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import rsa
    from cryptography.x509.oid import NameOID

    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NODE)])
    now = datetime.datetime.now(datetime.timezone.utc)
    address = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([address]), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = folder / "node.pem"
    pem = serialization.Encoding.PEM
    private = key.private_bytes(
        pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(private + certificate.public_bytes(pem))
    return file
