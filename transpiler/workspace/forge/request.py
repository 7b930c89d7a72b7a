"""What is opened at a forge, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class PullRequest:
    """A pull request to be."""

    title: str
    body: str
    branch: str
    base: str
    draft: bool = False


@dataclass(frozen=True)
class Opened:
    """One that is there now."""

    url: str
    created: bool
    """False: there was one for the branch, and its text was brought up to date."""
