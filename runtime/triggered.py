"""The process that runs one date of a pipeline for another one: `python -m runtime.triggered`, told
by its input.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from runtime.memory import short_process

if TYPE_CHECKING:
    from runtime.context import RunContext
    from runtime.schedule import DagSchedule

ALREADY_STARTED = 3
"""Exit code where another process has started the run."""


def main() -> None:
    """Run what the JSON of the standard input names; ends with the code of `run_order`."""
    with short_process():
        sys.exit(run_order(json.load(sys.stdin)))


def run_order(order: dict[str, Any]) -> int:
    """Run what an order names; gives 1 for a failed run, or one that could not be started, and 3
    where the run of that name is there already.
    """
    from runtime.exceptions import AlreadyStartedError, PipelineRuntimeError
    from runtime.launch import start_in_context
    from runtime.loading import load_pipeline
    from runtime.report import FAILED

    try:
        pipeline, schedule = load_pipeline(Path(order["file"]))
        report = start_in_context(
            pipeline,
            _context(pipeline.name, schedule, order),
            schedule=schedule,
            tags=order.get("tags", ()),
            run_name=order.get("run_name"),
        )
    except AlreadyStartedError as error:
        print(error, file=sys.stderr)
        return ALREADY_STARTED
    except PipelineRuntimeError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 1 if report.state == FAILED else 0


def _context(dag_id: str, schedule: DagSchedule, order: dict[str, Any]) -> RunContext:
    """Make the run's context, and lay over it what the order has of its own."""
    from runtime.launch import parse_logical_date, run_context

    context = run_context(
        dag_id,
        schedule,
        logical_date=parse_logical_date(order["logical_date"]),
        params=order.get("params"),
        conf=order["conf"],
        run_type=order["run_type"],
    )
    own = {name: order[name] for name in ("run_id", "triggering_events") if order.get(name)}
    if order.get("data_interval"):
        own["data_interval_start"], own["data_interval_end"] = order["data_interval"]
    return type(context).model_validate({**dict(context), **own})


if __name__ == "__main__":
    main()
