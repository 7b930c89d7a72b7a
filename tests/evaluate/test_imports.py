"""Imports and files of the project."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import pytest

from tests.evaluate.reading import codes, read, value_of
from transpiler.evaluate import read_dag_file
from transpiler.model.values import Ref, Symbolic

FILES: dict[str, str | bytes] = {
    "one.py": "A = 1\n_HIDDEN = 2\nclass C:\n    B = 3\n",
    "listed.py": "__all__ = ['_p']\n_p = 5\nq = 6\n",
    "pack/__init__.py": "from .sub import S\nfrom . import deep\nT = S + 1\n",
    "pack/sub.py": "S = 10\n",
    "pack/deep/__init__.py": "",
    "pack/deep/leaf.py": "from ..sub import S as L\nfrom pack import sub\nM = sub.S\n",
    "plain/inner.py": "N = 7\n",
    "lazy/__init__.py": "def __getattr__(name):\n    if name == 'S':\n        from pack.sub import S\n"
    "        return S\n    raise AttributeError(name)\n",
    "outside_star.py": "from elsewhere import *\n",
    "cycle_a.py": "import cycle_b\nX = 1\n",
    "cycle_b.py": "import cycle_a\nY = 2\n",
    "settings.yaml": "a: [1, {b: x}]\n",
    "settings.json": '{"a": 1}',
    "text.sql": "select 1\n",
    "latin.txt": b"\xe9",
    "bad.yaml": "a: [",
}
IMPORTS = {
    "import one\nx = one.A": 1,
    "import one as o\nx = o.C.B": 3,
    "from one import A as x": 1,
    "from one import *\nx = A": 1,
    "from one import *\ntry:\n    x = _HIDDEN\nexcept NameError:\n    x = 'hidden'": "hidden",
    "from listed import *\nx = _p": 5,
    "import pack\nx = [pack.T, pack.sub.S]": [11, 10],
    "import pack.sub\nx = pack.sub.S": 10,
    "import pack.sub as s\nx = s.S": 10,
    "from pack import sub\nx = sub.S": 10,
    "from pack.deep.leaf import L, M\nx = [L, M]": [10, 10],
    "from plain import inner\nx = inner.N": 7,
    "import plain.inner\nx = plain.inner.N": 7,
    "import lazy\nx = lazy.S": 10,
    "from lazy import S as x": 10,
    "import lazy\ntry:\n    lazy.T\nexcept AttributeError:\n    x = 'none'": "none",
    "import cycle_a\nx = cycle_a.X + cycle_a.cycle_b.Y": 3,
    "try:\n    from one import NONE\nexcept ImportError:\n    x = 'none'": "none",
    "try:\n    import one\n    one.NONE\nexcept AttributeError:\n    x = 'none'": "none",
    "def f():\n    from one import A\n    return A\nx = f()": 1,
    "import yaml\nwith open('settings.yaml') as f:\n    x = yaml.safe_load(f)": {
        "a": [1, {"b": "x"}]
    },
    "import yaml, os\nx = yaml.load(open(os.path.join(os.path.dirname(__file__), 'settings.yaml')), "
    "Loader=yaml.SafeLoader)['a'][0]": 1,
    "import json\nx = json.load(open('settings.json'))": {"a": 1},
    "x = open('text.sql').read()": "select 1\n",
    "with open('text.sql') as f:\n    x = f.read().strip()": "select 1",
    "x = [line for line in open('text.sql')]": ["select 1\n"],
    "x = open('text.sql').readlines()": ["select 1\n"],
    "from pathlib import Path\nx = (Path(__file__).parent / 'text.sql').read_text()": "select 1\n",
    "from pathlib import Path\nx = [p.name for p in sorted(Path(__file__).parent.glob('*.sql'))]": [
        "text.sql"
    ],
    "from pathlib import Path\nx = [Path('text.sql').exists(), Path('no').is_file(), "
    "Path('pack').is_dir()]": [True, False, True],
    "from pathlib import Path\nx = Path('text.sql').open().read()": "select 1\n",
    "from pathlib import Path\nx = sorted(p.name for p in Path('plain').iterdir())": ["inner.py"],
    "import os, yaml\nwith open('settings.yaml') as f:\n"
    "    x = yaml.load(stream=os.path.expandvars(f.read()), Loader=yaml.FullLoader)": {
        "a": [1, {"b": "x"}]
    },
    "import os\nx = [os.path.isabs('a'), os.path.isabs('/a'), os.path.expanduser('a')]": [
        False,
        True,
        "a",
    ],
    "import os\nx = [os.listdir('plain'), os.path.exists('text.sql'), os.path.isdir('pack')]": [
        ["inner.py"],
        True,
        True,
    ],
    "import glob\nx = len(glob.glob('*.sql'))": 1,
    "try:\n    open('none')\nexcept FileNotFoundError:\n    x = 'none'": "none",
    "try:\n    open('latin.txt')\nexcept UnicodeDecodeError:\n    x = 'bytes'": "bytes",
    "import yaml\ntry:\n    yaml.safe_load(open('bad.yaml'))\nexcept yaml.YAMLError:\n    x = 'bad'": "bad",
    "import json\ntry:\n    json.loads('{')\nexcept ValueError:\n    x = 'bad'": "bad",
}


@pytest.mark.parametrize("code", IMPORTS)
def test_project_modules_and_files(code: str, tmp_path: Path) -> None:
    assert value_of(tmp_path, code, FILES) == IMPORTS[code]


OUTSIDE: Mapping[str, type] = {
    "from outside_star import NAME as x": Ref,
    "from nowhere import *\nx = NAME": Ref,
    "import nowhere.deep\nx = nowhere.deep.NAME": Ref,
    "from pathlib import Path\nx = Path('../../x').read_text()": Symbolic,
    "from pathlib import Path\nx = Path('.').glob('../*')": Symbolic,
    "import os\nx = os.listdir('..')": Symbolic,
}


@pytest.mark.parametrize("code", OUTSIDE)
def test_outside_the_project(code: str, tmp_path: Path) -> None:
    assert isinstance(value_of(tmp_path, code, FILES), OUTSIDE[code])


def test_files_read_are_listed(tmp_path: Path) -> None:
    found = read(tmp_path, "x = open('text.sql').read()\nd = DAG('d')\n", FILES)
    assert found.files_read == ("text.sql",)


def test_modules_are_listed_with_their_imports(tmp_path: Path) -> None:
    found = read(tmp_path, "import pack.sub\nfrom one import A as B\nd = DAG('d')\n", FILES)
    assert set(found.modules) == {
        "dag.py",
        "one.py",
        "pack/__init__.py",
        "pack/sub.py",
        "pack/deep/__init__.py",
    }
    imports = found.modules["dag.py"].imports
    assert (imports["B"], imports["pack"], imports["DAG"]) == ("one.A", "pack", "airflow.DAG")


def test_missing_relative_module(tmp_path: Path) -> None:
    assert codes(read(tmp_path, "from .none import A\n"))[0] == ("D2Z111", 1)


def test_broken_module_is_reported_at_its_place(tmp_path: Path) -> None:
    files = {"broken.py": "x = 1\ny = (\n"}
    code = "from broken import y\nwith DAG('d'):\n    EmptyOperator(task_id='t')\n"
    found = read(tmp_path, code, files)
    (problem,) = found.findings
    assert (problem.code, problem.span.file) == ("D2Z111", "broken.py")
    assert [dag.dag_id for dag in found.dags] == ["d"]


def test_error_in_an_imported_module_has_its_place(tmp_path: Path) -> None:
    found = read(tmp_path, "import failing\n", {"failing.py": "x = 1\ny = x / 0\n"})
    (problem,) = found.findings
    assert (problem.code, problem.span.file, problem.span.line) == ("D2Z109", "failing.py", 2)


def test_limit_in_an_imported_module_has_its_place(tmp_path: Path) -> None:
    found = read(tmp_path, "import busy\n", {"busy.py": "x = 1\nwhile True: pass\n"})
    (problem,) = found.findings
    assert (problem.code, problem.span.file, problem.span.line) == ("D2Z108", "busy.py", 2)


def test_imports_resolve_between_file_and_root(tmp_path: Path) -> None:
    (tmp_path / "dags" / "team").mkdir(parents=True)
    (tmp_path / "plugins").mkdir()
    (tmp_path / "root_level.py").write_text("A = 'a'\n")
    (tmp_path / "dags" / "middle.py").write_text("B = 'b'\n")
    (tmp_path / "plugins" / "plug.py").write_text("C = 'c'\n")
    path = tmp_path / "dags" / "team" / "made.py"
    names = "from root_level import A\nfrom middle import B\nfrom plug import C\n"
    path.write_text(f"from airflow import DAG\n{names}d = DAG(A + B + C)\n")
    found = read_dag_file(path, tmp_path)
    assert [dag.dag_id for dag in found.dags] == ["abc"]


def test_link_out_of_the_project_is_not_imported(tmp_path: Path) -> None:
    root = tmp_path / "project"
    root.mkdir()
    (tmp_path / "secret.py").write_text("KEY = 1\n")
    (root / "secret.py").symlink_to(tmp_path / "secret.py")
    assert isinstance(value_of(root, "import secret\nx = secret.KEY"), Ref)


def test_a_name_comes_from_the_star_import_that_can_have_it(tmp_path: Path) -> None:
    code = (
        "from datetime import *\nfrom airflow import *\nfrom elsewhere import *\n"
        "from airflow.operators.empty import EmptyOperator\n"
        "with DAG('d', start_date=datetime(2024, 1, 1), tags=[OTHER]):\n"
        "    EmptyOperator(task_id='t')\n"
    )
    (tmp_path / "dag.py").write_text(code)
    (dag,) = read_dag_file(tmp_path / "dag.py", tmp_path).dags
    assert dag.arguments["start_date"].value == datetime(2024, 1, 1)
    assert dag.arguments["tags"].value == [Ref("elsewhere.OTHER")]
