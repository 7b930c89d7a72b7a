"""What signed requests ask for: runs, states of upstream runs, updates of assets."""

from __future__ import annotations

import hashlib
import logging
import re
import threading
from collections.abc import Mapping
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from runtime.assets.events import AssetUpdate
from runtime.assets.store import record
from runtime.listening.listener import Processes
from runtime.runs import find_run, runs_at
from runtime.serving.bodies import AssetBody, RunBody, StateBody
from runtime.serving.refusal import Refusal
from runtime.triggering import run_id_tag
from runtime.upstreams import UpstreamState, note_state

logger = logging.getLogger(__name__)

_KEY = re.compile(r"[\w.-]{1,250}")


class Work:
    """Does what requests ask for; `pipelines` are the files of the project by DAG id.

    A key that was used before has no further effect, in whichever process that was: ZenML has one
    run, and one artifact version, of a name.
    """

    def __init__(self, pipelines: Mapping[str, Path], processes: Processes, *, jobs: int) -> None:
        """Take the pipelines that may be started, what runs them, and how many at one time."""
        self._pipelines = pipelines
        self._processes = processes
        self._jobs = jobs
        self._going: dict[str, tuple[str, dict[str, Any]]] = {}
        self._lock = threading.Lock()

    def start(self, dag_id: str, body: RunBody, key: str) -> dict[str, Any]:
        """Start a run by hand, as Airflow's `POST /dags/{dag_id}/dagRuns`."""
        if dag_id not in self._pipelines:
            raise Refusal(404, "pipeline", "There is no such pipeline in this project.")
        name = f"{dag_id}-webhook-{_digest(key)}"
        asked = _digest(body.model_dump_json())
        with self._lock:
            self._forget_ended()
            known = self._known(name, asked)
            if known is not None:
                return known
            date = body.logical_date or datetime.now(timezone.utc)
            if runs_at(dag_id, date):
                text = f"There is a run of {dag_id} at {date.isoformat()} already."
                raise Refusal(409, "exists", text)
            if len(self._going) >= self._jobs:
                text = f"{self._jobs} runs go on, which is the limit. Try again later."
                raise Refusal(503, "busy", text, {"Retry-After": "30"})
            run_id = body.run_id or f"manual__{date.isoformat()}"
            order = {
                "file": str(self._pipelines[dag_id]),
                "logical_date": date.isoformat(),
                "conf": body.conf,
                "run_type": "manual",
                "run_id": run_id,
                "run_name": name,
                "tags": [run_id_tag(run_id), _asked_tag(asked)],
            }
            told = {"dag_id": dag_id, "run_id": run_id, "logical_date": date.isoformat()}
            self._processes.start(name, order)
            self._going[name] = (asked, told)
        return {**told, "state": "started"}

    def note(self, dag_id: str, body: StateBody, key: str) -> dict[str, Any]:
        """Note the state of a run elsewhere, which steps that wait for it then see."""
        if not _KEY.fullmatch(dag_id):
            raise Refusal(422, "upstream", "This is no DAG id.")
        note_state(dag_id, UpstreamState(**dict(body)), key=key)
        return {"dag_id": dag_id, "state": "noted"}

    def update(self, body: AssetBody, key: str) -> dict[str, Any]:
        """Store an update of an asset, which starts the pipelines that listen for it."""
        event = record(AssetUpdate(**dict(body)), key=key)
        return {"uri": event.uri, "timestamp": event.timestamp.isoformat(), "state": "noted"}

    def _known(self, name: str, asked: str) -> dict[str, Any] | None:
        """Give what was answered to the same request before; one with another body is refused."""
        before = self._going.get(name)
        run = None if before else find_run(name)
        if before is None and run is None:
            return None
        tags = {tag.name for tag in run.tags} if run else set()
        if before and before[0] != asked or run and _asked_tag(asked) not in tags:
            raise Refusal(409, "key", "The Idempotency-Key was used for another request.")
        if before:
            return {**before[1], "state": "exists"}
        ids = [tag.partition(":")[2] for tag in tags if tag.startswith("run_id:")]
        dates = [tag.partition(":")[2] for tag in tags if tag.startswith("logical_date:")]
        return {"run_id": ids[0], "logical_date": dates[0], "state": "exists"}

    def _forget_ended(self) -> None:
        for ended in self._processes.ended():
            self._going.pop(ended.name, None)
            if ended.code:
                logger.error("The run %s did not succeed: %s", ended.name, ended.tail)


def _asked_tag(digest: str) -> str:
    return f"asked:{digest}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:40]
