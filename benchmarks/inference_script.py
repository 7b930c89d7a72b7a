"""`python -m benchmarks.inference_script SETTINGS`: the same by hand, as short as it can be."""

from __future__ import annotations

import json
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.inference_setup import QUERY
from benchmarks.memory import peak_megabytes


def main() -> None:
    """Load, predict and write, and print rows, seconds and MB as JSON in the last line."""
    settings = json.loads(Path(sys.argv[1]).read_text())
    import pyarrow as pa
    import pyarrow.parquet as pq
    import sklearn.linear_model  # noqa: F401
    import snowflake.connector

    from runtime.models import pyfunc

    mlflow_pyfunc = pyfunc()
    import mlflow

    mlflow.set_tracking_uri(settings["tracking"])
    options = {"CLIENT_OUT_OF_BAND_TELEMETRY_ENABLED": False}
    connection = {**settings["connection"], "session_parameters": options}
    connection.pop("type", None)
    connection.pop("extra", None)
    before = peak_megabytes()
    began, worked = time.perf_counter(), time.process_time()
    model = mlflow_pyfunc.load_model("models:/benchmark/1")
    with (
        snowflake.connector.connect(**connection) as session,
        session.cursor() as cursor,
        tempfile.TemporaryDirectory() as folder,
    ):
        cursor.execute(QUERY)
        written = 0
        file = Path(folder) / "predictions.parquet"
        schema = pa.schema([("ID", pa.int64()), ("PREDICTION", pa.float64())])
        with pq.ParquetWriter(file, schema) as writer:
            for frame in cursor.fetch_pandas_batches():
                features = frame.drop(columns="ID").astype("float64")
                frame = frame[["ID"]].assign(PREDICTION=model.predict(features))
                writer.write_table(pa.Table.from_pandas(frame, schema, preserve_index=False))
                written += len(frame)
        cursor.execute("CREATE OR REPLACE TEMPORARY STAGE BENCHMARK_FILES")
        cursor.execute(f"PUT 'file://{file.as_posix()}' @BENCHMARK_FILES AUTO_COMPRESS = FALSE")
        cursor.execute("DELETE FROM PREDICTIONS")
        cursor.execute(
            "COPY INTO PREDICTIONS FROM @BENCHMARK_FILES FILE_FORMAT = (TYPE = PARQUET) "
            "MATCH_BY_COLUMN_NAME = CASE_INSENSITIVE"
        )
    seconds, processor = time.perf_counter() - began, time.process_time() - worked
    figures = {
        "written": written,
        "seconds": seconds,
        "processor": processor,
        "megabytes": peak_megabytes() - before,
    }
    print("\n" + json.dumps(figures))


if __name__ == "__main__":
    main()
