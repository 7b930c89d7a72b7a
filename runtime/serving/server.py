"""Run the receiver until told to end."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from runtime.exceptions import LaunchError, ServeError
from runtime.listening.processes import RunProcesses
from runtime.loading import load_pipeline
from runtime.serving.signing import secrets_of_environment

_KEEP_ALIVE_SECONDS = 5
_AT_ONE_TIME = 64


def serve(
    project: Path, *, host: str, port: int, jobs: int, on_start: Callable[[str, int], None]
) -> None:
    """Receive webhooks for the pipelines of a project until SIGTERM or Ctrl-C.

    `on_start` is told host and port. The runs that then go on are ended. Raises `ServeError` for a
    missing secret or package, or an address that cannot be had, `LaunchError` for a project without
    pipelines.
    """
    secrets = secrets_of_environment()
    try:
        import uvicorn

        from runtime.serving.app import create_app
        from runtime.serving.work import Work
    except ModuleNotFoundError as error:
        raise ServeError(
            f"Serving needs {error.name}. Install it: pip install 'dag2zen[serve]'"
        ) from error
    pipelines = find_pipelines(project)
    with RunProcesses() as processes:
        app = create_app(Work(pipelines, processes, jobs=jobs), secrets)
        config = uvicorn.Config(
            app,
            host=host,
            port=port,
            log_level="warning",
            access_log=False,
            server_header=False,
            limit_concurrency=_AT_ONE_TIME,
            timeout_keep_alive=_KEEP_ALIVE_SECONDS,
        )
        try:
            socket = config.bind_socket()
        except SystemExit as error:
            raise ServeError(f"{host}:{port} cannot be listened on. Choose another.") from error
        socket.listen()  # who connects from now on waits until the server answers
        on_start(host, socket.getsockname()[1])
        with _outlived_signals():
            uvicorn.Server(config).run(sockets=[socket])


@contextmanager
def _outlived_signals() -> Iterator[None]:
    """Let the process live on when uvicorn has ended: it raises the signal that ended it again."""
    numbers = (signal.SIGTERM, signal.SIGINT)
    before = [signal.signal(number, lambda signum, frame: None) for number in numbers]
    try:
        yield
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)


def find_pipelines(project: Path) -> dict[str, Path]:
    """Give the files of a project's pipelines by DAG id; one that does not load raises."""
    files = [one for one in sorted((project / "pipelines").glob("*.py")) if one.stem != "__init__"]
    if not files:
        raise LaunchError(f"{project} has no pipelines. Name the folder of an emitted project.")
    return {load_pipeline(file)[0].name: file.resolve() for file in files}
