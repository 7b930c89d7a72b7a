"""Stacks registered in a real ZenML store."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner
from zenml.client import Client
from zenml.enums import StackComponentType

from runtime.exceptions import ConfigError
from runtime.stacks import register_stack
from transpiler.cli import app

PAGE = Path(__file__).parents[2] / "docs" / "stacks.md"
EXAMPLE = re.compile(r'^```yaml title="[^"]+"\n(.*?)^```$', re.MULTILINE | re.DOTALL)
(CLUSTER,) = EXAMPLE.findall(PAGE.read_text(encoding="utf-8"))


@pytest.fixture
def name(zenml_store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The name of a stack that no other test uses, and the secrets that its components name."""
    monkeypatch.setenv("ARTIFACTS", str(tmp_path / "artifacts"))
    name = f"stack-{uuid.uuid4().hex[:8]}"
    client = Client()
    client.create_secret("mlflow", {"user": "zenml", "password": "hunter2"})
    client.create_secret("slack", {"token": "xoxb"})
    yield name
    client.delete_secret("mlflow")
    client.delete_secret("slack")


def changes(name: str, file: Path | None) -> dict[str, str]:
    return {each.kind: each.change for each in register_stack(name, file)}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "production.yaml"
    path.write_text(CLUSTER, encoding="utf-8")
    return path


def test_a_cluster_is_registered_once(name: str, file: Path) -> None:
    first = changes(name, file)
    assert set(first.values()) == {"created"} and len(first) == 8
    assert set(changes(name, file).values()) == {"unchanged"}
    components = Client().get_stack(name).components
    tracker = components[StackComponentType.EXPERIMENT_TRACKER][0]
    assert tracker.flavor_name == "mlflow"
    assert tracker.configuration["tracking_password"] == "{{mlflow.password}}"


def test_what_differs_is_changed(name: str, file: Path) -> None:
    register_stack(name, file)
    text = file.read_text(encoding="utf-8")
    text = text.replace("kubernetes_namespace: pipelines", "kubernetes_namespace: nightly")
    file.write_text(text.replace("model_registry:\n  flavor: mlflow\n", ""), encoding="utf-8")
    second = changes(name, file)
    assert {kind for kind, change in second.items() if change == "updated"} == {
        "orchestrator",
        "stack",
    }
    components = Client().get_stack(name).components
    assert StackComponentType.MODEL_REGISTRY not in components
    orchestrator = components[StackComponentType.ORCHESTRATOR][0]
    assert orchestrator.configuration["kubernetes_namespace"] == "nightly"
    assert set(changes(name, file).values()) == {"unchanged"}


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "orchestrator:",
            "orchestrater:",
            "no type of component 'orchestrater'. Did you mean 'orc",
        ),
        ("flavor: kubernetes", "flavor: kubernetez", "orchestrator: "),
        ("kubernetes_namespace:", "kubernetes_namespaces:", "kubernetes_namespaces"),
        ('"{{mlflow.password}}"', "hunter2", "tracking_password is a secret"),
        ("image_builder:\n  flavor: local", "image_builder: local", "must be a mapping"),
        (
            "artifact_store:\n  flavor: local\n  path: ${ARTIFACTS}\n",
            "",
            "needs the section `artifact_store`",
        ),
    ],
)
def test_what_is_wrong_changes_nothing(
    name: str, tmp_path: Path, old: str, new: str, message: str
) -> None:
    path = tmp_path / "wrong.yaml"
    path.write_text(CLUSTER.replace(old, new), encoding="utf-8")
    with pytest.raises(ConfigError, match=message) as caught:
        register_stack(name, path)
    assert "hunter2" not in str(caught.value) and "wrong.yaml" in str(caught.value)
    assert Client().list_stack_components(name=name).total == 0


def test_another_flavor_of_the_same_name(name: str, tmp_path: Path, file: Path) -> None:
    register_stack(name)
    with pytest.raises(ConfigError, match="with the flavor local. Give this one another `name`"):
        register_stack(name, file)


def test_the_command(name: str, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = Client().active_stack_model.name
    result = CliRunner().invoke(app, ["setup-stack", name, "--activate"])
    assert result.exit_code == 0, result.output
    assert f"created    orchestrator {name} (local)" in result.stdout
    assert Client().active_stack_model.name == name
    Client().activate_stack(before)
    again = CliRunner().invoke(app, ["setup-stack", name, "--json"])
    assert {each["change"] for each in json.loads(again.stdout)} == {"unchanged"}
    missing = CliRunner().invoke(app, ["setup-stack", name, "--file", "no.yaml"])
    assert missing.exit_code == 2 and "There is no file no.yaml" in missing.output
