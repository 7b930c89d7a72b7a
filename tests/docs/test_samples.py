"""Every sample of the documentation: a test runs it, and commands, options and names are real."""

from __future__ import annotations

import ast
import re
import shlex
from collections.abc import Iterator
from importlib import import_module
from importlib.metadata import metadata
from importlib.util import find_spec
from typing import Any

import pytest
import typer
import yaml

from tests.docs.samples import NOT_RUN, REPOSITORY, RUN_BY, Sample, pages, samples
from transpiler.cli import app

SAMPLES = list(samples())
PYTHON = [one for one in SAMPLES if one.language == "python"]
SHELL = [one for one in SAMPLES if one.language in ("console", "bash")]
GROUP = typer.main.get_command(app)
OPTIONAL = {"airflow", "pendulum"}
"""What DAG files import: Airflow is not in this environment."""


def test_each_is_run_or_has_a_reason() -> None:
    there = {(one.page, one.language) for one in SAMPLES}
    assert there == {*RUN_BY, *NOT_RUN}
    assert not set(RUN_BY) & set(NOT_RUN)


@pytest.mark.parametrize("test", sorted(set(RUN_BY.values())))
def test_the_test_is_there(test: str) -> None:
    path, _, name = test.partition("::")
    text = (REPOSITORY / path).read_text(encoding="utf-8")
    assert f"def {name}" in text if name else "def test_" in text


def commands(text: str) -> Iterator[list[str]]:
    """The words of each command of a block, without prompts, comments and what is printed."""
    lines = text.replace("\\\n", " ").splitlines()
    prompted = any(line.startswith("$ ") for line in lines)
    for line in lines:
        if not prompted or line.startswith("$ "):
            yield from words_of(line.removeprefix("$ "))


def words_of(line: str) -> Iterator[list[str]]:
    """The words of each command of a line, without the variables that are set before it."""
    lexer = shlex.shlex(re.sub(r"\$\([^)]*\)", "X", line), posix=True, punctuation_chars="|&;")
    lexer.whitespace_split = True
    found: list[str] = []
    for word in [*lexer, ";"]:
        if set(word) <= set("|&;"):
            if found:
                yield found
            found = []
        elif found or not re.fullmatch(r"[A-Z_]+=.*", word):
            found.append(word)


def check_command(words: list[str]) -> None:
    """Raises AssertionError for a command or an option that there is not."""
    command: Any = GROUP
    rest = words[1:]
    while hasattr(command, "commands") and rest and not rest[0].startswith("-"):
        found = command.commands.get(rest[0])
        assert found is not None, f"there is no command {' '.join(words)}"
        command, rest = found, rest[1:]
    known = {
        name
        for parameter in command.params
        for name in (*parameter.opts, *parameter.secondary_opts)
    }
    known |= {"--help", "-h"}
    for word in rest:
        name = word.partition("=")[0]
        if re.match(r"--?[a-z]", name):
            assert name in known, f"{name} is no option of {command.name}"


def shell_commands() -> list[tuple[str, list[str]]]:
    found = [(one.page, words) for one in SHELL for words in commands(one.text)]
    for path in pages():
        prose = re.sub(r"^```.*?^```$", "", path.read_text("utf-8"), flags=re.M | re.S)
        name = path.relative_to(REPOSITORY).as_posix()
        inline = (" ".join(text.split()) for text in re.findall(r"`([^`]+)`", prose))
        starts = ("dag2zen ", "make ", "pip install ", "python -m ")
        found += [(name, w) for text in inline if text.startswith(starts) for w in words_of(text)]
    return found


def test_commands_are_there() -> None:
    targets = set(re.findall(r"^([\w-]+):", (REPOSITORY / "Makefile").read_text(), re.M))
    offered = set(metadata("dag2zen").get_all("Provides-Extra") or ())
    wrong, seen = [], set()
    for page, words in shell_commands():
        seen.add(words[0])
        try:
            if words[0] == "dag2zen":
                check_command(words)
            elif words[0] == "make":
                named = [word for word in words[1:] if "=" not in word and not word.startswith("-")]
                assert set(named) <= targets, f"make has no target {named}"
            elif words[:2] == ["pip", "install"]:
                extras = {
                    one
                    for text in re.findall(r"\[([\w,]+)\]", " ".join(words))
                    for one in text.split(",")
                }
                assert extras <= offered, f"no extra of {extras}"
            elif words[:2] == ["python", "-m"]:
                assert find_spec(words[2]) is not None, f"no module {words[2]}"
        except AssertionError as error:
            wrong.append(f"{page}: {words}: {error}")
    assert wrong == []
    assert {"dag2zen", "make", "pip", "python"} <= seen


def test_a_wrong_option_is_noticed() -> None:
    with pytest.raises(AssertionError, match="--nothing is no option of assess"):
        check_command(["dag2zen", "assess", "dags", "--nothing"])
    with pytest.raises(AssertionError, match="there is no command"):
        check_command(["dag2zen", "convert", "dags"])


@pytest.mark.parametrize("sample", PYTHON, ids=lambda one: f"{one.page}-{one.text[:20]!r}")
def test_python_is_python(sample: Sample) -> None:
    tree = ast.parse(sample.text)
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            if (
                node.module.split(".")[0] in OPTIONAL
                or find_spec(node.module.split(".")[0]) is None
            ):
                continue
            module = import_module(node.module)
            missing = [one.name for one in node.names if not hasattr(module, one.name)]
            assert missing == [], f"{node.module} has no {missing}"


@pytest.mark.parametrize(
    "sample", [one for one in SAMPLES if one.language == "yaml"], ids=lambda one: one.page
)
def test_yaml_is_yaml(sample: Sample) -> None:
    assert isinstance(yaml.safe_load(sample.text.replace("{repository}", "a/b")), dict)


def test_messages_of_the_troubleshooting_are_ours() -> None:
    page = (REPOSITORY / "docs" / "troubleshooting.md").read_text(encoding="utf-8")
    code = "".join(
        path.read_text(encoding="utf-8")
        for folder in ("transpiler", "runtime")
        for path in sorted((REPOSITORY / folder).rglob("*.py"))
    )
    bold = " ".join(" ".join(re.findall(r"\*\*(.*?)\*\*", page, re.S)).split())
    messages = [text.strip("… ") for text in re.findall(r"`([^`]+)`", bold) if " " in text]
    assert len(messages) >= 3
    assert [text for text in messages if text not in code] == []
