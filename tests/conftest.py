"""Fixtures that every test may use."""

from __future__ import annotations

import copy
import os
import shutil
import signal
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any, TypeVar

import pytest
import yaml

from runtime.context import RunContext
from runtime.memory import collect_seldom

T = TypeVar("T")

REPOSITORY = Path(__file__).resolve().parent.parent
_ZENML_SETTINGS = {
    "ZENML_ANALYTICS_OPT_IN": "false",
    "ZENML_LOGGING_VERBOSITY": "ERROR",
    "ZENML_LOGGING_COLORS_DISABLED": "true",
    "ZENML_ENABLE_RICH_TRACEBACK": "false",
    "ZENML_ENABLE_REPO_INIT_WARNINGS": "false",
    "AUTO_OPEN_DASHBOARD": "false",
    "MLFLOW_DISABLE_TELEMETRY": "true",
}
_store: Path | None = None


def pytest_configure() -> None:
    """Point ZenML at a store of this session, before any test module can import ZenML."""
    global _store
    collect_seldom()  # as the processes of the command line do; tests take a tenth less time
    _store = Path(tempfile.mkdtemp(prefix="dag2zen-zenml-"))
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN and _in_main_thread():
        # A shell ignores Ctrl-C for what it starts in the background, and children inherit that.
        signal.signal(signal.SIGINT, signal.default_int_handler)
    os.environ.update(_ZENML_SETTINGS, ZENML_CONFIG_PATH=str(_store))
    if "PYTEST_XDIST_WORKER" in os.environ:
        # A worker has no main file, from whose folder ZenML would take its source root.
        from zenml.utils import source_utils

        source_utils.set_custom_source_root(str(REPOSITORY))


def _in_main_thread() -> bool:
    return threading.current_thread() is threading.main_thread()


def pytest_unconfigure() -> None:
    """Remove the store."""
    if _store is not None:
        shutil.rmtree(_store, ignore_errors=True)


@pytest.fixture(scope="session")
def zenml_store() -> Path:
    """A ZenML store that the session shares; ZenML loads modules from the repository."""
    from zenml.client import Client
    from zenml.utils import source_utils

    from tests.zenml_session import quicken

    assert _store is not None
    quicken()
    source_utils.set_custom_source_root(str(REPOSITORY))
    Client().active_stack  # noqa: B018 - creates the database and the default stack
    return _store


@dataclass(frozen=True)
class EmittedProject:
    """A folder laid out like an emitted project."""

    root: Path
    set_variable: Callable[[str, str], None] = field(default=os.environ.__setitem__, repr=False)

    def configure(self, name: str, settings: dict[str, Any]) -> Path:
        """Write `configs/<name>.yaml`, with the secrets of its connections in the environment."""
        document = copy.deepcopy(settings)
        for conn_id, connection in document.get("connections", {}).items():
            for key in {"password", "token"} & connection.keys():
                variable = f"{conn_id}_{key}".upper()
                self.set_variable(variable, connection[key])
                connection[key] = f"${{{variable}}}"
        return self.write(f"configs/{name}.yaml", yaml.safe_dump(document))

    def write(self, name: str, text: str) -> Path:
        """Write a file, with its folders."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path


@pytest.fixture
def emitted_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> EmittedProject:
    """An empty emitted project that the runtime takes for its own."""
    root = tmp_path / "project"
    root.mkdir()
    monkeypatch.setenv("RUNTIME_PROJECT_ROOT", str(root))
    for name in [name for name in os.environ if name.startswith(("RUNTIME__", "RUNTIME_VAR_"))]:
        monkeypatch.delenv(name)
    return EmittedProject(root, monkeypatch.setenv)


@pytest.fixture
def runnable_project(
    zenml_store: Path, emitted_project: EmittedProject, monkeypatch: pytest.MonkeyPatch
) -> Iterator[EmittedProject]:
    """An emitted project whose pipelines can be loaded and run; imports are put back after."""
    from zenml.utils import source_utils

    monkeypatch.delenv("RUNTIME_PROJECT_ROOT")
    monkeypatch.setattr(sys, "path", list(sys.path))
    yield emitted_project
    source_utils.set_custom_source_root(str(REPOSITORY))
    for name in [name for name in sys.modules if name.split(".")[0] in ("pipelines", "steps")]:
        del sys.modules[name]


@pytest.fixture
def run() -> RunContext:
    """A scheduled daily run of 2 January 2024."""
    day = datetime(2024, 1, 2, 2, tzinfo=timezone.utc)
    return RunContext(
        dag_id="probe-dag",
        run_id="scheduled__2024-01-02T02:00:00+00:00",
        run_type="scheduled",
        logical_date=day,
        data_interval_start=day,
        data_interval_end=day + timedelta(days=1),
        prev_logical_date=day - timedelta(days=1),
        next_logical_date=day + timedelta(days=1),
        params={"market": "BE", "tenures": [6, 12]},
        conf={"reason": "test"},
    )


@pytest.fixture
def in_step(zenml_store: Path, run: RunContext) -> Callable[[Callable[[], T]], T]:
    """Call a function inside of a real ZenML step `probe-task`; its exceptions come out."""
    from tests.runtime.probe import run_in_step

    def call(body: Callable[[], T]) -> T:
        result: T = run_in_step(body, run)
        return result

    return call
