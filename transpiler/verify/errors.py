"""What keeps a check from being made."""

from __future__ import annotations


class VerifyError(Exception):
    """The check could not be made: what is missing, and what to do."""
