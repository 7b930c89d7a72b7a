"""How often Python looks for garbage that reference counts do not free."""

from __future__ import annotations

import gc

ALLOCATIONS = 50_000
"""New objects that must have outlived others before Python looks; its own default is 700 or 2,000."""


def collect_seldom() -> None:
    """Have this process look for cycles of garbage less often.

    Syntax trees and models live until their file is done, so nearly every look finds nothing, and
    takes time that grows with all that is alive: a tenth of the time for one file.
    """
    gc.set_threshold(ALLOCATIONS, *gc.get_threshold()[1:])
