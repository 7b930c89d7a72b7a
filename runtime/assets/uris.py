"""The one way of writing an asset's URI, so that every way of writing it means the same asset.

Source: `_sanitize_uri` in airflow/datasets/__init__.py (2.10). Airflow's providers add rules of
their own for some schemes, which are not here.
"""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from runtime.exceptions import AssetError

_LONGEST = 3000


def normalized_uri(uri: str) -> str:
    """Give a URI without user and password, fragment and final slashes, its query in order.

    What is no URI stays as it is. Raises `AssetError` for what Airflow refuses.
    """
    if not uri or uri.isspace() or not uri.isascii() or len(uri) > _LONGEST:
        raise AssetError(
            f"{uri[:100]!r} names no asset. Use ASCII characters, from 1 to {_LONGEST}."
        )
    try:
        parts = urlsplit(uri)
    except ValueError as error:  # as for brackets that do not close
        raise AssetError(f"{uri[:100]!r} names no asset: {error}.") from None
    if not parts.scheme or parts.scheme.startswith("x-"):
        return uri
    if parts.scheme == "airflow":
        raise AssetError(f"{uri!r}: the scheme 'airflow' is reserved.")
    query = urlencode(sorted(parse_qsl(parts.query))) if parts.query else ""
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit((parts.scheme, host, parts.path.rstrip("/") or "/", query, ""))
