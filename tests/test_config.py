"""migration.yaml: what is valid, and what is said about what is not."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from transpiler.config import (
    BatchInference,
    Container,
    MigrationConfig,
    MigrationConfigError,
    load_migration_config,
)
from transpiler.config.models import untagged
from transpiler.config.references import Reference, parse
from transpiler.config.source import MAX_BYTES


def write(folder: Path, text: str | bytes) -> Path:
    path = folder / "migration.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def load(folder: Path, text: str | bytes) -> MigrationConfig:
    return load_migration_config(write(folder, text), folder)


BATCH = """\
images:
  acme/x:
    as: batch_inference
    features: f.sql
    model: m
    output_table: T
"""


def test_every_key(tmp_path: Path) -> None:
    config = load(
        tmp_path,
        BATCH + """\
  acme/*: container
  acme/y*: {command: [python, -m, y]}
output: build/zenml
connections:
  etl: {type: snowflake, account: acme, schema: RAW, port: 443, password: "${P}", extra: {a: [1]}}
  web: {type: http, port: "${WEB_PORT}"}
callbacks:
  alerts.page: runtime.alerts.incident_io
  alerts.*: drop
rules: [own_rules]
exclude: ["archive/*"]
""",
    )

    assert config.output == Path("build/zenml")
    assert isinstance(config.container_mode("acme/x:1.2"), BatchInference)
    assert config.container_mode("acme/other") == Container()
    assert config.container_mode("acme/yes:3") == Container(command=["python", "-m", "y"])
    assert config.container_mode("elsewhere/x") == Container()
    assert config.connections["etl"].settings() == {
        "type": "snowflake",
        "account": "acme",
        "schema": "RAW",
        "port": 443,
        "password": "${P}",
        "extra": {"a": [1]},
    }
    assert config.callback("alerts.page") == "runtime.alerts.incident_io"
    assert config.callback("alerts.other") == "drop"
    assert config.callback("other") is None
    assert config.rule_paths() == [tmp_path / "own_rules"]
    assert config.excludes("archive/old.py")
    assert not config.excludes("dags/new.py")
    assert config.source == tmp_path / "migration.yaml"


def test_nothing_is_needed(tmp_path: Path) -> None:
    for config in (load(tmp_path, ""), MigrationConfig(), load(tmp_path, "\ufeff# nothing\n")):
        assert config.container_mode("x") == Container()
        assert config.rule_paths() == []
    assert MigrationConfig().folder is None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("outputs: x\n", "migration.yaml:1: unknown key 'outputs'. Did you mean 'output'?"),
        (
            "\nzzz: x\n",
            "migration.yaml:2: unknown key 'zzz'. Valid keys here: output, connections,",
        ),
        (
            "connections:\n  a:\n    passwort: x\n",
            ":3: unknown key 'connections.a.passwort'. Did you mean 'password'?",
        ),
        (
            "images:\n  a: {comand: [x]}\n",
            ":2: unknown key 'images.a.comand'. Did you mean 'command'?",
        ),
        (
            BATCH + "    colums: {}\n",
            ":7: unknown key 'images.acme/x.colums'. Did you mean 'columns'?",
        ),
        (
            "images:\n  a:\n    as: batch\n",
            ":3: images.a: `as` must be container or batch_inference.",
        ),
        ("images:\n  a: 3\n", ":2: images.a: "),
        ("images:\n  a: {as: batch_inference}\n", ":2: images.a.features: Field required."),
        (
            "connections:\n  a: {password: hunter2}\n",
            ":2: connections.a: password must refer to the environment",
        ),
        ("connections:\n  a: {port: x}\n", ":2: connections.a.port: give a number, or a reference"),
        (
            BATCH + "    alias: a\n    version: 1\n",
            ":2: images.acme/x: give alias or version, not both.",
        ),
        (BATCH + "    mode: merge\n", "mode merge needs keys."),
        (BATCH + "    mode: overwrite_partition\n", "mode overwrite_partition needs partition."),
        (BATCH + "    cap: 1\n    floor: 2\n", "cap is below floor."),
        (BATCH + "    batch_size: 0\n", ":7: images.acme/x.batch_size: "),
        (BATCH + "    partition: {D: [1]}\n", ":7: images.acme/x.partition.D: give text, a number"),
        (BATCH + "    alias: ${arg.x}\n", ":7: images.acme/x.alias: ${arg.x} is not a reference"),
        ("callbacks: {a: 'import os'}\n", ":1: callbacks.a: give the dotted name of a hook"),
        ("rules: x\n", ":1: rules: Input should be a valid list."),
        ("a: 1\na: 2\n", ":2: the key 'a' comes twice (first in line 1). Keep one."),
        ("exclude: &x [a]\nrules: *x\n", ":2: YAML aliases (*name) are not supported."),
        ("exclude: [\n", "not valid YAML"),
        ("output: 2020-13-45\n", "not valid YAML"),
        ("a: \x01\n", "not valid YAML"),
        ("- a\n", ":1: the file must be a mapping"),
        (b"\xff\xfe\x00", "not UTF-8 text"),
        ("#" * (MAX_BYTES + 1), "larger than 256 KiB"),
        ("1: x\n", ":1: unknown key '1'."),
        ("x: !!python/object/apply:os.getcwd []\n", "not valid YAML"),
    ],
)
def test_mistakes_are_told_with_their_line(text: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(MigrationConfigError) as caught:
        load(tmp_path, text)

    assert message in str(caught.value)
    assert "hunter2" not in str(caught.value)


def test_every_mistake_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(MigrationConfigError) as caught:
        load(tmp_path, "outputs: x\nrule: []\n")

    assert len(str(caught.value).splitlines()) == 2


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(MigrationConfigError, match="cannot be read"):
        load_migration_config(tmp_path / "nowhere.yaml", tmp_path)


def test_the_nearest_file_up_to_the_root_is_found(tmp_path: Path) -> None:
    root = tmp_path / "project"
    dags = root / "dags" / "team"
    dags.mkdir(parents=True)
    write(tmp_path, "exclude: [outside]")

    assert load_migration_config(None, root, dags).source is None

    write(root, "exclude: [root]")
    assert load_migration_config(None, root, dags / "a.py").exclude == ["root"]
    assert load_migration_config(None, root).exclude == ["root"]

    write(root / "dags", "exclude: [dags]")
    assert load_migration_config(None, root, dags).exclude == ["dags"]


def test_a_file_that_is_only_found_loads_no_rules(tmp_path: Path) -> None:
    path = write(tmp_path, "\nrules: [own]\n")

    with pytest.raises(MigrationConfigError, match=r":2: rules: .* Pass --config"):
        load_migration_config(None, tmp_path)

    assert load_migration_config(path, tmp_path).rules == [Path("own")]


def test_a_file_that_is_only_found_writes_inside_the_project(tmp_path: Path) -> None:
    path = write(tmp_path, "output: build\n")
    assert load_migration_config(None, tmp_path).output == Path("build")

    write(tmp_path, "output: ../elsewhere\n")
    with pytest.raises(MigrationConfigError, match=r":1: output: .* Pass --config"):
        load_migration_config(None, tmp_path)
    assert load_migration_config(path, tmp_path).output == Path("../elsewhere")


def test_it_cannot_be_changed(tmp_path: Path) -> None:
    with pytest.raises(ValidationError):
        load(tmp_path, "").output = Path("x")


@pytest.mark.parametrize(
    ("image", "name"),
    [
        ("a", "a"),
        ("a:1", "a"),
        ("host:5000/a/b", "host:5000/a/b"),
        ("host:5000/a/b:1@sha256:0f", "host:5000/a/b"),
    ],
)
def test_an_image_without_its_tag(image: str, name: str) -> None:
    assert untagged(image) == name


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("plain {{ ds }} $x", ["plain {{ ds }} $x"]),
        ("${args.a-b}", [Reference("args", "a-b")]),
        ("x${ env.A | int }y", ["x", Reference("env", "A", True), "y"]),
        ("$${args.a}", ["${args.a}"]),
        ("", []),
    ],
)
def test_references(text: str, parts: list[str | Reference]) -> None:
    assert parse(text) == parts


@pytest.mark.parametrize("text", ["${x}", "${args.}", "${args.a | float}", "${}", "${env.a.b c}"])
def test_malformed_references(text: str) -> None:
    with pytest.raises(ValueError, match="is not a reference"):
        parse(text)


def test_a_reference_shows_itself() -> None:
    assert str(Reference("env", "A", True)) == "${env.A}"
