"""Why a request is not done."""

from __future__ import annotations


class Refusal(Exception):
    """An answer that is no success: its status, a short code, and a text for the sender."""

    def __init__(
        self, status: int, code: str, message: str, headers: dict[str, str] | None = None
    ) -> None:
        """Keep them."""
        super().__init__(message)
        self.status = status
        self.code = code
        self.headers = headers
