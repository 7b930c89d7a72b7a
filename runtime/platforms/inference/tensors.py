"""Frames as the binary tensors of the open inference protocol, and answers as arrays.

https://kserve.github.io/website/docs/concepts/architecture/data-plane/v2-protocol/binary-tensor-data-extension
"""

from __future__ import annotations

import json
import struct
from typing import TYPE_CHECKING, Any

from runtime.platforms.errors import ServedModelError

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

HEADER_LENGTH = "Inference-Header-Content-Length"
_DATATYPES = {
    "bool": "BOOL",
    "int8": "INT8",
    "int16": "INT16",
    "int32": "INT32",
    "int64": "INT64",
    "uint8": "UINT8",
    "uint16": "UINT16",
    "uint32": "UINT32",
    "uint64": "UINT64",
    "float16": "FP16",
    "float32": "FP32",
    "float64": "FP64",
}
_DTYPES = {datatype: dtype for dtype, datatype in _DATATYPES.items()}


def encode(frame: pd.DataFrame) -> tuple[bytes, int]:
    """Give the body of a request, a tensor for each column, and the length of its JSON part.

    Raises `ServedModelError` for a column with missing text, for which the protocol has nothing.
    """
    inputs, parts = [], []
    for name in frame.columns:
        datatype, data = _column(str(name), frame[name])
        parameters = {"binary_data_size": len(data)}
        shape = [len(frame)]
        inputs.append(
            {"name": str(name), "shape": shape, "datatype": datatype, "parameters": parameters}
        )
        parts.append(data)
    # content_type pd: the server makes a frame of the tensors again.
    parameters_of_all = {"content_type": "pd", "binary_data_output": True}
    head = json.dumps({"inputs": inputs, "parameters": parameters_of_all}).encode()
    return head + b"".join(parts), len(head)


def _column(name: str, column: pd.Series[Any]) -> tuple[str, bytes]:
    import numpy as np

    array = column.to_numpy()
    if array.dtype.name in _DATATYPES:
        ordered = np.ascontiguousarray(array, dtype=array.dtype.newbyteorder("<"))
        return _DATATYPES[array.dtype.name], ordered.tobytes()
    if column.isna().any():
        raise ServedModelError(
            f"The column {name!r} of type {column.dtype} has {int(column.isna().sum())} missing "
            "values, which the inference protocol cannot carry. Fill them, or make it a float."
        )
    texts = [value.isoformat() if hasattr(value, "isoformat") else str(value) for value in column]
    encoded = [text.encode() for text in texts]
    return "BYTES", b"".join(struct.pack("<I", len(text)) + text for text in encoded)


def decode(body: bytes, header_length: str | None, server: str) -> npt.NDArray[Any]:
    """Give the first output of an answer. Raises `ServedModelError` for what is none."""
    import numpy as np

    try:
        head_length = len(body) if header_length is None else int(header_length)
        output = json.loads(body[:head_length])["outputs"][0]
        datatype, shape = output["datatype"], [int(size) for size in output["shape"]]
        if "data" in output:
            return np.asarray(output["data"]).reshape(shape)
        size = int(output["parameters"]["binary_data_size"])
        raw = body[head_length : head_length + size]
        return np.frombuffer(raw, dtype=np.dtype(_DTYPES[datatype])).reshape(shape)
    except (ValueError, KeyError, TypeError, IndexError) as error:
        raise ServedModelError(
            f"The answer of the model server at {server} is no inference answer "
            f"({type(error).__name__}: {error}): {body[:200]!r}"
        ) from error
