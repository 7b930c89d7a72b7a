"""`python -m benchmarks.inference_library SETTINGS`: the pipeline, run once."""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.memory import peak_megabytes


def main() -> None:
    """Run the pipeline and print rows, seconds (also of the steps) and MB as JSON, last line."""
    os.environ.update(ZENML_CONFIG_PATH=tempfile.mkdtemp(), ZENML_LOGGING_VERBOSITY="ERROR")
    import pandas  # noqa: F401
    import pyarrow.parquet  # noqa: F401
    import sklearn.linear_model  # noqa: F401
    import snowflake.connector  # noqa: F401
    from zenml.client import Client

    from runtime.launch import start
    from runtime.loading import load_pipeline
    from runtime.models import pyfunc

    pyfunc()
    pipeline, schedule = load_pipeline(Path(sys.argv[1]).parent / "pipelines" / "benchmark.py")
    Client().active_stack  # noqa: B018 - the store is made once, not for each run
    before = peak_megabytes()
    began, worked = time.perf_counter(), time.process_time()
    report = start(pipeline, schedule)
    seconds, processor = time.perf_counter() - began, time.process_time() - worked
    if report.state != "success":
        raise SystemExit(f"The run ended as {report.state}: {report.tasks}")
    run = last_run()
    figures = {
        "written": run.steps["write_output"].output.load(),
        "seconds": seconds,
        "processor": processor,
        "steps": sum(
            (step.end_time - step.start_time).total_seconds() for step in run.steps.values()
        ),
        "megabytes": peak_megabytes() - before,
    }
    print("\n" + json.dumps(figures))


def last_run() -> Any:
    """Give the newest run, with its steps."""
    from zenml.client import Client

    (run,) = Client().list_pipeline_runs(size=1, sort_by="desc:created", hydrate=True).items
    return run


if __name__ == "__main__":
    main()
