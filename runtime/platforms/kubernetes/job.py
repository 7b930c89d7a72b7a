"""One pod from its start to its end.

Source: `airflow.providers.cncf.kubernetes.operators.pod.KubernetesPodOperator.execute_sync`.
"""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING

from runtime.exceptions import PlatformError, TaskTimeoutError
from runtime.platforms.errors import PlatformConnectionError, StartupTimeoutError
from runtime.platforms.kubernetes import state
from runtime.platforms.kubernetes.exec import end_sidecar, read_sidecar
from runtime.platforms.kubernetes.labels import selector
from runtime.platforms.kubernetes.logs import follow
from runtime.platforms.kubernetes.pod import pod_manifest
from runtime.platforms.kubernetes.pods import Pods
from runtime.platforms.kubernetes.xcom import SIDECAR, parse_value
from runtime.platforms.spec import ContainerResult

if TYPE_CHECKING:
    from pydantic import JsonValue

    from runtime.platforms.kubernetes.cluster import Cluster
    from runtime.platforms.kubernetes.settings import KubernetesSettings
    from runtime.platforms.kubernetes.template import Manifest
    from runtime.platforms.spec import ContainerSpec, JobIdentity

logger = logging.getLogger(__name__)

# Waiting in short turns lets a limit around this one interrupt a thread that signals cannot reach.
_LONGEST_PAUSE_SECONDS = 0.5
_TURN_SECONDS = 0.2
_UNKNOWN_EXIT_CODE = 255


class PodJob:
    """Runs a container as a pod; every way out leaves the pod as `on_finish_action` says."""

    def __init__(
        self,
        cluster: Cluster,
        spec: ContainerSpec,
        identity: JobIdentity | None,
        settings: KubernetesSettings,
    ) -> None:
        """Make the manifest. Raises `PlatformConfigError` for one that Kubernetes would refuse."""
        self._spec, self._identity, self._settings = spec, identity, settings
        self._manifest = pod_manifest(spec, identity, settings)
        self._pods = Pods(cluster, self._manifest["metadata"]["namespace"])
        self._name = str(self._manifest["metadata"]["name"])
        self._container = str(self._manifest["spec"]["containers"][0]["name"])
        limit = spec.timeout_seconds
        self._deadline = None if limit is None else time.monotonic() + limit
        self._last_line = ""

    def run(self) -> ContainerResult:
        """Run the pod to its end; see `BasePlatform.run_job`."""
        try:
            self._take_over_or_create()
            self._wait_for_start()
            self._stream_log()
            pod, value = self._wait_for_end()
        except PlatformConnectionError:
            # The pod may well be running: the next attempt takes it over.
            logger.error("The pod %s is left as it is, for the next attempt.", self._name)
            raise
        except StartupTimeoutError:
            self._finish(succeeded=False)
            raise
        except BaseException:
            self._give_up()
            raise
        code = state.exit_code(pod, self._container)
        succeeded = code == 0
        message = "" if succeeded else state.failure(pod, self._container)
        if not succeeded:
            for event in self._pods.events(self._name):
                logger.info("Pod event: %s", event)
        self._finish(succeeded)
        return ContainerResult(
            exit_code=_UNKNOWN_EXIT_CODE if code is None else code,
            last_line=self._last_line,
            message=message,
            value=value if succeeded else None,
        )

    def _give_up(self) -> None:
        """Delete the pod; where that fails, it must not hide the reason."""
        try:
            self._pods.delete(self._name, self._spec.termination_grace_seconds)
        except PlatformError as error:
            logger.error("The pod %s may be left, delete it: %s", self._name, error)

    def _take_over_or_create(self) -> None:
        found = self._running_before()
        if found is None:
            self._pods.create(self._manifest)
            logger.info("The pod %s was created in %s.", self._name, self._pods.namespace)
            return
        self._name = str(found["metadata"]["name"])
        self._container = str(found["spec"]["containers"][0]["name"])
        logger.info("The pod %s of an earlier attempt is taken over.", self._name)

    def _running_before(self) -> Manifest | None:
        if self._identity is None:
            return None
        found = [
            pod
            for pod in self._pods.find(selector(self._identity))
            if "deletionTimestamp" not in pod["metadata"]
        ]
        if not found or not self._spec.reattach:
            for pod in found:  # Left by a process that died; nobody will look at it any more.
                self._pods.mark_checked(pod["metadata"]["name"])
                if self._spec.on_finish_action == "delete_pod":
                    self._pods.delete(pod["metadata"]["name"])
            return None
        if len(found) > 1:
            names = ", ".join(sorted(pod["metadata"]["name"] for pod in found))
            raise PlatformError(
                f"More than one pod of this task is there: {names}. Delete those that are not "
                "wanted, and run the task again."
            )
        return found[0]

    def _wait_for_start(self) -> None:
        limit = self._spec.startup_timeout_seconds or self._settings.startup_timeout_seconds
        deadline = time.monotonic() + limit
        while True:
            pod = self._pods.read(self._name)
            if state.has_started(pod, self._container):
                return
            reason, message = state.waiting_reason(pod)
            told = f"{reason}: {message}" if message else reason
            if reason in state.HOPELESS:
                raise PlatformError(f"The pod {self._name} cannot start: {told}.")
            if time.monotonic() >= deadline:
                raise StartupTimeoutError(
                    f"The pod {self._name} did not start within {limit:g} s"
                    f"{f' ({told})' if told else ''}. Correct the cause, or raise "
                    "`startup_timeout_seconds`."
                )
            self._sleep()

    def _stream_log(self) -> None:
        """Pass the output to the log, line by line, until the container has ended."""
        names = self._log_containers()
        for name in names:
            for line in self._in_turns(self._lines(name)):
                if name == self._container:
                    self._last_line = line
                logger.info("%s" if len(names) == 1 else f"[{name}] %s", line)

    def _log_containers(self) -> list[str]:
        wanted = self._spec.log_containers
        if wanted == "all":
            containers = self._pods.read(self._name)["spec"]["containers"]
            return [found["name"] for found in containers if found["name"] != SIDECAR]
        return list(wanted) or [self._container]

    def _lines(self, container: str) -> Iterator[str]:
        return follow(
            self._pods,
            self._name,
            container,
            lambda: state.is_over(self._pods.read(self._name), container),
            self._settings.log_read_timeout_seconds,
            lambda: time.sleep(min(self._settings.poll_interval_seconds, _LONGEST_PAUSE_SECONDS)),
        )

    def _in_turns(self, lines: Iterator[str]) -> Iterator[str]:
        """Read in a thread, so that a blocked connection keeps neither timeouts nor signals."""
        pending: queue.Queue[str | BaseException | None] = queue.Queue(maxsize=1000)
        given_up = threading.Event()

        def put(item: str | BaseException | None) -> None:
            while not given_up.is_set():
                with suppress(queue.Full):
                    pending.put(item, timeout=_TURN_SECONDS)
                    return

        def read() -> None:
            try:
                for line in lines:
                    put(line)
                    if given_up.is_set():
                        return
            except Exception as error:  # Raised again by the thread that waits.
                put(error)
            put(None)

        threading.Thread(target=read, name=f"log of {self._name}", daemon=True).start()
        try:
            while True:
                self._check_time()
                try:
                    item = pending.get(timeout=_TURN_SECONDS)
                except queue.Empty:
                    continue
                if item is None:
                    return
                if isinstance(item, BaseException):
                    raise item
                yield item
        finally:
            given_up.set()

    def _wait_for_end(self) -> tuple[Manifest, JsonValue]:
        while not state.is_over(pod := self._pods.read(self._name), self._container):
            self._sleep()
        value: JsonValue = None
        succeeded = state.exit_code(pod, self._container) == 0
        if self._has_sidecar(pod):
            timeout = self._settings.request_timeout_seconds
            try:
                if succeeded:
                    value = read_sidecar(self._pods, self._name, timeout)
            finally:
                end_sidecar(self._pods, self._name, timeout)
        elif self._spec.returns_value and succeeded:
            value = parse_value(state.termination_message(pod, self._container))
        return pod, value

    def _has_sidecar(self, pod: Manifest) -> bool:
        names = {container["name"] for container in pod["spec"]["containers"]}
        return SIDECAR in names and state.phase(pod) not in state.FINAL

    def _finish(self, succeeded: bool) -> None:
        """Delete the pod, or keep it and note that its end was seen.

        Source: `KubernetesPodOperator.cleanup`.
        """
        action = self._spec.on_finish_action
        if action == "delete_pod" or (action == "delete_succeeded_pod" and succeeded):
            self._pods.delete(self._name)
            return
        self._pods.mark_checked(self._name)
        logger.info("The pod %s is kept.", self._name)

    def _sleep(self) -> None:
        until = time.monotonic() + self._settings.poll_interval_seconds
        while (left := until - time.monotonic()) > 0:
            self._check_time()
            time.sleep(min(left, _TURN_SECONDS))

    def _check_time(self) -> None:
        if self._deadline is not None and time.monotonic() > self._deadline:
            raise TaskTimeoutError(
                f"The pod {self._name} was deleted: it ran longer than its timeout of "
                f"{self._spec.timeout_seconds:g} s."
            )
