"""The coverage account of a file: its constructs, found in the syntax tree, held against the models.

`constructs` lists what there is without looking at what became of it, `judging` decides that from
what was read, lowered and reported, and `places` says where it is in the output. What one of them
does not know of therefore shows up in the account instead of going missing.
"""

from __future__ import annotations

from transpiler.account.build import account_of

__all__ = ["account_of"]
