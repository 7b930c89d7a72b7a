"""Declaring, loading and finding rules."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from rules import Example, Rule, RuleLoadError, RuleRegistry, loading, rule
from tests.lower.factory import task as one_task
from transpiler.lower.reader import TaskReader
from transpiler.model.pipeline import StepCall

MODULE = """
from rules import Example, rule
from rules.bash import bash_operator

@rule({names}, docs="https://example.org", examples=[Example("a", "b")])
def mine(task, to):
    '''Mine
    wins.

    More.
    '''
    return []
"""


def write(path: Path, *names: str) -> Path:
    path.write_text(MODULE.format(names=", ".join(map(repr, names))), encoding="utf-8")
    return path


def test_built_in_operators_have_one_rule_each() -> None:
    rules = RuleRegistry.load().all()
    for subclasses in (False, True):
        found = [name for one in rules if one.subclasses is subclasses for name in one.operators]
        assert len(found) == len(set(found))
    names = [name for one in rules if not one.subclasses for name in one.operators]
    assert "airflow.operators.bash_operator.BashOperator" in names


def test_every_rule_is_documented() -> None:
    for item in RuleRegistry.load().all():
        assert item.summary.endswith("."), item.name
        assert item.docs.startswith("https://")
        assert item.examples


def test_a_rule_of_the_user_wins(tmp_path: Path) -> None:
    name = "airflow.operators.bash.BashOperator"
    registry = RuleRegistry.load([write(tmp_path / "own.py", name, "acme.Own")])

    found = registry.find(name)

    assert found is not None
    assert (found.name, found.summary) == ("mine", "Mine wins.")
    assert registry.find("acme.Own") is found
    assert found in registry.all()
    built_in = registry.find("airflow.providers.standard.operators.bash.BashOperator")
    assert built_in is not None
    assert built_in.name == "bash_operator"
    assert registry.find("airflow.Unknown") is None


def test_a_rule_that_decides_nothing_is_not_listed(tmp_path: Path) -> None:
    first, second = write(tmp_path / "a.py", "acme.Own"), write(tmp_path / "b.py", "acme.Own")

    rules = RuleRegistry.load([first, second]).all()

    assert [item.name for item in rules].count("mine") == 1


def test_a_folder_gives_its_modules(tmp_path: Path) -> None:
    write(tmp_path / "one.py", "acme.One")
    write(tmp_path / "two.py", "acme.Two")
    (tmp_path / "_helper.py").write_text("raise ValueError", encoding="utf-8")

    registry = RuleRegistry.load([tmp_path])

    assert registry.find("acme.One")
    assert registry.find("acme.Two")


@pytest.mark.parametrize(
    ("code", "cause"),
    [
        ("raise ValueError('no luck')", "ValueError: no luck"),
        ("def broken(:", "SyntaxError"),
        ("import not_installed_anywhere", "ModuleNotFoundError"),
        (MODULE.format(names="'a'").replace('[Example("a", "b")]', "[]"), "mine has no example"),
        (MODULE.format(names="").replace("@rule(,", "@rule("), "mine names no operator"),
    ],
)
def test_a_broken_module_is_told_with_its_file(code: str, cause: str, tmp_path: Path) -> None:
    path = tmp_path / "broken.py"
    path.write_text(code, encoding="utf-8")
    before = set(sys.modules)

    with pytest.raises(RuleLoadError) as caught:
        RuleRegistry.load([path])

    assert str(path) in str(caught.value)
    assert cause in str(caught.value)
    assert not [name for name in set(sys.modules) - before if name.startswith("dag2zen_rules")]


@pytest.mark.parametrize("name", ["nowhere", "empty", "rules.txt"])
def test_a_path_without_rules_is_an_error(name: str, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "rules.txt").write_text("", encoding="utf-8")

    with pytest.raises(RuleLoadError, match=name):
        RuleRegistry.load([tmp_path / name])


def install(folder: Path, entry: str) -> None:
    """A package that names the entry point, installed into the folder."""
    package = folder / "acme-1.0.dist-info"
    package.mkdir(parents=True)
    (package / "METADATA").write_text("Metadata-Version: 2.1\nName: acme\nVersion: 1.0\n")
    (package / "entry_points.txt").write_text(f"[{loading.ENTRY_POINT_GROUP}]\n{entry}\n")


def test_installed_packages_bring_rules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "acme_rules.py", "acme.Installed")
    monkeypatch.syspath_prepend(str(tmp_path))
    install(tmp_path, "acme = acme_rules")
    install(tmp_path / "hidden", "other = not_installed_anywhere")
    monkeypatch.syspath_prepend(str(tmp_path / "hidden"))
    monkeypatch.syspath_prepend(str(tmp_path))

    assert RuleRegistry.load().find("acme.Installed")


@pytest.mark.parametrize("value", ["not_installed_anywhere", "os:sep"])
def test_a_broken_entry_point_is_named(
    value: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(tmp_path, f"acme = {value}")
    monkeypatch.syspath_prepend(str(tmp_path))

    with pytest.raises(RuleLoadError, match="acme"):
        RuleRegistry.load()


def test_registry_of_given_rules() -> None:
    item = Rule(("a.B",), lambda task, to: [], "https://example.org", (Example("", ""),))

    assert RuleRegistry([item]).find("a.B") is item
    assert item.summary == ""


def test_the_decorator_keeps_the_function() -> None:
    def nothing(task: object, to: object) -> list[object]:
        return []

    declared = rule("a.B", docs="d", examples=[Example("x", "y")])(nothing)  # type: ignore[arg-type]

    assert declared.function is nothing
    assert declared(None, None) == []  # type: ignore[arg-type]


def test_loading_imports_neither_airflow_nor_zenml() -> None:
    code = (
        "import sys, rules; rules.RuleRegistry.load();"
        "print([m for m in ('airflow', 'zenml', 'sqlglot', 'mlflow') if m in sys.modules])"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"


def test_a_rule_says_whether_its_operator_needs_the_scheduler() -> None:
    def mine(task: TaskReader, to: object) -> list[StepCall]:
        return []

    example = [Example("a", "b")]
    task = TaskReader(one_task(wait=True))
    never = rule("acme.A", docs="https://x", examples=example)(mine)
    always = rule("acme.A", docs="https://x", examples=example, dynamic="it waits")(mine)
    sometimes = rule(
        "acme.A",
        docs="https://x",
        examples=example,
        dynamic=lambda reader: "it waits" if reader.value("wait") else None,
    )(mine)
    assert [item.needs_dynamic(task) for item in (never, always, sometimes)] == [
        None,
        "it waits",
        "it waits",
    ]
    assert sometimes.needs_dynamic(TaskReader(one_task(wait=False))) is None
