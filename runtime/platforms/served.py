"""Models that a platform serves, in place of models of this process."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from runtime.models import LoadedModel, ModelReference, pyfunc, use_servers
from runtime.platforms.errors import PlatformConfigError
from runtime.platforms.factory import create_platform

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd
    from mlflow.pyfunc import PyFuncModel

    from runtime.config import RuntimeConfig
    from runtime.platforms.base import BasePlatform


@dataclass(frozen=True)
class ServedModel:
    """A service in the place of a loaded model: `predict`, and `metadata.signature`."""

    platform: BasePlatform
    service: str
    metadata: Any

    def predict(self, features: pd.DataFrame) -> npt.NDArray[np.float64]:
        """Predict each row by the service, see `BasePlatform.predict`."""
        return self.platform.predict(self.service, features)


def served_model(reference: ModelReference, config: RuntimeConfig) -> LoadedModel | None:
    """Give the model as the platform serves it, None where `platform.models` does not name it.

    The signature is the one that the registry holds, so features are fitted as for the model
    itself. Raises `PlatformConfigError` for a service name that cannot be made.
    """
    template = config.platform.models.get(reference.name)
    if template is None:
        return None
    try:
        service = template.format(name=reference.name, version=reference.version)
    except (KeyError, IndexError, ValueError) as error:
        raise PlatformConfigError(
            f"`platform.models` names the service {template!r}, which knows more than {{name}} and "
            f"{{version}}: {error}."
        ) from error
    use_servers(config.mlflow)
    pyfunc()
    from mlflow.models import get_model_info

    served = ServedModel(create_platform(config), service, get_model_info(reference.uri))
    return LoadedModel(cast("PyFuncModel", served), reference)
