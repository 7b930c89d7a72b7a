"""Predictions by the protocol of Snowflake's service functions.

https://docs.snowflake.com/en/developer-guide/snowpark-container-services/additional-considerations-services-jobs
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from runtime.platforms.errors import PlatformConnectionError, ServedModelError
from runtime.platforms.inference.rows import json_records
from runtime.platforms.predictions import as_numbers, chunks

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd

ROWS_A_REQUEST = 5000
ATTEMPTS = 3


def predict_rows(url: str, token: str | None, features: pd.DataFrame) -> npt.NDArray[np.float64]:
    """Send rows as `{"data": [[0, {column: value}], …]}`, and take `{"data": [[0, number], …]}`.

    Raises `ServedModelError` for an answer that is not one number for each row, in their order.
    """
    import httpx
    import numpy as np

    headers = {"Content-Type": "application/json"}
    if token:
        headers["Authorization"] = f'Snowflake Token="{token}"'
    transport = httpx.HTTPTransport(retries=ATTEMPTS)
    found: list[Any] = []
    with httpx.Client(headers=headers, timeout=120, transport=transport) as client:
        for chunk in chunks(features, ROWS_A_REQUEST):
            body = {"data": [[at, record] for at, record in enumerate(json_records(chunk))]}
            try:
                answer = client.post(url, json=body)
            except httpx.TransportError as error:
                raise PlatformConnectionError(
                    f"The model server at {url} is away: {error}"
                ) from error
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
