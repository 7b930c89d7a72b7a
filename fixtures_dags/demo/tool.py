"""Calls of the `dag2zen` command, as a user would make them."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.console import Console

RUN_TIMEOUT_SECONDS = 600
_STEP = re.compile(r"Step (\S+) has (started|finished)")


class DemoError(Exception):
    """A step of the demonstration failed; the message says which, and what it printed."""


def dag2zen(arguments: Sequence[str], environment: dict[str, str], console: Console) -> None:
    """Run the command and pass on what it prints. Raises DemoError where it fails."""
    console.print(f"[dim]$ dag2zen {' '.join(map(_short, arguments))}")
    done = subprocess.run(
        [sys.executable, "-m", "transpiler", *arguments],
        env=environment,
        check=False,
        timeout=RUN_TIMEOUT_SECONDS,
    )
    if done.returncode != 0:
        raise DemoError(f"dag2zen {arguments[0]} ended with exit code {done.returncode}")


def run_pipeline(
    project: Path, dag_id: str, logical_date: str, environment: dict[str, str], console: Console
) -> dict[str, Any]:
    """Run one emitted pipeline and give its report; the step at work is shown.

    Raises DemoError, with what the command printed, where the run does not succeed.
    """
    file = project / "pipelines" / f"{dag_id.replace('-', '_')}.py"
    arguments = ["run", str(file), "--logical-date", logical_date, "--json"]
    console.print(f"[dim]$ dag2zen {' '.join(map(_short, arguments))}")
    started = time.monotonic()
    with subprocess.Popen(
        [sys.executable, "-m", "transpiler", *arguments],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        log = _follow(process, console)
        output = process.stdout.read()
    if process.returncode != 0:
        tail = "\n".join(log[-30:])
        raise DemoError(
            f"the run of {dag_id} ended with exit code {process.returncode}\n{tail}\n{output}"
        )
    report: dict[str, Any] = json.loads(output)
    seconds = time.monotonic() - started
    console.print(f"{len(report['tasks'])} tasks, {report['state']}, {seconds:.0f} s")
    return report


def _follow(process: subprocess.Popen[str], console: Console) -> list[str]:
    """Show the step that a run is at; gives the lines of its log."""
    assert process.stderr is not None
    lines: list[str] = []
    with console.status("starting ZenML") as status:
        for line in process.stderr:
            lines.append(line.rstrip())
            step = _STEP.search(line)
            if step and step.group(2) == "started":
                status.update(f"step {step.group(1)}")
            elif step:
                console.print(f"  [green]✓[/] {step.group(1)}", highlight=False)
    return lines


def _short(argument: str) -> str:
    path = Path(argument)
    return (
        str(path.relative_to(Path.cwd()))
        if path.is_absolute() and path.is_relative_to(Path.cwd())
        else argument
    )
