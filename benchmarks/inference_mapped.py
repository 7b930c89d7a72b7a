"""`python -m benchmarks.inference_mapped SETTINGS PARTS`: rows predicted in parts, each a mapped step."""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.inference_library import last_run
from benchmarks.memory import peak_megabytes


def main() -> None:
    """Run the pipeline and print rows, seconds and MB as JSON in the last line."""
    os.environ.update(ZENML_CONFIG_PATH=tempfile.mkdtemp(), ZENML_LOGGING_VERBOSITY="ERROR")
    import snowflake.connector  # noqa: F401
    from zenml.client import Client

    from runtime.launch import start
    from runtime.loading import load_pipeline
    from runtime.models import pyfunc

    pyfunc()
    file = Path(sys.argv[1]).parent / "pipelines" / "benchmark_in_parts.py"
    pipeline, schedule = load_pipeline(file)
    Client().active_stack  # noqa: B018 - the store is made once, not for each run
    before = peak_megabytes()
    began = time.perf_counter()
    report = start(pipeline, schedule, params={"parts": int(sys.argv[2])})
    seconds = time.perf_counter() - began
    if report.state != "success":
        raise SystemExit(f"The run ended as {report.state}: {report.tasks}")
    steps = [step for name, step in last_run().steps.items() if name.startswith("predict")]
    figures = {
        "written": sum(step.output.load() for step in steps if step.outputs),
        "steps": len(steps),
        "seconds": seconds,
        "longest": max((step.end_time - step.start_time).total_seconds() for step in steps),
        "megabytes": peak_megabytes() - before,
    }
    print("\n" + json.dumps(figures))


if __name__ == "__main__":
    main()
