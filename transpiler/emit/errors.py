"""What goes wrong when a model cannot be written as code."""

from __future__ import annotations


class EmitError(Exception):
    """The model holds something that is not Python, or names something that nothing defines.

    That is a fault of the compiler, not of the user's file; it becomes finding D2Z119.
    """
