"""The pytest plugin, found by its entry point. Loaded in every pytest run, so it imports nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from transpiler.testing.snapshots import MigrationSnapshot


@pytest.fixture
def migration_snapshot(request: pytest.FixtureRequest) -> MigrationSnapshot:
    """What DAGs become, held against snapshots: `migration_snapshot.check("dags/ltv.py")`.

    One snapshot is one emitted file; `pytest --snapshot-update` accepts what changed. Needs syrupy:
    `pip install 'dag2zen[pytest]'`.
    """
    if not request.config.pluginmanager.hasplugin("syrupy"):
        pytest.fail(
            "migration_snapshot needs syrupy. Install it: pip install 'dag2zen[pytest]'",
            pytrace=False,
        )
    from transpiler.testing.snapshots import MigrationSnapshot

    return MigrationSnapshot(request.getfixturevalue("snapshot"), request.config.rootpath)
