"""Predictions by the protocol of Snowflake's service functions.

https://docs.snowflake.com/en/developer-guide/snowpark-container-services/additional-considerations-services-jobs
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from runtime.platforms.errors import ServedModelError
from runtime.platforms.inference.rows import json_records
from runtime.platforms.inference.sending import Patience, send
from runtime.platforms.predictions import as_numbers, chunks

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd

ROWS_A_REQUEST = 5000
TIMEOUT_SECONDS = 120


def predict_rows(
    url: str, token: str | None, features: pd.DataFrame, patience: Patience
) -> npt.NDArray[np.float64]:
    """Send rows as `{"data": [[0, {column: value}], …]}`, and take `{"data": [[0, number], …]}`.

    Raises `ServedModelError` for an answer that is not one number for each row, in their order, and
    `PlatformConnectionError` where there is none in as many attempts as `patience` has.
    """
    import httpx
    import numpy as np

    headers = {"Content-Type": "application/json"}
    if token:
        headers["Authorization"] = f'Snowflake Token="{token}"'
    found: list[Any] = []
    with httpx.Client(headers=headers, timeout=TIMEOUT_SECONDS) as client:
        for chunk in chunks(features, ROWS_A_REQUEST):
            body = {"data": [[at, record] for at, record in enumerate(json_records(chunk))]}
            answer = send(client, url, patience, "POST", url, json=body)
            found.append(_numbers(answer, len(chunk), url))
    return np.concatenate(found) if found else np.empty(0)


def _numbers(answer: Any, rows: int, url: str) -> npt.NDArray[np.float64]:
    if answer.status_code != 200:
        raise ServedModelError(
            f"The model server at {url} answered {answer.status_code}: {answer.text[:500]}"
        )
    try:
        data = answer.json()["data"]
        order = [item[0] for item in data]
        values = [item[1] for item in data]
    except (ValueError, KeyError, TypeError, IndexError) as error:
        raise ServedModelError(
            f"The model server at {url} gave no rows: {answer.text[:200]!r}"
        ) from error
    if order != list(range(rows)):
        raise ServedModelError(
            f"The model server at {url} gave {len(order)} rows for {rows}, or not in their order."
        )
    return as_numbers(values, rows, url)
