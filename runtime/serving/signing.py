"""Signatures of requests: HMAC-SHA256 over time, method, path, idempotency key and body.

```text
X-Timestamp: 1700000000
Idempotency-Key: orders-2024-06-01
X-Signature: sha256=<hex of HMAC-SHA256(secret, "<timestamp>\\n<method>\\n<path>\\n<key>\\n<body>")>
```
"""

from __future__ import annotations

import hashlib
import hmac
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from runtime.exceptions import ServeError

SECRET_VARIABLES = ("RUNTIME_WEBHOOK_SECRET", "RUNTIME_WEBHOOK_SECRET_PREVIOUS")
"""The secret, and while it is being exchanged, the one before."""
WINDOW_SECONDS = 300
_SHORTEST_SECRET = 16
_KEY = re.compile(r"[!-~]{1,200}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


class SignatureError(Exception):
    """A request is not signed as it must be; the text may be shown to its sender."""


@dataclass(frozen=True)
class SignedRequest:
    """What the signature is made over."""

    method: str
    path: str
    body: bytes
    timestamp: str
    key: str

    def signature(self, secret: str) -> str:
        """Give the value of `X-Signature`."""
        head = "\n".join((self.timestamp, self.method, self.path, self.key, "")).encode()
        return "sha256=" + hmac.new(secret.encode(), head + self.body, hashlib.sha256).hexdigest()


def secrets_of_environment(environment: Mapping[str, str] = os.environ) -> list[str]:
    """Give the secrets; raises `ServeError` where there is none, or one that is too short."""
    secrets = [environment[name] for name in SECRET_VARIABLES if environment.get(name)]
    if not secrets:
        raise ServeError(
            f"There is no secret to check signatures by. Set {SECRET_VARIABLES[0]} in the "
            "environment, for example to the output of `openssl rand -hex 32`."
        )
    if any(len(secret) < _SHORTEST_SECRET for secret in secrets):
        raise ServeError(f"A webhook secret must have {_SHORTEST_SECRET} characters or more.")
    return secrets


def check(
    headers: Mapping[str, str],
    method: str,
    path: str,
    body: bytes,
    secrets: Sequence[str],
    now: float,
) -> str:
    """Check a request's signature and age, and give its idempotency key.

    A request that is sent again within the window has the same key, and so no further effect.
    Raises `SignatureError`.
    """
    timestamp, key = headers.get("x-timestamp", ""), headers.get("idempotency-key", "")
    if not _KEY.fullmatch(key):
        raise SignatureError("Idempotency-Key must have 1 to 200 visible ASCII characters.")
    if not re.fullmatch(r"\d{1,12}", timestamp):
        raise SignatureError("X-Timestamp must be the time in whole seconds since 1970.")
    if _CONTROL.search(path):
        # A line break in it would let one text be signed for two requests.
        raise SignatureError("The path must have no control characters.")
    given = headers.get("x-signature", "").encode()
    request = SignedRequest(method, path, body, timestamp, key)
    known = [hmac.compare_digest(given, request.signature(one).encode()) for one in secrets]
    if not any(known):
        raise SignatureError("X-Signature is missing or wrong.")
    if abs(now - int(timestamp)) > WINDOW_SECONDS:
        raise SignatureError(f"X-Timestamp is more than {WINDOW_SECONDS} s away from now.")
    return key
