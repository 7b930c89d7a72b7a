"""States of runs elsewhere, as webhooks tell them: one version of an artifact for each note."""

from __future__ import annotations

import hashlib
from datetime import datetime

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from runtime.runs import logical_date_tag

PREFIX = "upstream:"


class UpstreamState(BaseModel):
    """How a run of a logical date ended, or goes on, and its tasks; in Airflow's terms."""

    model_config = ConfigDict(frozen=True)

    logical_date: AwareDatetime
    state: str
    tasks: dict[str, str] = Field(default_factory=dict)


def note_state(dag_id: str, state: UpstreamState, *, key: str) -> None:
    """Store a state; a note with a key that was used for the DAG before changes nothing."""
    from zenml import save_artifact
    from zenml.exceptions import EntityExistsError

    try:
        save_artifact(
            state.model_dump(mode="json"),
            name=f"{PREFIX}{dag_id}",
            version=f"key-{hashlib.sha256(key.encode()).hexdigest()[:40]}",
            tags=[logical_date_tag(state.logical_date)],
            extract_metadata=False,
            include_visualizations=False,
        )
    except EntityExistsError:
        return


def noted_state(dag_id: str, logical_date: datetime) -> UpstreamState | None:
    """Give the newest state that was told of a run."""
    from zenml.client import Client

    found = Client().list_artifact_versions(
        artifact=f"{PREFIX}{dag_id}",
        tags=[logical_date_tag(logical_date)],
        sort_by="desc:created",
        size=1,
        hydrate=True,
    )
    return UpstreamState.model_validate(found.items[0].load()) if found.items else None
