"""The things that stand in while a file is loaded."""

from __future__ import annotations

from dataclasses import dataclass

# Variables of the environment are text, which some files read as a number and some as JSON.
TEXTS = ("stand-in", "1", "{}")


@dataclass(frozen=True)
class StandIns:
    """Names of what stands in. `names` are `module:name`; `text` numbers the environment's text."""

    modules: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    decorators: frozenset[str] = frozenset()
    connections: frozenset[str] = frozenset()
    environment: frozenset[str] = frozenset()
    variables: bool = False
    text: int = 0

    def described(self) -> list[str]:
        """Each stand-in as text, for the facts."""
        kinds = {
            "module": self.modules,
            "name": self.names,
            "decorator": self.decorators,
            "connection": self.connections,
            "environment variable": self.environment,
        }
        found = [f"{kind} {name}" for kind, names in kinds.items() for name in sorted(names)]
        return [*found, *(["missing Variables"] if self.variables else [])]
