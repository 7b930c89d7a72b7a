"""Kubernetes' amounts of resources as numbers.

https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
"""

from __future__ import annotations

import re
from decimal import Decimal

from runtime.platforms.errors import PlatformConfigError

_QUANTITY = re.compile(r"(?P<number>\d+(?:\.\d*)?|\.\d+)(?P<unit>m|[kMGTPE]|[KMGTPE]i|)")
_POWERS = {unit: power for power, unit in enumerate("KMGTPE", start=1)}


def quantity(value: object) -> Decimal:
    """Give the number of a quantity: `500m` is 0.5, `2Gi` is 2147483648.

    Raises `PlatformConfigError` for what is none.
    """
    found = _QUANTITY.fullmatch(str(value))
    if found is None:
        raise PlatformConfigError(f"{str(value)!r} is no amount of a resource, as 500m or 2Gi.")
    unit = found["unit"]
    if unit == "m":
        factor = Decimal("0.001")
    else:
        base = 1024 if unit.endswith("i") else 1000
        factor = Decimal(base ** _POWERS[unit[0].upper()]) if unit else Decimal(1)
    return Decimal(found["number"]) * factor
