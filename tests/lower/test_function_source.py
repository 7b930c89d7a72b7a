"""Copying functions with what they need."""

from __future__ import annotations

from typing import Any

import pytest

from tests.lower.factory import function, module
from transpiler.lower.errors import UntranslatableError
from transpiler.lower.function_source import FunctionSource
from transpiler.lower.project_modules import ProjectModules
from transpiler.lower.steps_namespace import StepsNamespace
from transpiler.model.dag import SourceModule
from transpiler.model.pipeline import Import
from transpiler.model.values import FunctionRef, Ref, Symbolic


class Copied:
    """What copying functions out of some modules gave."""

    def __init__(self, *modules: SourceModule) -> None:
        self.space = StepsNamespace.reserving({"step": Import("zenml", "step")})
        self.source = FunctionSource(
            ProjectModules({m.path: m for m in modules}, modules[0].path), self.space
        )

    def add(self, ref: FunctionRef, name: str | None = None) -> str:
        with self.space.undone_on_error():
            return self.source.function(ref, name=name)

    @property
    def text(self) -> str:
        return "\n\n".join(text.strip("\n") for text in self.space.definitions)

    @property
    def imports(self) -> set[Import]:
        return set(self.space.imports)


def copied(source: str, name: str = "f", *others: SourceModule, **closure: Any) -> Copied:
    own = module(source)
    result = Copied(own, *others)
    result.add(function(own, name, closure))
    return result


def refused(source: str, *others: SourceModule, **closure: Any) -> tuple[str, str, int]:
    own = module(source)
    result = Copied(own, *others)
    with pytest.raises(UntranslatableError) as error:
        result.add(function(own, "f", closure))
    assert (result.text, result.imports) == ("", set())
    found = error.value.finding
    return found.code, found.message, found.span.line


def test_code_is_taken_over_as_it_stands() -> None:
    source = '''\
import os


# Says hello.
#   In its own way.
def f(name,   greeting = 'hello'):
    """Doc."""

    # to whom
    return  greeting+name   # as is
'''
    assert copied(source).text == source.partition("\n\n\n")[2].rstrip("\n")


def test_blank_lines_above_the_comment_go() -> None:
    assert copied("import os\n\n\n\n# c\n\n\ndef f(): pass\n").text == "# c\n\n\ndef f(): pass"


def test_what_is_needed_comes_first_in_the_order_of_the_source() -> None:
    result = copied("""
import json, os
from pathlib import Path as P

BASE = 2  # two
UNUSED = 1
TABLE = {"a": BASE}
TABLE["b"] = 3
TABLE.update(c=4)


class Row:
    size = BASE


def helper(x: Row):
    return g(x)


def f():
    return helper(Row()), TABLE, P("."), json.dumps({})


def g(x):
    return f
""")
    names = [line for line in result.text.splitlines() if line[:1].strip()]
    assert names == [
        "BASE = 2  # two",
        'TABLE = {"a": BASE}',
        'TABLE["b"] = 3',
        "TABLE.update(c=4)",
        "class Row:",
        "def g(x):",
        "def helper(x: Row):",
        "def f():",
    ]
    assert result.imports == {
        Import("json", None, None),
        Import("pathlib", "Path", "P"),
    }


def test_a_function_is_copied_once() -> None:
    own = module("def f(): pass\n")
    result = Copied(own)
    assert [result.add(function(own, "f")) for _ in range(2)] == ["f", "f"]
    assert result.text == "def f(): pass"


def test_other_modules_of_the_project() -> None:
    helpers = module("SIZE = 3\n\ndef clean(x):\n    return x[:SIZE]\n", "dags/include/helpers.py")
    result = copied(
        """
from include.helpers import clean as scrub
from include import helpers
import include.helpers
import include.helpers as h

def f(x):
    return scrub(x), helpers.clean(x), include.helpers.SIZE, h.SIZE, dict(clean=1, h=2)
""",
        "f",
        helpers,
    )
    assert result.text.endswith("return clean(x), clean(x), SIZE, SIZE, dict(clean=1, h=2)")
    assert result.imports == set()


def test_a_module_of_the_project_is_not_taken_for_another_one() -> None:
    ours = module("def dumps(x): return x\n", "dags/utils/json.py")
    also = module("def get(x): return x\n", "dags/utils/requests.py")
    result = copied(
        "import json, requests\nimport utils.json\n"
        "def f(): return json.dumps(1), utils.json.dumps(1), requests.get('x')\n",
        "f",
        ours,
        also,
    )
    assert result.text.endswith("return json.dumps(1), dumps(1), requests.get('x')")
    assert result.imports == {Import("json"), Import("requests")}


def test_relative_imports_and_packages() -> None:
    helpers = module(
        "from . import base\nfrom .base import ONE\nTWO = base.ONE + ONE\n", "dags/lib/x.py"
    )
    base = module("ONE = 1\n", "dags/lib/base.py")
    package = module("from .x import TWO\n", "dags/lib/__init__.py")
    result = copied("from lib import TWO\ndef f():\n    return TWO\n", "f", helpers, base, package)
    assert result.text == "ONE = 1\n\nTWO = ONE + ONE\n\ndef f():\n    return TWO"


def test_star_imports_of_the_project() -> None:
    helpers = module("def clean(x): return x\n", "dags/helpers.py")
    assert (
        "def clean"
        in copied("from helpers import *\ndef f(): return clean(1)\n", "f", helpers).text
    )


def test_names_that_collide_get_their_modules_name() -> None:
    one = module("SIZE = 1\ndef get(): return SIZE\n", "dags/one.py")
    two = module("SIZE = 2\ndef get(): return SIZE\n", "dags/two.py")
    result = copied(
        "import one, two\nSIZE = 3\ndef f(): return one.get() + two.get() + SIZE\n", "f", one, two
    )
    assert result.text.splitlines() == [
        "SIZE = 1",
        "",
        "def get(): return SIZE",
        "",
        "two_SIZE = 2",
        "",
        "def two_get(): return two_SIZE",
        "",
        "nightly_SIZE = 3",
        "",
        "def f(): return get() + two_get() + nightly_SIZE",
    ]


def test_a_name_of_the_framework_is_not_shadowed() -> None:
    result = copied("def step(): return 1\ndef f(): return step()\n")
    assert "def nightly_step(): return 1" in result.text
    assert "def f(): return nightly_step()" in result.text


def test_imports_that_collide() -> None:
    other = module("from json import loads\ndef g(x): return loads(x)\n", "dags/other.py")
    result = copied(
        "from pickle import loads\nfrom other import g\ndef f(x): return g(loads(x))\n", "f", other
    )
    assert result.imports == {Import("pickle", "loads"), Import("json", "loads", "loads_2")}
    assert "return loads_2(x)" in result.text


def test_airflow_names_keep_their_spelling() -> None:
    result = copied("""
from airflow.exceptions import AirflowSkipException
from airflow.models import Variable as V
from airflow.utils.context import Context
from airflow.decorators import task

# keep
@task(retries=3)
# me
def f(context: Context) -> Context:
    from airflow.operators.python import get_current_context
    value: Context = get_current_context()
    other: Context
    if V.get("x"):
        raise AirflowSkipException(value)
""")
    assert result.imports == {
        Import("runtime.exceptions", "SkipTask", "AirflowSkipException"),
        Import("runtime.airflow_names", "Variable", "V"),
        Import("runtime.callables", "get_current_context"),
    }
    assert result.text == (
        "# keep\n# me\ndef f(context):\n"
        "    value = get_current_context()\n"
        '    if V.get("x"):\n'
        "        raise AirflowSkipException(value)"
    )


@pytest.mark.parametrize("decorator", ["@task", "@task.python(retries=2)", "@dag.task", "@task()"])
def test_decorators_of_airflow_go(decorator: str) -> None:
    imports = "from airflow.decorators import task\nfrom airflow import DAG\n"
    source = f"{imports}{decorator}\ndef f(): pass\n"
    assert copied(source).text == "def f(): pass"


def test_decorators_of_the_project_stay() -> None:
    own = module("def timed(g): return g\n\n@timed\ndef f(): pass\n")
    result = Copied(own)
    assert result.source.has_own_decorators(function(own, "f"))
    result.add(function(own, "f"))
    assert result.text.endswith("@timed\ndef f(): pass")


def test_values_looked_up_at_import_move_into_the_function() -> None:
    settings = module(
        "from airflow.models import Variable\n"
        "HOME = Variable.get('home')\n"
        "def root(): return Variable.get('root')\n"
        "ROOT = root()\n",
        "dags/settings.py",
    )
    result = copied(
        '''
from settings import HOME, ROOT
PATH = f"{HOME}/raw"  # where
def f():
    """Doc."""
    return PATH, ROOT
''',
        "f",
        settings,
    )
    assert result.text.splitlines()[2:] == [
        "def f():",
        '    """Doc."""',
        "    ROOT = root()",
        "    HOME = Variable.get('home')",
        '    PATH = f"{HOME}/raw"  # where',
        "    return PATH, ROOT",
    ]


def test_one_line_bodies_can_take_statements_too() -> None:
    result = copied(
        "from airflow.models import Variable\nX = Variable.get('x')\ndef f(): return X\n"
    )
    assert result.text == "def f():\n    X = Variable.get('x')\n    return X"


def test_imports_inside_of_functions() -> None:
    helpers = module("def clean(x): return x\n", "dags/helpers.py")
    result = copied(
        """
def f(x):
    from helpers import clean as scrub
    import json
    return json.dumps(scrub(x))
""",
        "f",
        helpers,
    )
    assert result.text.endswith("def f(x):\n    import json\n    return json.dumps(clean(x))")


def test_guarded_imports_stay_guarded() -> None:
    source = (
        "import typing\n"
        "try:\n    import ujson as json\nexcept ImportError:\n    import json\n"
        "if typing.TYPE_CHECKING:\n    from pandas import DataFrame\n"
        "import sys\n"
        "if sys.version_info > (3, 9):\n    from a import b\nelse:\n    from c import b\n"
        "def f(x: DataFrame): return json, b\n"
    )
    result = copied(source)
    assert "try:\n    import ujson as json" in result.text
    assert "else:\n    from c import b" in result.text
    assert result.imports == {Import("pandas", "DataFrame"), Import("sys", None)}


def test_submodules_of_one_package() -> None:
    result = copied("import os.path\nimport os.abc\ndef f(): return os.path\n")
    assert result.imports == {Import("os.path"), Import("os.abc")}


def test_enclosing_functions_give_their_values() -> None:
    source = (
        "def make(country, fmt, clock):\n"
        "    def f():\n        return country, fmt(1), clock()\n    return f\n"
        "def fmt(x): return x\n"
    )
    own = module(source)
    result = Copied(own)
    closure = {"country": "be", "fmt": function(own, "fmt"), "clock": Ref("time.time")}
    assert result.add(function(own, "f", closure)) == "f"
    assert result.text == (
        "country = 'be'\n\ndef fmt(x): return x\n\n" "def f():\n    return country, fmt(1), clock()"
    )
    assert result.imports == {Import("time", "time", "clock")}


def test_one_function_with_two_closures() -> None:
    own = module("def make(c):\n    def f():\n        return c\n    return f\n")
    again = module("def make(c):\n    def f():\n        return c\n    return f\n", "dags/again.py")
    result = Copied(own, again)
    assert result.add(function(own, "f", {"c": 1})) == "f"
    assert result.add(function(again, "f", {"c": 2})) == "again_f"
    assert "this_c = 2" in result.text
    assert result.text.endswith("def again_f():\n    return this_c")


def test_one_definition_with_two_sets_of_enclosing_values() -> None:
    own = module("def make(c):\n    def f():\n        return c\n    return f\n")
    result = Copied(own)
    names = [result.add(function(own, "f", {"c": value})) for value in (1, 2, 1)]
    assert names == ["f", "nightly_f", "f"]
    assert result.text == (
        "c = 1\n\ndef f():\n    return c\n\n" "this_c = 2\n\ndef nightly_f():\n    return this_c"
    )


def test_globals_that_a_function_sets() -> None:
    result = copied("COUNT = 0\ndef f():\n    global COUNT, NEW\n    COUNT += 1\n    NEW = 1\n")
    assert result.text.startswith("COUNT = 0\n\ndef f():")


def test_lambdas_get_a_name() -> None:
    own = module("K = 2\ndouble = lambda x, y=K: x * y\n")
    result = Copied(own)
    assert result.add(function(own, "<lambda>"), name="double_it") == "double_it"
    assert result.text == "K = 2\n\ndef double_it(x, y=K):\n    return x * y"
    assert result.add(function(own, "<lambda>"), name="other") in ("double_it", "other")


def test_a_function_that_calls_itself() -> None:
    assert copied("def f(n): return f(n - 1) if n else 0\n").text.startswith("def f(n)")


@pytest.mark.parametrize(
    ("source", "code", "why", "line"),
    [
        pytest.param(
            "from airflow.models import DagRun\n\ndef f():\n    return DagRun()\n",
            "D2Z304",
            "airflow.models.DagRun",
            4,
            id="part of Airflow",
        ),
        pytest.param(
            "def f():\n    from airflow.models import DagRun\n",
            "D2Z304",
            "DagRun",
            2,
            id="part of Airflow, imported inside",
        ),
        pytest.param(
            "import airflow\ndef f():\n    return airflow\n", "D2Z304", "airflow", 3, id="all"
        ),
        pytest.param("def f():\n    return undefined\n", "D2Z305", "undefined", 2, id="undefined"),
        pytest.param(
            "with open('x') as handle:\n    pass\ndef f():\n    return handle\n",
            "D2Z305",
            "code that builds the DAG",
            4,
            id="made by a block",
        ),
        pytest.param(
            "from .gone import x\ndef f():\n    return x\n", "D2Z305", "not read", 3, id="gone"
        ),
        pytest.param(
            "from helpers import gone\ndef f():\n    return gone\n",
            "D2Z305",
            "gone",
            3,
            id="not in it",
        ),
        pytest.param(
            "import helpers\ndef f():\n    return helpers\n",
            "D2Z305",
            "used as a value",
            3,
            id="module",
        ),
        pytest.param(
            "import helpers\ndef f():\n    return print(helpers)\n",
            "D2Z305",
            "used as a value",
            3,
            id="passed on",
        ),
        pytest.param(
            "def f():\n    import helpers\n",
            "D2Z305",
            "imported in a function",
            2,
            id="module inside",
        ),
        pytest.param(
            "from airflow.models import Variable\nclass C:\n    x = X\n"
            "X = Variable.get('x')\ndef f():\n    return C\n",
            "D2Z305",
            "reads a Variable",
            2,
            id="class",
        ),
        pytest.param(
            "from helpers import TOKEN\ndef f(token=TOKEN): pass\n",
            "D2Z305",
            "the default TOKEN",
            2,
            id="default",
        ),
        pytest.param(
            "import helpers\ndef f():\n    return helpers.TOKEN\n",
            "D2Z305",
            "asks for a Variable",
            3,
            id="looked up there",
        ),
    ],
)
def test_what_cannot_be_copied(source: str, code: str, why: str, line: int) -> None:
    helpers = module(
        "from airflow.models import Variable\nTOKEN = Variable.get('t')\nsize = 3\n",
        "dags/helpers.py",
    )
    found = refused(source, helpers)
    assert (found[0], found[2]) == (code, line)
    assert why in found[1]


def test_a_rename_that_would_be_captured() -> None:
    source = (
        "def step(): return 1\n"
        "def f():\n    def inner(step):\n        return step\n    return step, inner\n"
    )
    assert refused(source)[1].startswith("step means two things")


@pytest.mark.parametrize("value", [Symbolic("X", "unknown"), object()])
def test_enclosing_values_that_are_not_known(value: Any) -> None:
    source = "def make(c):\n    def f():\n        return c\n    return f\n"
    assert refused(source, c=value)[0] == "D2Z216"


def test_enclosing_airflow_objects() -> None:
    source = "def make(c):\n    def f():\n        return c\n    return f\n"
    assert refused(source, c=Ref("airflow.models.TaskInstance"))[0] == "D2Z304"


def test_a_module_that_was_not_read() -> None:
    elsewhere = module("def f(): pass\n", "dags/elsewhere.py")
    with pytest.raises(UntranslatableError, match="was not read"):
        Copied(module("")).add(function(elsewhere, "f"))


def test_mixed_imports_inside_of_functions() -> None:
    helpers = module("def clean(x): return x\n", "dags/helpers.py")
    source = "def f():\n    import helpers.gone, json\n    return json\n"
    assert "import helpers.gone, json" in copied(source, "f", helpers).text
