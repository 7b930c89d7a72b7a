"""Text to a module, however the text is shaped."""

from __future__ import annotations

import pytest

from transpiler.source import parse as parsing
from transpiler.source.deep import run_deep
from transpiler.source.errors import SourceError
from transpiler.source.parse import parse
from transpiler.source.positions import MAX_DEPTH, Positions
from transpiler.source.shape import shape_of


def failure(text: str) -> SourceError:
    with pytest.raises(SourceError) as caught:
        run_deep(lambda: Positions(parse(text)))
    return caught.value


ERRORS = {
    "x = (\n": ("D2Z101", 2),
    "a\nb = = 1\n": ("D2Z101", 2),
    "x = 1\n\nprint 'a'\n": ("D2Z102", 3),
    "exec 'a'\n": ("D2Z102", 1),
    "raise ValueError, 'a'\n": ("D2Z102", 1),
    "x = 1\ny = " + "(" * 101 + ")" * 101: ("D2Z108", 2),
    "if 1:\n  " + "not " * MAX_DEPTH + "1": ("D2Z108", 2),
    "x = 1\nif x: pass\n" + "elif x: pass\n" * MAX_DEPTH: ("D2Z108", 1501),
}


@pytest.mark.parametrize("text", ERRORS, ids=range(len(ERRORS)))
def test_errors_have_code_and_line(text: str) -> None:
    error = failure(text)
    code, line = ERRORS[text]
    assert error.code == code
    assert abs(error.line - line) <= 5


CHAINS = {
    "attributes": "a" + ".b" * 5000,
    "calls": "f" + "()" * 5000,
    "items": "a" + "[0]" * 5000,
    "sums": "1" + "+1" * 5000,
    "lambdas": "lambda: " * 5000 + "1",
    "conditions": "1 if 0 else " * 5000 + "1",
    "f-string": "f'{a" + ".b" * 5000 + "}'",
    "patterns": "match 1:\n  case " + "[" * 40 + "a" + "]" * 40 + ": pass",
}


@pytest.mark.parametrize(
    "name",
    [
        (
            name
            if name in ("items", "f-string", "patterns")
            else pytest.param(name, marks=pytest.mark.slow)
        )
        for name in CHAINS
    ],
)
def test_slow_text_ends_in_time(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parsing, "PROBE_SECONDS", 1.0)
    error = failure("x = 1\n" + CHAINS[name])
    assert error.code == "D2Z108"
    assert error.line in (2, 3)


def test_probe_of_a_crash(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parsing, "_PROBE", "import os; os.abort()")
    error = failure("x = 1\ny = a" + ".b" * 1600)
    assert (error.code, error.line) == ("D2Z108", 2)


def test_long_but_quick_text_is_parsed() -> None:
    text = "x = (1" + " and 1" * 600 + ")\n"
    assert shape_of(text).suspicious
    assert run_deep(lambda: parse(text).code) == text


@pytest.mark.parametrize("text", ["x = (" + "and " * 900, "a" * 4000 + " = = 1"])
def test_probed_text_with_a_syntax_error(text: str) -> None:
    assert failure(text).code == "D2Z101"


ORDINARY = {
    "many commas": "x = [" + "1, " * 5000 + "]",
    "many statements": "x = 1\n" * 5000,
    "semicolons": "x = 1;" * 5000,
    "long string": "x = '" + "a.b" * 5000 + "'",
    "long docstring": '"""' + "a.b\n" * 5000 + '"""',
    "long comment": "# " + "a.b" * 5000,
    "long f-string": "x = f'''" + "select a.b\n" * 5000 + "{1}'''",
    "several expressions": "x = f'" + "{1} and " * 500 + "'",
    "escapes": "x = 'it\\'s' + \"\\\"\" + 'a\\\nb'",
    "brackets in strings": "x = '((((' + \"[[[[\"  # {{{{{\ny = 1",
    "carriage returns": "x = 1\r\ny = 2\r\n",
    "case": "match 1:\n  case [1, (2 | 3)]: pass\n",
}


@pytest.mark.parametrize("name", ORDINARY)
def test_ordinary_text_is_not_probed(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parsing, "_PROBE", "raise SystemExit(1)")
    assert parse(ORDINARY[name]).code == ORDINARY[name]


def test_parser_out_of_stack(monkeypatch: pytest.MonkeyPatch) -> None:
    def parse_module(text: str) -> None:
        raise RecursionError

    monkeypatch.setattr(parsing.cst, "parse_module", parse_module)
    assert failure("x = 1").code == "D2Z108"


def test_deep_thread_passes_results_and_errors() -> None:
    assert run_deep(lambda: run_deep(lambda: 1)) == 1
    with pytest.raises(KeyError):
        run_deep(lambda: {}["a"])


def test_python_2_except_that_libcst_parses() -> None:
    old = "try:\n    pass\nexcept ValueError, error:\n    pass\n"
    with pytest.raises(SourceError) as caught:
        parse(old)
    assert (caught.value.code, caught.value.line) == ("D2Z102", 3)
    parse(old.replace("error:", "KeyError:"))  # as Python 3.14 allows
    parse(f'TEXT = """\n{old}"""\n')


def test_the_cost_of_a_probe_is_told() -> None:
    spent: list[float] = []
    parse("x = 1\n", spent.append)
    assert spent == []
    parse("# " + "a" * 256 * 1024 + "\nx = 1\n", spent.append)
    assert len(spent) == 1
    assert spent[0] > 0


def test_a_raw_f_string_over_two_lines_is_named() -> None:
    text = 'a = 1\nx = (\n    rf"copy {a} \\\n    to b"\n)\n'
    compile(text, "a.py", "exec")
    with pytest.raises(SourceError) as caught:
        parse(text)
    assert (caught.value.code, caught.value.line) == ("D2Z101", 3)
    assert "triple quotes" in caught.value.message
    assert parse(text.replace('"', '"""'))
