"""What a run would do to the output folder."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from transpiler.model.finding import Finding
from transpiler.workspace import findings
from transpiler.workspace.base import base_bytes, base_path, has_base, stored
from transpiler.workspace.contents import Contents
from transpiler.workspace.decide import Case, Decision, Kind, decide
from transpiler.workspace.errors import WorkspaceError, from_os_error
from transpiler.workspace.journal import read_state
from transpiler.workspace.manifest import Entry, Manifest, digest
from transpiler.workspace.origin import Origin
from transpiler.workspace.output import Output, encoded
from transpiler.workspace.paths import inside


@dataclass(frozen=True)
class Plan:
    """Files to write (content by path) and to remove, and what becomes of the others."""

    write: Mapping[str, bytes]
    """Made when asked for, where it is what the run has generated: pages are many and large."""
    remove: tuple[str, ...]
    kinds: Mapping[str, Kind]
    """For each generated file, what becomes of it."""
    manifest: Manifest
    before: Manifest
    state: Mapping[str, bytes]
    """Files of `.dag2zen` to write besides the manifest: what was generated, for later merges."""
    state_remove: tuple[str, ...]
    interrupted: bool
    """An earlier run was killed while it wrote."""
    standing: tuple[Finding, ...] = ()
    """True of the folder until somebody acts: every run finds them again."""
    news: tuple[Finding, ...] = ()
    """What this run does to hand edits."""

    @property
    def findings(self) -> list[Finding]:
        """Everything to tell the user."""
        return [*self.standing, *self.news]

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to do."""
        changes = self.write or self.remove or self.state or self.state_remove
        return not (changes or self.interrupted or self.manifest != self.before)

    def of_kind(self, kind: Kind) -> list[str]:
        """The files that this becomes of."""
        return [name for name, found in self.kinds.items() if found == kind]


def make_plan(root: Path, output: Output) -> Plan:
    """Compare what a run wants the folder to hold with what it holds. Raises WorkspaceError."""
    try:
        return _plan(root, output)
    except OSError as error:
        raise from_os_error(error, root) from error


def read_content(root: Path, name: str) -> bytes | None:
    """The file's bytes; None where there is no file. A folder in its place is an error."""
    try:
        return inside(root, name).read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None


def _plan(root: Path, output: Output) -> Plan:
    if root.exists() and not root.is_dir():
        raise WorkspaceError(root, "is not a folder", "Choose another path with --out.")
    before, interrupted = read_state(root)
    write = Contents(output.files)
    decisions: dict[str, Decision] = {}
    for name in sorted(output.files):
        content = encoded(output.files[name])
        decision = decide(_case(root, name, content, before.files.get(name), output))
        if decision.content is not None:
            write.note(name, decision.content, content)
        decisions[name] = replace(decision, content=None)
    gone = _gone(root, before, output)
    entries = {name: d.entry for name, d in decisions.items() if d.entry is not None}
    manifest = Manifest(
        dict(sorted({**gone.entries, **entries}.items())), _origin(before.origin, output)
    )
    state, state_remove = _state(root, manifest, output.files)
    return Plan(
        write=write,
        remove=gone.remove,
        kinds={name: d.kind for name, d in decisions.items()},
        manifest=manifest,
        before=before,
        state=state,
        state_remove=state_remove,
        interrupted=interrupted,
        standing=tuple(_all(decisions.values(), lambda d: d.standing)),
        news=(
            *_all(decisions.values(), lambda d: d.news),
            *gone.news,
            *_taken_over(before, output),
        ),
    )


def _all(
    decisions: Iterable[Decision], part: Callable[[Decision], tuple[Finding, ...]]
) -> list[Finding]:
    return [finding for decision in decisions for finding in part(decision)]


def _case(root: Path, name: str, content: bytes, known: Entry | None, output: Output) -> Case:
    others = _others(known, output) if known else []
    sources = {*output.sources.get(name, ()), *others}
    current = read_content(root, name)
    return Case(root, name, current, known, content, sources, others, output.restore)


def _others(known: Entry, output: Output) -> list[str]:
    """The DAG files that the run does not read, and that still are there."""
    return [s for s in known.sources if not output.covers(s) and not output.is_gone(s)]


def _taken_over(before: Manifest, output: Output) -> Iterator[Finding]:
    """One finding for each DAG file whose files another one makes now."""
    told: set[tuple[str, ...]] = set()
    for name, entry in before.files.items():
        left = tuple(s for s in entry.sources if not output.covers(s) and output.is_gone(s))
        if left and left not in told and name in output.files and output.files[name]:
            told.add(left)
            yield findings.taken_over(name, left, output.sources.get(name, ()))


@dataclass(frozen=True)
class _Gone:
    """Files that are not made any more: those to remove, entries that stay, what to tell."""

    remove: tuple[str, ...]
    entries: Mapping[str, Entry]
    news: tuple[Finding, ...]


def _gone(root: Path, before: Manifest, output: Output) -> _Gone:
    remove: list[str] = []
    entries: dict[str, Entry] = {}
    news: list[Finding] = []
    for name, entry in before.files.items():
        if name in output.files:
            continue
        others = tuple(s for s in entry.sources if not output.covers(s))
        if others:
            entries[name] = replace(entry, sources=others)
            continue
        current = read_content(root, name)
        if current is None:
            continue
        if entry.generated in map(digest, (current, current.replace(b"\r\n", b"\n"))):
            remove.append(name)
        else:
            news.append(findings.abandoned(name))
    return _Gone(tuple(remove), entries, tuple(news))


def _origin(before: Origin, output: Output) -> Origin:
    """The run's origin, and of the DAG files that it does not read the hashes from before."""
    others = {name: hash_ for name, hash_ in before.sources.items() if not output.covers(name)}
    sources = {**others, **output.origin.sources}
    return replace(output.origin, sources=dict(sorted(sources.items())))


def _state(
    root: Path, manifest: Manifest, files: Mapping[str, str]
) -> tuple[dict[str, bytes], tuple[str, ...]]:
    """Contents to store for later merges, and stored ones that no file needs any more."""
    wanted = {entry.generated for name, entry in manifest.files.items() if has_base(name)}
    held = stored(root)
    generated = (encoded(files[name]) for name in files if has_base(name))
    contents = {digest(content): content for content in generated}
    new = {hash_: contents[hash_] for hash_ in wanted - held if hash_ in contents}
    state = {base_path(hash_): base_bytes(new[hash_]) for hash_ in sorted(new)}
    return state, tuple(base_path(hash_) for hash_ in sorted(held - wanted))
