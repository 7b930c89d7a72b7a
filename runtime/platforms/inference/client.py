"""Predictions by a model server's HTTP interface: many rows, several requests in flight."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from runtime.platforms.errors import ServedModelError
from runtime.platforms.inference.rows import json_records, json_rows
from runtime.platforms.inference.sending import said, send
from runtime.platforms.inference.tensors import HEADER_LENGTH, decode, encode
from runtime.platforms.predictions import as_numbers, chunks

if TYPE_CHECKING:
    import httpx
    import numpy as np
    import numpy.typing as npt
    import pandas as pd

    from runtime.platforms.inference.settings import InferenceSettings, Protocol

logger = logging.getLogger(__name__)


class InferenceClient:
    """A served model at an address; close it, or use it as a context manager."""

    def __init__(
        self, url: str, model: str, settings: InferenceSettings, headers: Mapping[str, str]
    ) -> None:
        """Keep the address; nothing is sent yet."""
        import httpx

        self._base = url.rstrip("/")
        self._model = model
        self._settings = settings
        self.protocol: Protocol = settings.protocol
        token = settings.token
        signed = {} if token is None else {"Authorization": f"Bearer {token.get_secret_value()}"}
        self._http = httpx.Client(
            headers={**headers, **signed},
            timeout=settings.predict_timeout_seconds,
            limits=httpx.Limits(max_connections=settings.requests_in_flight),
        )

    def __enter__(self) -> InferenceClient:
        """Open."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the connections."""
        self._http.close()

    def predict(self, features: pd.DataFrame) -> npt.NDArray[np.float64]:
        """Predict each row, in their order; see `BasePlatform.predict`."""
        import numpy as np

        if features.empty:
            return np.empty(0)
        asking = {"v1": self._ask_v1, "v2": self._ask_v2, "mlflow": self._ask_mlflow}
        ask = asking[self._found_protocol()]
        parts = chunks(features, self._settings.rows_a_request)
        with ThreadPoolExecutor(self._settings.requests_in_flight) as pool:
            try:
                return np.concatenate(list(pool.map(ask, parts)))
            finally:
                # After a failure, what has not been asked is not asked any more.
                pool.shutdown(wait=False, cancel_futures=True)

    def _found_protocol(self) -> Protocol:
        if self.protocol == "auto":
            found = self._send("GET", f"{self._base}/v2/models/{self._model}")
            self.protocol = "v1" if found.status_code in (404, 405) else "v2"
            logger.info("The model server at %s speaks %s.", self._base, self.protocol)
        return self.protocol

    def _ask_v2(self, rows: pd.DataFrame) -> npt.NDArray[np.float64]:
        body, head = encode(rows)
        headers = {"Content-Type": "application/octet-stream", HEADER_LENGTH: str(head)}
        url = f"{self._base}/v2/models/{self._model}/infer"
        answer = self._checked(self._send("POST", url, content=body, headers=headers))
        values = decode(answer.content, answer.headers.get(HEADER_LENGTH), self._base)
        return as_numbers(values, len(rows), self._base)

    def _ask_v1(self, rows: pd.DataFrame) -> npt.NDArray[np.float64]:
        url = f"{self._base}/v1/models/{self._model}:predict"
        return self._ask_json(url, {"instances": json_records(rows)}, len(rows))

    def _ask_mlflow(self, rows: pd.DataFrame) -> npt.NDArray[np.float64]:
        """See https://mlflow.org/docs/latest/ml/deployment/deploy-model-locally/."""
        table = {"columns": [str(name) for name in rows.columns], "data": json_rows(rows)}
        return self._ask_json(f"{self._base}/invocations", {"dataframe_split": table}, len(rows))

    def _ask_json(self, url: str, question: Any, rows: int) -> npt.NDArray[np.float64]:
        answer = self._checked(self._send("POST", url, json=question))
        try:
            values = answer.json()["predictions"]
        except (ValueError, KeyError, TypeError) as error:
            raise ServedModelError(
                f"The answer of the model server at {self._base} has no predictions: "
                f"{answer.text[:200]!r}"
            ) from error
        return as_numbers(_only_column(values), rows, self._base)

    def _send(self, method: str, url: str, **request: Any) -> httpx.Response:
        return send(self._http, self._base, self._settings, method, url, **request)

    def _checked(self, answer: httpx.Response) -> httpx.Response:
        if answer.status_code == 200:
            return answer
        raise ServedModelError(
            f"The model {self._model!r} at {self._base} answered {answer.status_code}: {said(answer)}"
        )


def _only_column(values: Any) -> Any:
    """Take the values out of records of one column, which MLflow makes of a model's frame."""
    if isinstance(values, list) and all(isinstance(row, dict) and len(row) == 1 for row in values):
        return [next(iter(row.values())) for row in values]
    return values
