"""Register ZenML's stacks as a file describes them, again and again with the same result.

https://docs.zenml.io/stacks
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from runtime.config.source import read_yaml
from runtime.exceptions import ConfigError

if TYPE_CHECKING:
    from zenml.enums import StackComponentType
    from zenml.models import ComponentResponse

Change = Literal["created", "updated", "unchanged"]
LOCAL: Mapping[str, Any] = {
    "orchestrator": {"flavor": "local"},
    "artifact_store": {"flavor": "local"},
}
"""What a stack has that no file describes: everything on this machine."""


@dataclass(frozen=True)
class Registered:
    """A stack or a component of it: its type, name and flavor, and what was done."""

    kind: str
    name: str
    flavor: str
    change: Change


def register_stack(name: str, file: Path | None = None) -> list[Registered]:
    """Make a stack and its components as the file says, or change what differs.

    The file has a section for each component: its `flavor`, by default the type's name, `name`, by
    default the stack's, and the flavor's own settings. Without a file it is a local stack. Gives
    the components, then the stack. Raises `ConfigError`, before anything is changed, for what
    ZenML does not accept.
    """
    from zenml.enums import StackComponentType

    sections = LOCAL if file is None else read_yaml(file).data
    where = str(file) if file is not None else "local stack"
    wanted = [_component(key, section, name, where) for key, section in sections.items()]
    kinds = {component.kind for component in wanted}
    for needed in (StackComponentType.ORCHESTRATOR, StackComponentType.ARTIFACT_STORE):
        if needed not in kinds:
            raise ConfigError(f"{where}: a stack needs the section `{needed.value}`.")
    for component in wanted:
        component.check()
    done = [component.register() for component in wanted]
    stack = _register_stack(name, {each.kind: each.name for each in wanted})
    return [*done, Registered("stack", name, "", stack)]


@dataclass(frozen=True)
class _Component:
    kind: StackComponentType
    name: str
    flavor: str
    settings: dict[str, Any]
    where: str

    def check(self) -> None:
        """Raise `ConfigError` where flavor, settings or an existing component are in the way."""
        from zenml.stack.utils import validate_stack_component_config

        try:
            config = validate_stack_component_config(
                configuration_dict=dict(self.settings),
                flavor=self.flavor,
                component_type=self.kind,
                validate_custom_flavors=True,
            )
        except (KeyError, ValueError, ImportError) as error:
            text = error.args[0] if error.args else error
            raise ConfigError(f"{self.where}: {self.kind.value}: {text}") from None
        for secret in _plain_secrets(config, self.settings):
            raise ConfigError(
                f"{self.where}: {self.kind.value}.{secret} is a secret. Put it into a secret of "
                "ZenML (zenml secret create NAME --KEY=…) and write '{{NAME.KEY}}'."
            )
        existing = self._existing()
        if existing is not None and existing.flavor_name != self.flavor:
            raise ConfigError(
                f"{self.where}: there is a component {self.name!r} of the type {self.kind.value} "
                f"with the flavor {existing.flavor_name}. Give this one another `name`, or "
                f"delete that one: zenml {self.kind.value.replace('_', '-')} delete {self.name}"
            )

    def register(self) -> Registered:
        """Create the component, or change its settings to these."""
        from zenml.client import Client

        existing = self._existing()
        change: Change = "unchanged"
        if existing is None:
            Client().create_stack_component(self.name, self.flavor, self.kind, self.settings)
            change = "created"
        elif _differs(existing.configuration, self.settings):
            # What the file no longer names goes back to its default.
            dropped = {key: None for key in existing.configuration if key not in self.settings}
            Client().update_stack_component(
                self.name, self.kind, configuration={**dropped, **self.settings}
            )
            change = "updated"
        return Registered(self.kind.value, self.name, self.flavor, change)

    def _existing(self) -> ComponentResponse | None:
        from zenml.client import Client

        try:
            return Client().get_stack_component(self.kind, self.name, allow_name_prefix_match=False)
        except KeyError:
            return None


def _component(key: str, section: Any, stack: str, where: str) -> _Component:
    from zenml.enums import StackComponentType

    types = {each.value: each for each in StackComponentType}
    if key not in types:
        near = difflib.get_close_matches(key, types, n=1)
        hint = f"Did you mean {near[0]!r}?" if near else f"There are: {', '.join(sorted(types))}."
        raise ConfigError(f"{where}: there is no type of component {key!r}. {hint}")
    if not isinstance(section, dict):
        raise ConfigError(f"{where}: {key} must be a mapping with `flavor` and its settings.")
    settings = {str(name): value for name, value in section.items()}
    name = str(settings.pop("name", stack))
    flavor = str(settings.pop("flavor", "local"))
    return _Component(types[key], name, flavor, settings, where)


def _plain_secrets(config: Any, settings: Mapping[str, Any]) -> Iterator[str]:
    from zenml.utils.secret_utils import is_secret_field, is_secret_reference

    for name, field in type(config).model_fields.items():
        value = settings.get(name)
        if value is not None and is_secret_field(field) and not is_secret_reference(value):
            yield name


def _differs(existing: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
    # ZenML keeps some values as text.
    return {key: str(value) for key, value in existing.items()} != {
        key: str(value) for key, value in wanted.items()
    }


def _register_stack(name: str, components: Mapping[StackComponentType, str]) -> Change:
    from zenml.client import Client

    client = Client()
    try:
        existing = client.get_stack(name, allow_name_prefix_match=False)
    except KeyError:
        client.create_stack(name, dict(components))
        return "created"
    present = {kind: [each.name for each in found] for kind, found in existing.components.items()}
    if present == {kind: [each] for kind, each in components.items()}:
        return "unchanged"
    updates: dict[Any, Any] = {kind: [] for kind in present if kind not in components}
    client.update_stack(name, component_updates={**updates, **components})
    return "updated"
