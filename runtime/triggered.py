"""The process that runs one date of a pipeline for another one: `python -m runtime.triggered`, told
by its input.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path


def main() -> None:
    """Run what the JSON of the standard input names; ends with 1 for a failed run."""
    from runtime.exceptions import PipelineRuntimeError
    from runtime.launch import parse_logical_date, start
    from runtime.loading import load_pipeline
    from runtime.report import FAILED

    order = json.load(sys.stdin)
    try:
        pipeline, schedule = load_pipeline(Path(order["file"]))
        report = start(
            pipeline,
            schedule,
            logical_date=parse_logical_date(order["logical_date"]),
            params=order.get("params"),
            conf=order["conf"],
            run_type=order["run_type"],
            run_id=order.get("run_id"),
            tags=order.get("tags", ()),
        )
    except PipelineRuntimeError as error:
        sys.exit(f"error: {error}")
    sys.exit(1 if report.state == FAILED else 0)


if __name__ == "__main__":
    main()
