"""`python -m benchmarks.inference_library SETTINGS`: the pipeline, run once."""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.memory import peak_megabytes


def main() -> None:
    """Run the pipeline and print rows, seconds and MB as JSON in the last line."""
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
    began = time.perf_counter()
    report = start(pipeline, schedule)
    seconds = time.perf_counter() - began
    if report.state != "success":
        raise SystemExit(f"The run ended as {report.state}: {report.tasks}")
    written = _written()
    figures = {"written": written, "seconds": seconds, "megabytes": peak_megabytes() - before}
    print("\n" + json.dumps(figures))


def _written() -> int:
    from zenml.client import Client

    (run,) = Client().list_pipeline_runs(size=1, sort_by="desc:created").items
    rows: int = run.steps["write_output"].output.load()
    return rows


if __name__ == "__main__":
    main()
