"""Ctrl-C in the middle of reading or writing: no word of the workers."""

from __future__ import annotations

import signal
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor

import pytest

from transpiler.batch.interrupts import interrupts_held
from transpiler.batch.processes import _pool as reading_pool
from transpiler.report.page.sharing import _pool as page_pool

pytestmark = pytest.mark.skipif(not hasattr(signal, "pthread_sigmask"), reason="Windows")


@pytest.mark.parametrize("make", [reading_pool, page_pool], ids=["reading", "pages"])
def test_a_worker_ends_silently(make: Callable[[int], ProcessPoolExecutor]) -> None:
    with make(1) as pool:
        with interrupts_held():
            handler = pool.submit(signal.getsignal, signal.SIGINT)
            blocked = pool.submit(signal.pthread_sigmask, signal.SIG_BLOCK, [])
        assert handler.result() == signal.SIG_DFL
        assert signal.SIGINT not in blocked.result()


def test_ctrl_c_comes_through_once_the_workers_are_started() -> None:
    with pytest.raises(KeyboardInterrupt), interrupts_held():
        signal.raise_signal(signal.SIGINT)
