"""The loops of the listener and the receiver, ended as a service manager ends them."""

from __future__ import annotations

import os
import signal
import threading
import time

import httpx
import pytest

from runtime.listening import listen
from runtime.listening.listener import Told
from runtime.serving.server import serve
from runtime.serving.signing import SECRET_VARIABLES
from tests.runtime.listening.conftest import Pipelines  # type: ignore[import-not-found, unused-ignore]


def test_nothing_is_due(pipelines: Pipelines) -> None:
    pipelines.write("later", "cron='@daily', start_date='2999-01-01'")
    told: list[Told] = []
    assert listen(pipelines.project.root, jobs=1, once=True, tell=told.append) == 0
    assert told == []


def test_a_signal_ends_the_listener(pipelines: Pipelines) -> None:
    pipelines.write(
        "later", f"cron='@daily', start_date='2999-01-01', assets={pipelines.uri('x')!r}"
    )
    before = signal.getsignal(signal.SIGTERM)
    threading.Thread(target=_end_when_listening, args=(before,)).start()
    assert listen(pipelines.project.root, jobs=1, once=False, tell=print) == 0
    assert signal.getsignal(signal.SIGTERM) is before


def _end_when_listening(handler: object) -> None:
    """Before the listener has its own handler, the signal would end the tests."""
    while signal.getsignal(signal.SIGTERM) is handler:
        time.sleep(0.05)
    os.kill(os.getpid(), signal.SIGTERM)


def test_a_signal_ends_the_receiver(pipelines: Pipelines, monkeypatch: pytest.MonkeyPatch) -> None:
    pipelines.write("asked")
    monkeypatch.setenv(SECRET_VARIABLES[0], "a secret of more than sixteen characters")
    seen: list[int] = []

    def ask_and_end(port: int) -> None:
        seen.append(httpx.get(f"http://127.0.0.1:{port}/health", timeout=60).status_code)
        os.kill(os.getpid(), signal.SIGTERM)

    def on_start(host: str, port: int) -> None:
        threading.Thread(target=ask_and_end, args=(port,)).start()

    before = signal.getsignal(signal.SIGTERM)
    serve(pipelines.project.root, host="127.0.0.1", port=0, jobs=1, on_start=on_start)
    assert seen == [200] and signal.getsignal(signal.SIGTERM) is before
