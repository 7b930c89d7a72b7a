from .names import RETRIES  # noqa: TID252

DEFAULTS = {"retries": RETRIES}
