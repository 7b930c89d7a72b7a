"""`dag2zen serve`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from transpiler.commands.failures import fail


def serve(
    project: Annotated[Path, typer.Argument(metavar="DIR", help="An emitted project.")],
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="The port; 0 takes a free one.")
    ] = 8787,
    jobs: Annotated[int, typer.Option(min=1, help="How many runs go on at one time.")] = 4,
) -> None:
    """Receive signed webhooks: start pipelines, note states of upstream runs and updates of assets.

    The secret that signatures are checked by is in the environment, RUNTIME_WEBHOOK_SECRET. Speaks
    plain HTTP: put a proxy with TLS before it where it is reached from other machines. SIGTERM and
    Ctrl-C end the runs that go on. Loads the emitted code. Exit code 0: stopped; 2: it could not be
    started.
    """
    try:
        from runtime.exceptions import PipelineRuntimeError
        from runtime.serving.server import serve as receive

        receive(project, host=host, port=port, jobs=jobs, on_start=_tell)
    except ModuleNotFoundError as error:
        if (error.name or "").split(".")[0] != "zenml":
            raise
        raise fail("serving needs ZenML. Install it: pip install 'dag2zen[runtime]'") from error
    except PipelineRuntimeError as error:
        raise fail(str(error)) from error


def _tell(host: str, port: int) -> None:
    typer.echo(f"Listening on http://{host}:{port}")
