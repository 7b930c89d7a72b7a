"""A commented migration.yaml for what was found."""

from __future__ import annotations

import json
from collections.abc import Iterator

from transpiler.emit.text import visible
from transpiler.inventory.gathering import Inventory, Item

_SHOWN = 3
"""Places that are named; how many there are stands before them."""
_TYPES = (
    ("snowflake", "snowflake"),
    ("postgres", "postgres"),
    ("mysql", "mysql"),
    ("slack", "slackwebhook"),
    ("http", "http"),
    ("s3", "aws"),
    ("aws", "aws"),
    ("google", "google_cloud_platform"),
    ("gcp", "google_cloud_platform"),
)
"""What operator and id mostly say of a connection's type."""


def migration_yaml(inventory: Inventory) -> str:
    """The file's text. It says nothing yet: every proposal is a comment."""
    return "".join(f"{line}\n".replace(" \n", "\n") for line in _lines(inventory))


def _lines(inventory: Inventory) -> Iterator[str]:
    yield "# What the DAG files cannot say; every key may be left out."
    yield f"# Found by `dag2zen init` in {_count(inventory.files, 'file')} with {_count(inventory.dags, 'DAG')}."
    yield "# Take the # from the lines that you need, and fill in what stands in <angle brackets>."
    yield ""
    yield "# The Airflow that the DAG files are for, where their imports do not tell."
    yield '# airflow_version: "2.10"'
    yield ""
    yield "# The output folder, where --out is not given."
    yield "# output: build/zenml"
    yield from _connections(inventory.of("connections"))
    yield from _images(inventory.of("images"))
    yield from _callbacks(inventory.of("callbacks"))
    yield from _listed(
        inventory.of("variables"),
        "Variables: their values go into configs/<dag>.yaml, which names each one",
    )
    yield from _listed(
        inventory.of("pools"),
        "Pools: their sizes go into configs/<dag>.yaml, or onto the orchestrator",
    )
    yield from _left_out(inventory)
    yield ""
    yield "# Findings that are known and accepted, with the reason."
    yield "# suppress:"
    yield "#   - code: D2Z212"
    yield "#     dag: <pattern>"
    yield "#     reason: <why>"


def _left_out(inventory: Inventory) -> Iterator[str]:
    yield ""
    yield "# DAG files that are left out, relative to the project root."
    if inventory.broken:
        yield f"# Cannot be read as they are: {_paths(inventory.broken)}"
    for name, messages in inventory.ignored.items():
        yield from (f"# {visible(name)}: {message}" for message in messages)
    if inventory.ignored:
        yield "# airflowignore: include"
    yield '# exclude: ["dags/archive/*"]'


def _paths(names: list[str]) -> str:
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(visible(name) for name in names[:_SHOWN]) + more


def _connections(items: list[Item]) -> Iterator[str]:
    if not items:
        return
    yield ""
    yield "# Airflow connections. Secrets stay in the environment, as ${NAME}."
    yield "# connections:"
    for item in items:
        yield f"#   {_key(item.name)}:  # {_where(item)}"
        yield from (f"#     {line}" for line in _connection(item))


def _connection(item: Item) -> Iterator[str]:
    words = " ".join([item.name, *item.by]).lower()
    kind = next((kind for word, kind in _TYPES if word in words), "<type>")
    prefix = "".join(
        char if char.isalnum() and char.isascii() else "_" for char in item.name
    ).upper()
    yield f"type: {kind}"
    if kind == "snowflake":
        yield "account: <account>"
        yield f"user: ${{{prefix}_USER}}"
        yield f"password: ${{{prefix}_PASSWORD}}"
    else:
        yield "host: <host>"
        yield f"password: ${{{prefix}_PASSWORD}}"


def _images(items: list[Item]) -> Iterator[str]:
    if not items:
        return
    yield ""
    yield "# Container images: `container` runs them as they are; `batch_inference` replaces them by"
    yield "# steps that load features, predict and write."
    yield "# images:"
    for item in items:
        yield f"#   {_key(_untagged(item.name))}:  # {_where(item)}"
        yield "#     as: container"


def _callbacks(items: list[Item]) -> Iterator[str]:
    if not items:
        return
    yield ""
    yield "# Callbacks: the dotted name of a hook of the runtime, `keep` your own function, or `drop` it."
    yield "# callbacks:"
    for item in items:
        yield f"#   {_key(item.name)}: keep  # {_where(item)}"


def _listed(items: list[Item], title: str) -> Iterator[str]:
    if not items:
        return
    yield ""
    yield f"# {title}."
    for item in items:
        yield f"#   {visible(item.name)}: {_where(item)}"


def _where(item: Item) -> str:
    """How often and where, on one line."""
    places = [f"{visible(span.file)}:{span.line}" for span in item.places[:_SHOWN]]
    more = f" and {len(item.places) - _SHOWN} more" if len(item.places) > _SHOWN else ""
    return f"{_count(len(item.places), 'place')}: {', '.join(places)}{more}"


def _key(name: str) -> str:
    """A name as a YAML key: plain where it can be, else as a JSON string, which is YAML too."""
    plain = name.isascii() and all(char.isalnum() or char in "._-/" for char in name)
    return name if plain and name[:1].isalpha() else json.dumps(name)


def _untagged(image: str) -> str:
    from transpiler.config.models import untagged

    return untagged(image)


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
