"""What a run was made from: tool, rules, settings and DAG files, so that a later run can say what
changed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Origin:
    """Version of the tool, hash of the rules and of the settings, hash of each DAG file."""

    tool: str = ""
    rules: str = ""
    config: str = ""
    sources: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def from_json(cls, data: Any) -> Origin:
        """The origin of plain data. Raises KeyError, TypeError and ValueError for other data."""
        origin = cls(data["tool"], data["rules"], data["config"], dict(data["sources"]))
        texts = (origin.tool, origin.rules, origin.config, *origin.sources.values())
        if not all(isinstance(text, str) for text in texts):
            raise TypeError("no text")
        return origin

    def changes_since(self, before: Origin) -> list[str]:
        """What is different, in words; DAG files that only one of the two has are told too."""
        if not before.tool:
            return []
        return [
            *_tool(before.tool, self.tool),
            *(["the rules"] if self.rules != before.rules else []),
            *(["migration.yaml"] if self.config != before.config else []),
            *sorted(
                name
                for name in {**before.sources, **self.sources}
                if before.sources.get(name) != self.sources.get(name)
            ),
        ]


def _tool(before: str, now: str) -> Iterator[str]:
    if before != now:
        yield f"dag2zen {before} to {now}"


def origin_of(
    project_root: Path, sources: Iterable[str], rules: Iterable[Path], config: str
) -> Origin:
    """The origin of a run over the DAG files `sources` (relative to the root).

    `rules` are the user's rule files and folders; `config` is the text of the settings.
    """
    from transpiler import __version__

    hashes = {name: _file_hash(project_root / name) for name in sources}
    return Origin(
        __version__,
        _rules_hash(rules),
        hashlib.sha256(config.encode("utf-8", "backslashreplace")).hexdigest(),
        {name: hash_ for name, hash_ in sorted(hashes.items()) if hash_},
    )


def _rules_hash(own: Iterable[Path]) -> str:
    import rules
    from rules.loading import installed_entries

    total = hashlib.sha256()
    for path in [*map(Path, rules.__path__), *own]:
        files = sorted(path.glob("*.py")) if path.is_dir() else [path]
        for file in files:
            total.update(f"{file.name} {_file_hash(file)}\n".encode())
    for entry in installed_entries():
        version = entry.dist.version if entry.dist else ""
        total.update(f"{entry.name} {entry.value} {version}\n".encode())
    return total.hexdigest()


def _file_hash(path: Path) -> str:
    """The hash of a file's content; empty where it cannot be read, which the analysis reports."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""
