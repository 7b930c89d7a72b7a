"""The params that a run is started with."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from runtime.config import load_config
from runtime.param_schemas import check_json, check_params

logger = logging.getLogger(__name__)


def start_params(
    dag_id: str,
    params: Mapping[str, Any] | None = None,
    conf: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Give the params of a run: those of the configuration, and `params` over them.

    Together with `conf`, which lies over both, they must meet their schemas: else `ParamError`.
    """
    config = load_config(dag_id)
    given = {**config.params, **(params or {})}
    for name, value in {**given, **(conf or {})}.items():
        check_json(name, value)
    check_params(f"the pipeline {dag_id!r}", {**given, **(conf or {})}, config.param_schemas)
    known = config.params.keys() | config.param_schemas.keys()
    for name in (params or {}).keys() - known:
        logger.warning(
            "%r is no param of %r, which has %s. It is set all the same, as in Airflow.",
            name,
            dag_id,
            ", ".join(sorted(known)) or "none",
        )
    return given
