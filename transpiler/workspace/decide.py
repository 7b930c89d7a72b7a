"""What becomes of one file that is generated."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from transpiler.model.finding import Finding
from transpiler.workspace import findings
from transpiler.workspace.base import has_base, read_base
from transpiler.workspace.git import GitMissingError
from transpiler.workspace.manifest import Entry, digest
from transpiler.workspace.merge import conflict_lines, is_well_formed, merge, mergeable
from transpiler.workspace.newlines import with_newlines_of

Kind = Literal["written", "unchanged", "merged", "conflict", "kept", "deleted"]
_BY_HAND = "Write to another folder with --out, and take over by hand what is new there."
_INSTALL_GIT = "Install git, which does the merging, and run again."


@dataclass(frozen=True)
class Decision:
    """What to do with a file, what the manifest notes of it, and what the user is told."""

    kind: Kind
    content: bytes | None = None
    """What to write; None: nothing."""
    entry: Entry | None = None
    standing: tuple[Finding, ...] = ()
    """True of the folder until somebody acts: every run tells them."""
    news: tuple[Finding, ...] = ()
    """What this run did."""


@dataclass(frozen=True)
class Case:
    """One file: what lies there, what is known of it, and what is generated now."""

    root: Path
    name: str
    current: bytes | None
    known: Entry | None
    generated: bytes
    sources: Collection[str]
    """The DAG files that it is made of from now on."""
    others: Collection[str] = ()
    """Those of them that this run does not read."""
    restore: bool = False

    @property
    def entry(self) -> Entry:
        """The entry of a file that holds what is generated now, edited or not."""
        return Entry(digest(self.generated), tuple(sorted(self.sources)))


def decide(case: Case) -> Decision:
    """Decide about a file. Raises WorkspaceError for a damaged store."""
    if case.known is None:
        return _unknown(case)
    if case.current is None:
        return _missing(case, case.known)
    generated = with_newlines_of(case.generated, case.current)
    if case.others and digest(case.generated) != case.known.generated:
        finding = findings.belongs(case.name, case.others)
        return Decision("kept", None, case.known, standing=(finding,))
    if case.current == generated:
        return Decision("unchanged", None, case.entry)
    if _is_as_generated(case.current, case.known):
        return Decision("written", generated, case.entry)
    return _edited(case, case.current, case.known)


def _unknown(case: Case) -> Decision:
    if case.current is None:
        return Decision("written", case.generated, case.entry)
    if case.current == with_newlines_of(case.generated, case.current):
        return Decision("unchanged", None, case.entry)
    if not case.generated:
        # An empty file only has to exist: `__init__.py`.
        return Decision("unchanged")
    why = "was there already, and is not overwritten"
    return Decision("kept", standing=(findings.kept(case.name, why),))


def _missing(case: Case, known: Entry) -> Decision:
    if case.restore:
        return Decision("written", case.generated, case.entry)
    # The entry stays: should the file come back from version control, its edits can be merged.
    return Decision("deleted", None, known, standing=(findings.deleted(case.name),))


def _is_as_generated(current: bytes, known: Entry) -> bool:
    """Whether the file is as this tool wrote it, but for its line endings."""
    texts = (current, current.replace(b"\r\n", b"\n"))
    return known.generated in map(digest, texts)


def _edited(case: Case, current: bytes, known: Entry) -> Decision:
    unresolved = conflict_lines(current) if known.conflict else ()
    if unresolved:
        standing = tuple(findings.conflicts(case.name, unresolved))
        return Decision("conflict", None, known, standing=standing)
    if digest(case.generated) == known.generated:
        return Decision("unchanged", None, case.entry)
    if not has_base(case.name):
        return _kept(case, known, "was edited by hand; reports of this kind are not merged")
    base = read_base(case.root, known.generated)
    if base is None:
        why = "was edited by hand, and what was last generated is not stored any more"
        return _kept(case, known, why)
    if not mergeable(current):
        return _kept(case, known, "was edited by hand and is not UTF-8 text, so it is not merged")
    try:
        merged = merge(case.name, base=base, edited=current, generated=case.generated)
    except GitMissingError:
        why = "was edited by hand, and there is no git on this machine to merge it"
        return _kept(case, known, why, _INSTALL_GIT)
    if not merged.conflicts and _is_broken(case.name, current, merged.content):
        why = "was edited by hand, and merged with what is newly generated it cannot be parsed"
        return _kept(case, known, why, _BY_HAND)
    content = None if merged.content == current else merged.content
    if merged.conflicts:
        standing = tuple(findings.conflicts(case.name, merged.conflicts))
        return Decision("conflict", content, replace(case.entry, conflict=True), standing=standing)
    news = () if content is None else (findings.merged(case.name),)
    return Decision("merged" if news else "unchanged", content, case.entry, news=news)


def _is_broken(name: str, edited: bytes, merged: bytes) -> bool:
    """Whether merging made a file unreadable that was not so before."""
    return is_well_formed(name, edited) and not is_well_formed(name, merged)


def _kept(case: Case, known: Entry, why: str, remedy: str | None = None) -> Decision:
    standing = (findings.kept(case.name, why, remedy),)
    return Decision("kept", None, replace(known, conflict=False), standing=standing)
