"""`python -m benchmarks.inference_parts SETTINGS ROWS`: parts beside what they are made of.

The writer beside `PUT` and `COPY` alone, and KServe's own model server, in another process, beside
the model in this one. Each pair takes turns; the better of each counts.
"""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.inference_setup import FEATURES

if TYPE_CHECKING:
    import pandas as pd
    from snowflake.connector import SnowflakeConnection

    from runtime.tables import Table

ROUNDS = 3
BATCH = 65_536


def main() -> None:
    """Print the seconds of each side of both pairs as JSON in the last line."""
    settings, rows = json.loads(Path(sys.argv[1]).read_text()), int(sys.argv[2])
    print("\n" + json.dumps({**_writing(settings, rows), **_predicting(settings, rows)}))


def _alternately(sides: dict[str, Callable[[], object]]) -> dict[str, float]:
    best = dict.fromkeys(sides, float("inf"))
    for _ in range(ROUNDS):
        for name, run in sides.items():
            began = time.perf_counter()
            run()
            best[name] = min(best[name], time.perf_counter() - began)
    return best


def _writing(settings: dict[str, Any], rows: int) -> dict[str, float]:
    from runtime.config import ConnectionConfig
    from runtime.snowflake import connect, execute_sql, write_frame

    table = _predictions(rows)
    with connect(ConnectionConfig.model_validate(settings["connection"])) as session:
        columns = "(ID NUMBER(38, 0), PREDICTION FLOAT)"
        execute_sql(
            session,
            f"CREATE OR REPLACE TABLE BY_HAND {columns};"
            f"CREATE OR REPLACE TABLE BY_WRITER {columns}",
        )
        return _alternately(
            {
                "writer": lambda: write_frame(session, table, "BY_WRITER"),
                "put_and_copy": lambda: _put_and_copy(session, table),
            }
        )


def _predictions(rows: int) -> Table:
    import numpy as np
    import pandas as pd

    from runtime.tables import table_from

    numbers = np.random.default_rng(0)
    return table_from(
        pd.DataFrame({"ID": ids, "PREDICTION": numbers.normal(size=len(ids))})
        for ids in np.array_split(np.arange(rows), max(rows // BATCH, 1))
    )


def _put_and_copy(session: SnowflakeConnection, table: Table) -> None:
    import pyarrow.parquet as pq

    with session.cursor() as cursor, tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "rows.parquet"
        with pq.ParquetWriter(file, table.schema) as writer:
            for batch in table.batches():
                writer.write_table(batch)
        cursor.execute("CREATE OR REPLACE TEMPORARY STAGE BY_HAND_FILES")
        cursor.execute(f"PUT 'file://{file.as_posix()}' @BY_HAND_FILES AUTO_COMPRESS = FALSE")
        cursor.execute(
            "COPY INTO BY_HAND FROM @BY_HAND_FILES FILE_FORMAT = (TYPE = PARQUET) "
            "MATCH_BY_COLUMN_NAME = CASE_INSENSITIVE"
        )


def _predicting(settings: dict[str, Any], rows: int) -> dict[str, float]:
    from runtime.config import PlatformConfig, RuntimeConfig
    from runtime.models import pyfunc
    from runtime.platforms import create_platform

    loader = pyfunc()
    import mlflow

    mlflow.set_tracking_uri(settings["tracking"])
    model = loader.load_model("models:/benchmark/1")
    features = _features(rows)
    with _served(settings["tracking"]) as url:
        platform = create_platform(
            RuntimeConfig(platform=PlatformConfig(type="kserve", config={"url": url}))
        )
        return _alternately(
            {
                "kserve": lambda: platform.predict("benchmark", features),
                "in_process": lambda: model.predict(features),
            }
        )


def _features(rows: int) -> pd.DataFrame:
    import numpy as np
    import pandas as pd

    return pd.DataFrame(np.random.default_rng(0).normal(size=(rows, 10)), columns=FEATURES)


@contextmanager
def _served(tracking: str) -> Iterator[str]:
    import httpx

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "fixtures_dags.demo.model_server", "kserve"]
    command += ["--name", "benchmark", "--port", str(port), "--mlflow", tracking]
    process = subprocess.Popen(
        [*command, "--model", "models:/benchmark/1"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        while not _is_ready(httpx, f"{url}/v2/models/benchmark/ready"):
            if process.poll() is not None:
                raise RuntimeError(f"The model server ended with {process.returncode}.")
            time.sleep(0.2)
        yield url
    finally:
        process.terminate()
        process.wait()


def _is_ready(httpx: Any, url: str) -> bool:
    try:
        return bool(httpx.get(url).status_code == 200)
    except httpx.TransportError:
        return False  # It is still loading.


if __name__ == "__main__":
    main()
