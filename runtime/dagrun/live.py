"""The states of the runs that this process schedules, for steps that ask about other tasks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

from runtime.dagrun.finish import reported
from runtime.dagrun.table import Table

if TYPE_CHECKING:
    from uuid import UUID

_tables: dict[UUID, Table] = {}


@contextmanager
def shown(run_id: UUID, table: Table) -> Iterator[None]:
    """Let steps of a ZenML run see the states of its tasks while the block lasts."""
    _tables[run_id] = table
    try:
        yield
    finally:
        del _tables[run_id]


def states_of(run_id: UUID) -> Mapping[str, str | None] | None:
    """Give the states by label, as they are now; `None` for a run that is scheduled elsewhere."""
    table = _tables.get(run_id)
    return None if table is None else reported(table)
