"""A real kube-apiserver with its etcd on loopback, where their programs can be had.

Programs are looked for where Kubernetes' own test tools put them: in the folder that
KUBEBUILDER_ASSETS names (https://book.kubebuilder.io/reference/envtest), and on the PATH.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

PROGRAMS = ("etcd", "kube-apiserver")
NAMESPACE = "ml"


def program(name: str) -> str | None:
    """Find a program of the control plane, None where there is none."""
    assets = os.environ.get("KUBEBUILDER_ASSETS")
    return shutil.which(name, path=assets) if assets else shutil.which(name)


@dataclass(frozen=True)
class Cluster:
    """A control plane without nodes: its kubeconfig, and that of an account without rights."""

    kubeconfig: Path
    powerless: Path

    def client(self) -> Any:
        """The official client with all rights."""
        from kubernetes import config

        return config.new_client_from_config(str(self.kubeconfig))


@contextmanager
def kube_apiserver(folder: Path) -> Iterator[Cluster]:
    """Run etcd and kube-apiserver while the block lasts."""
    store, peers, port = (_free_port() for _ in range(3))
    tokens = {name: secrets.token_hex(16) for name in ("admin", "powerless")}
    key = _service_account_key(folder)
    token_file = folder / "tokens.csv"
    token_file.write_text(
        f"{tokens['admin']},admin,1,system:masters\n{tokens['powerless']},powerless,2\n", "utf-8"
    )
    etcd = [
        *(str(program("etcd")), "--data-dir", str(folder / "etcd")),
        *("--listen-client-urls", f"http://127.0.0.1:{store}"),
        *("--advertise-client-urls", f"http://127.0.0.1:{store}"),
        *("--listen-peer-urls", f"http://127.0.0.1:{peers}"),
    ]
    server = [
        *(str(program("kube-apiserver")), f"--etcd-servers=http://127.0.0.1:{store}"),
        *("--bind-address=127.0.0.1", f"--secure-port={port}", f"--cert-dir={folder / 'certs'}"),
        *(f"--token-auth-file={token_file}", "--authorization-mode=RBAC"),
        *("--service-account-issuer=https://kubernetes.default.svc",),
        *(f"--service-account-key-file={key}", f"--service-account-signing-key-file={key}"),
        # There is no controller that would give each namespace its service account.
        *("--service-cluster-ip-range=10.0.0.0/24", "--disable-admission-plugins=ServiceAccount"),
        "--kubelet-preferred-address-types=InternalIP",
    ]
    with _running(etcd, folder / "etcd.log"), _running(server, folder / "server.log") as process:
        authority = folder / "certs" / "apiserver.crt"
        files = {name: folder / f"{name}.json" for name in tokens}
        for name, token in tokens.items():
            document = _kubeconfig(f"https://127.0.0.1:{port}", authority, token)
            files[name].write_text(json.dumps(document), encoding="utf-8")
        _wait(process, port, authority, tokens["admin"], folder / "server.log")
        cluster = Cluster(files["admin"], files["powerless"])
        _make_namespace(cluster)
        yield cluster


@contextmanager
def _running(command: list[str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    with log.open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT)
    try:
        yield process
    finally:
        process.terminate()
        process.wait()


def _wait(
    process: subprocess.Popen[bytes], port: int, authority: Path, token: str, log: Path
) -> None:
    import ssl

    url, headers = f"https://127.0.0.1:{port}/readyz", {"Authorization": f"Bearer {token}"}
    while process.poll() is None:
        if authority.exists():
            try:
                context = ssl.create_default_context(cafile=str(authority))
                if httpx.get(url, headers=headers, verify=context).status_code == 200:
                    return
            except (httpx.TransportError, ssl.SSLError):
                pass  # Not there yet.
        time.sleep(0.1)
    raise AssertionError(log.read_text(encoding="utf-8", errors="replace")[-3000:])


def _make_namespace(cluster: Cluster) -> None:
    from kubernetes import client

    with cluster.client() as api:
        body = client.V1Namespace(metadata=client.V1ObjectMeta(name=NAMESPACE))
        client.CoreV1Api(api).create_namespace(body)


def _kubeconfig(server: str, authority: Path, token: str) -> dict[str, Any]:
    cluster = {"server": server, "certificate-authority": str(authority)}
    return {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": "test",
        "clusters": [{"name": "c", "cluster": cluster}],
        "users": [{"name": "u", "user": {"token": token}}],
        "contexts": [{"name": "test", "context": {"cluster": "c", "user": "u"}}],
    }


def _service_account_key(folder: Path) -> Path:
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    file = folder / "service-account.key"
    made = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = made.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.TraditionalOpenSSL,
        serialization.NoEncryption(),
    )
    file.write_bytes(pem)
    return file


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
