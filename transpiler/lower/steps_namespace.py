"""Names, imports and definitions of the emitted steps module while it is put together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from itertools import count

from transpiler.lower.step_definitions import StepEdit
from transpiler.model.pipeline import Import


@dataclass
class StepsNamespace:
    """What the module has so far. `resolved`, `copied` and `functions` are `FunctionSource`'s.

    `steps` has the functions that are steps themselves, by the identity of their definition.
    """

    owners: dict[str, object] = field(default_factory=dict)
    imports: dict[Import, None] = field(default_factory=dict)
    definitions: list[str] = field(default_factory=list)
    resolved: dict[tuple[str, str], Resolved] = field(default_factory=dict)
    copied: set[tuple[str, int]] = field(default_factory=set)
    functions: dict[tuple[int, str], str] = field(default_factory=dict)
    steps: dict[tuple[int, str], tuple[str, StepEdit]] = field(default_factory=dict)

    @classmethod
    def reserving(cls, names: Mapping[str, Import]) -> StepsNamespace:
        """A namespace in which these names are taken by these imports, used or not."""
        return cls(owners=dict(names))

    def claim(self, wanted: str, owner: object, prefix: str | None = None) -> str:
        """A name that nothing else in the module has; the same owner gets the same name again.

        A name that is taken gets the prefix, or without one a number.
        """
        for name in _candidates(wanted, prefix):
            if self.owners.setdefault(name, owner) == owner:
                return name
        raise AssertionError("the candidates do not end")

    def use(self, import_: Import) -> str:
        """Note an import; gives the name that it has in the module."""
        wanted = import_.alias or import_.name
        if wanted is None:
            # `import a.b` and `import a.c` share the name `a`.
            self.owners.setdefault(top := import_.module.partition(".")[0], ("module", top))
            self.imports[import_] = None
            return top
        name = self.claim(wanted, Import(import_.module, import_.name))
        alias = None if name == import_.name else name
        self.imports[Import(import_.module, import_.name, alias)] = None
        return name

    def define(self, text: str) -> None:
        """Add a definition; one that is there already is not added again."""
        if text not in self.definitions:
            self.definitions.append(text)

    @contextmanager
    def undone_on_error(self) -> Iterator[None]:
        """Forget everything that was collected in the block when it raises."""
        saved = {one.name: getattr(self, one.name).copy() for one in fields(self)}
        try:
            yield
        except BaseException:
            for name, value in saved.items():
                setattr(self, name, value)
            raise


@dataclass(frozen=True, slots=True)
class Resolved:
    """What a name of the source became: its name here, and statements that each function that reads
    it needs.
    """

    name: str
    inject: tuple[str, ...] = ()


def _candidates(wanted: str, prefix: str | None) -> Iterator[str]:
    yield wanted
    base = wanted
    if prefix is not None:
        yield (base := f"{prefix}_{wanted}")
    yield from (f"{base}_{number}" for number in count(2))
