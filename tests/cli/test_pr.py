"""`dag2zen pr`, with real git and a forge on loopback."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from tests.workspace.repositories import (
    DAG,
    Forge,
    commit,
    environment,
    forge_server,
    git,
    make_repository,
    state,
)
from transpiler.cli import app

URL = "https://github.example.com/acme/dags.git"
SQL = "".join(
    f"select {number} as c{number} from t where ds = '{{{{ ds }}}}';\n" for number in range(9)
)
SQL_DAG = """\
from datetime import datetime

from airflow import DAG
from airflow.providers.snowflake.operators.snowflake import SnowflakeOperator

with DAG("sqls", start_date=datetime(2024, 1, 1), schedule="@daily", catchup=False,
         template_searchpath="dags/sql"):
    SnowflakeOperator(task_id="load", sql="load.sql", snowflake_conn_id="dwh")
"""
BRANCH = "dag2zen/nightly"


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the user's git settings nor tokens, nor a gh that is logged in."""
    for name in set(os.environ) - set(environment()):
        monkeypatch.delenv(name)
    for name in ("GIT_CONFIG_GLOBAL", "GIT_CONFIG_NOSYSTEM"):
        monkeypatch.setenv(name, environment()[name])
    for name in ("GITHUB_TOKEN", "GH_TOKEN", "GITLAB_TOKEN", "GITHUB_API_URL", "CI_API_V4_URL"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository with DAGs, and the folder of its remote."""
    root = tmp_path_factory.mktemp("made") / "acme"
    files = {"dags/nightly.py": DAG, "dags/sqls.py": SQL_DAG, "dags/sql/load.sql": SQL}
    return make_repository(root, files, URL)


@pytest.fixture
def repository(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of it with a remote of its own; the current folder."""
    shutil.copytree(made.parent, tmp_path / "work")
    root = tmp_path / "work" / "acme"
    git(root, "config", "--remove-section", f"url.{made}.git")
    git(root, "config", f"url.{root}.git.insteadOf", URL)
    monkeypatch.chdir(root)
    return root


@pytest.fixture
def forge() -> Iterator[Forge]:
    with forge_server() as server:
        yield server


def pr(*arguments: str | Path) -> Result:
    """Run the command without ZenML."""
    return CliRunner().invoke(app, ["pr", *map(str, arguments), "--no-verify"])


def rows(result: Result) -> list[dict[str, object]]:
    assert result.exit_code == 0, result.output
    return list(json.loads(result.stdout))


def test_the_commits_and_the_dirty_tree(repository: Path) -> None:
    (repository / "dags/nightly.py").write_text(DAG + "# not committed\n")
    (repository / "new.txt").write_text("mine\n")
    git(repository, "add", "new.txt")
    before = state(repository)
    result = pr("dags/nightly.py")
    assert result.exit_code == 0, result.output
    assert state(repository) == before
    log = git(repository, "log", "--reverse", "--format=%an <%ae> %s", f"main..{BRANCH}")
    assert log.splitlines() == [
        "Ada Example <ada@example.org> Add the pipeline of nightly",
        "Ada Example <ada@example.org> Add the configuration of nightly",
        "Ada Example <ada@example.org> Test the graph of nightly",
        "Ada Example <ada@example.org> Report on the migration of nightly",
    ]
    names = git(repository, "diff", "--name-only", f"main...{BRANCH}").splitlines()
    assert all(name.startswith("zenml/nightly/") for name in names)
    assert "zenml/nightly/pipelines/nightly.py" in names
    assert "zenml/nightly/.dag2zen/manifest.json" in names
    attributes = git(repository, "show", f"{BRANCH}:zenml/nightly/.gitattributes")
    assert "migration.json linguist-generated" in attributes
    assert git(repository, "ls-remote", "origin", BRANCH) == ""
    text = (repository / ".git/dag2zen/dag2zen-nightly.md").read_text()
    assert "`dags/nightly.py` has uncommitted changes" in text
    assert f"Next: git -C {repository} push origin {BRANCH}\nNext: gh pr create" in result.stdout


def test_git_sees_where_sql_came_from(repository: Path) -> None:
    assert pr("dags/sqls.py").exit_code == 0
    branch, path = "dag2zen/sqls", "zenml/sqls/sql/sqls/load.sql"
    subjects = git(repository, "log", "--reverse", "--format=%s", f"main..{branch}").splitlines()
    assert subjects[0] == "Copy the SQL of sqls"
    first = git(repository, "rev-list", "--reverse", f"main..{branch}").splitlines()[0]
    shown = git(
        repository, "show", "-C", "--find-copies-harder", "--name-status", "--format=", first
    )
    assert shown == f"C100\tdags/sql/load.sql\t{path}"
    followed = git(repository, "log", "--follow", "--format=%s", branch, "--", path)
    assert followed.splitlines() == ["Copy the SQL of sqls", "DAGs"]


def test_a_branch_is_brought_up_to_date_with_its_edits(repository: Path) -> None:
    pr("dags/nightly.py")
    git(repository, "switch", "-q", BRANCH)
    pipeline = repository / "zenml/nightly/pipelines/nightly.py"
    text = pipeline.read_text()
    commit(repository, {str(pipeline.relative_to(repository)): text + "# reviewed\n"}, "Review")
    result = pr("dags/nightly.py")
    assert result.exit_code == 2
    assert f"{repository}: the branch {BRANCH} is checked out there. Switch to another" in (
        result.stderr
    )
    git(repository, "switch", "-q", "main")
    commit(repository, {"dags/nightly.py": DAG.replace("two", "three")}, "Change")
    git(repository, "push", "-q", "origin", "main")

    (row,) = rows(pr("dags/nightly.py", "--format", "json"))
    assert row["existed"] is True
    assert row["commits"] == ["Update the pipeline of nightly", "Update the report on nightly"]
    merged = git(repository, "show", f"{BRANCH}:zenml/nightly/pipelines/nightly.py")
    assert "echo three" in merged and merged.endswith("# reviewed")
    git(repository, "merge-base", "--is-ancestor", "main", BRANCH)
    assert "up to date, based on main" in pr("dags/nightly.py").stdout


def test_a_conflict_with_edits_on_the_branch(repository: Path) -> None:
    pr("dags/nightly.py")
    git(repository, "switch", "-q", BRANCH)
    name = "zenml/nightly/pipelines/nightly.py"
    text = (repository / name).read_text().replace("echo two", "echo mine")
    commit(repository, {name: text}, "Review")
    tip = git(repository, "rev-parse", BRANCH)
    git(repository, "switch", "-q", "main")
    commit(repository, {"dags/nightly.py": DAG.replace("two", "three")}, "Change")
    git(repository, "push", "-q", "origin", "main")
    before = state(repository)
    result = pr("dags/nightly.py")
    assert result.exit_code == 2
    assert f"conflicts with edits on the branch ({name}:" in result.stderr
    assert git(repository, "rev-parse", BRANCH) == tip
    assert state(repository) == before


def changed_on_both_sides(repository: Path, old: str, new: str) -> tuple[str, str]:
    """Merge the branch, then edit the pipeline by hand and the DAG, on the base; gives the
    pipeline's name and its text."""
    pr("dags/nightly.py", "--out", "zenml")
    git(repository, "merge", "-q", BRANCH)
    git(repository, "branch", "-q", "-D", BRANCH)
    name = "zenml/pipelines/nightly.py"
    edited = (repository / name).read_text().replace(old, new)
    changed = {name: edited, "dags/nightly.py": DAG.replace("two", "three")}
    commit(repository, changed, "Change")
    git(repository, "push", "-q", "origin", "main")
    return name, edited


def test_a_pipeline_that_the_base_has(repository: Path) -> None:
    """The branch brings it up to date, with the edits that are committed there and no others."""
    name, edited = changed_on_both_sides(repository, "@pipeline", "# ours\n@pipeline")
    (repository / name).write_text(edited + "# not committed\n")

    (row,) = rows(pr("dags/nightly.py", "--out", "zenml", "--format", "json"))

    assert row["title"] == "Bring nightly up to date with Airflow"
    assert row["commits"] == ["Update the pipeline of nightly", "Update the report on nightly"]
    assert row["uncommitted"] == ["zenml"]
    text = Path(str(row["description"])).read_text()
    assert text.startswith("Brings the ZenML pipeline up to date with its Airflow DAG.")
    assert "`zenml` has uncommitted changes, which are not part of this." in text
    made = git(repository, "show", f"{BRANCH}:{name}")
    assert "# ours" in made and "echo three" in made and "not committed" not in made


def test_a_conflict_with_edits_on_the_base(repository: Path) -> None:
    name, _ = changed_on_both_sides(repository, "two", "mine")
    result = pr("dags/nightly.py", "--out", "zenml")
    assert result.exit_code == 2
    assert f"conflicts with edits on main ({name}:" in result.stderr
    assert "Switch to main, run `dag2zen transpile dags/nightly.py --out zenml`" in result.stderr


def test_without_a_remote(repository: Path) -> None:
    git(repository, "remote", "remove", "origin")
    told = pr("dags/nightly.py").stdout
    assert f"Next: name the repository to push to: git -C {repository} remote add origin" in told


def test_a_base_that_does_not_merge_into_the_branch(repository: Path) -> None:
    pr("dags/nightly.py")
    git(repository, "switch", "-q", BRANCH)
    commit(repository, {"dags/nightly.py": DAG.replace("two", "four")}, "Other")
    git(repository, "switch", "-q", "main")
    commit(repository, {"dags/nightly.py": DAG.replace("two", "three")}, "Change")
    git(repository, "push", "-q", "origin", "main")
    before = state(repository)
    result = pr("dags/nightly.py")
    assert result.exit_code == 2
    assert f"main does not merge into {BRANCH} without conflicts. Merge it by hand" in result.stderr
    assert state(repository) == before


def test_two_branches_with_one_output_folder(repository: Path) -> None:
    """What the documentation says: merge one, then run for the other one again."""
    for dag in ("nightly", "sqls"):
        assert pr(f"dags/{dag}.py", "--out", "zenml").exit_code == 0
    git(repository, "merge", "-q", BRANCH)
    git(repository, "push", "-q", "origin", "main")
    result = pr("dags/sqls.py", "--out", "zenml")
    assert result.exit_code == 0, result.output
    names = git(repository, "ls-tree", "-r", "--name-only", "dag2zen/sqls", "zenml/pipelines")
    assert names.split() == [f"zenml/pipelines/{n}.py" for n in ("__init__", "nightly", "sqls")]
    document = json.loads(git(repository, "show", "dag2zen/sqls:zenml/migration.json"))
    assert [file["path"] for file in document["files"]] == ["dags/nightly.py", "dags/sqls.py"]
    git(repository, "merge", "-q", "dag2zen/sqls")
    for dags in ("dags", "dags/nightly.py"):
        result = CliRunner().invoke(app, ["diff", dags, "--out", "zenml", "--stat"])
        assert result.exit_code in (0, 1)
        assert "pipelines" not in result.stdout


def test_a_report_with_edits_is_merged_by_hand(repository: Path) -> None:
    for dag in ("nightly", "sqls"):
        assert pr(f"dags/{dag}.py", "--out", "zenml").exit_code == 0
    git(repository, "switch", "-q", "dag2zen/sqls")
    report = (repository / "zenml/MIGRATION.md").read_text()
    commit(repository, {"zenml/MIGRATION.md": report + "Read by Ada.\n"}, "Note")
    git(repository, "switch", "-q", "main")
    git(repository, "merge", "-q", BRANCH)
    git(repository, "push", "-q", "origin", "main")
    result = pr("dags/sqls.py", "--out", "zenml")
    assert result.exit_code == 2
    assert "does not merge into dag2zen/sqls without conflicts" in result.stderr


def test_a_branch_of_the_remote_is_continued(repository: Path) -> None:
    pr("dags/nightly.py")
    git(repository, "push", "-q", "origin", BRANCH)
    git(repository, "branch", "-D", BRANCH)
    (row,) = rows(pr("dags/nightly.py", "--format", "json"))
    assert (row["existed"], row["commits"]) == (True, [])
    assert git(repository, "rev-parse", BRANCH) == git(repository, "rev-parse", f"origin/{BRANCH}")


def test_a_branch_of_somebody_else_is_left_alone(repository: Path) -> None:
    git(repository, "branch", BRANCH)
    result = pr("dags/nightly.py")
    assert result.exit_code == 2
    assert "is there already, and holds no output of dag2zen in zenml/nightly" in result.stderr
    assert git(repository, "rev-parse", BRANCH) == git(repository, "rev-parse", "main")
    assert pr("dags/nightly.py", "--branch", "other/name").exit_code == 0


def test_a_branch_for_each_file(repository: Path) -> None:
    found = rows(pr("dags", "--format", "json"))
    assert [row["branch"] for row in found] == ["dag2zen/nightly", "dag2zen/sqls"]
    result = pr("dags", "--branch", "one")
    assert "one: one name for 2 branches" in result.stderr


def test_a_branch_for_a_wave(repository: Path) -> None:
    late = DAG.replace('"nightly"', '"late"').replace(
        "import BashOperator",
        "import BashOperator\nfrom airflow.operators.trigger_dagrun import TriggerDagRunOperator",
    )
    late += '    TriggerDagRunOperator(task_id="go", trigger_dag_id="sqls")\n'
    commit(repository, {"dags/nightly.py": late}, "Late")
    git(repository, "push", "-q", "origin", "main")
    (row,) = rows(pr("dags", "--wave", "2", "--out", "build", "--format", "json"))
    assert (row["branch"], row["files"], row["out"]) == (
        "dag2zen/wave-2",
        ["dags/nightly.py"],
        "build",
    )
    assert row["title"] == "Migrate wave 2 to ZenML: late"


def test_a_path_from_the_repository(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert pr("dags/nightly.py", "--repo", repository).exit_code == 0


def test_output_of_the_migration_config(repository: Path) -> None:
    commit(
        repository, {"dags/migration.yaml": 'output: ../built\nairflow_version: "3.1"\n'}, "Config"
    )
    git(repository, "push", "-q", "origin", "main")
    (row,) = rows(pr("dags/nightly.py", "--format", "json"))
    assert row["out"] == "built"
    text = Path(str(row["description"])).read_text()
    assert "airflow dags list-runs nightly --state running\n" in text
    assert "For Airflow 3: migration.yaml says so." in text
    assert pr("dags/nightly.py", "--airflow-version", "2.10").exit_code == 0
    text = Path(str(row["description"])).read_text()
    assert "airflow dags list-runs -d nightly --state running\n" in text


def test_push_opens_a_pull_request(
    repository: Path, forge: Forge, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GH_TOKEN", "secret-token")
    pulls = "/repos/acme/dags/pulls"
    forge.answers[("GET", pulls)] = (200, [])
    forge.answers[("POST", pulls)] = (201, {"html_url": "https://github.example.com/pull/7"})
    result = pr("dags/nightly.py", "--push", "--draft", "--api-url", forge.url)
    assert result.exit_code == 0, result.output
    assert "Opened: https://github.example.com/pull/7" in result.stdout
    assert "secret-token" not in result.output
    assert git(repository, "rev-parse", BRANCH) == (
        git(repository, "ls-remote", "origin", BRANCH).split()[0]
    )
    (_, listed, _, headers), (_, _, data, _) = forge.calls
    assert listed == f"{pulls}?state=open&head=acme%3Adag2zen%2Fnightly"
    assert headers["Authorization"] == "Bearer secret-token"
    body = (repository / ".git/dag2zen/dag2zen-nightly.md").read_text()
    assert data == {
        "title": "Migrate nightly to ZenML",
        "body": body,
        "head": BRANCH,
        "base": "main",
        "draft": True,
    }
    sha = git(repository, "rev-parse", "main")
    link = f"(https://github.example.com/acme/dags/blob/{sha}/dags/nightly.py#L6)"
    assert link in body

    forge.answers[("GET", pulls)] = (200, [{"number": 7}])
    forge.answers[("PATCH", f"{pulls}/7")] = (
        200,
        {"html_url": "https://github.example.com/pull/7"},
    )
    result = pr("dags/nightly.py", "--push", "--api-url", forge.url)
    assert "Brought up to date: https://github.example.com/pull/7" in result.stdout
    assert forge.calls[-1][2] == {"title": "Migrate nightly to ZenML", "body": body}


def test_push_without_a_token_says_what_is_next(repository: Path) -> None:
    result = pr("dags/nightly.py", "--push")
    assert result.exit_code == 0, result.output
    assert git(repository, "ls-remote", "origin", BRANCH)
    assert "Next: git" not in result.stdout
    assert "Next: gh pr create --repo github.example.com/acme/dags --base main" in result.stdout
    assert "set GITHUB_TOKEN or GH_TOKEN, and run again with --push" in result.stdout


def test_a_remote_that_is_no_forge(repository: Path) -> None:
    git(repository, "remote", "set-url", "origin", f"{repository}.git")
    result = pr("dags/nightly.py", "--push")
    assert result.exit_code == 0, result.output
    assert "Next: open the pull request by hand, with the text in" in result.stdout
    text = (repository / ".git/dag2zen/dag2zen-nightly.md").read_text()
    assert "| `nightly` | `dags/nightly.py:6` |" in text


def test_a_remote_that_cannot_be_reached(repository: Path) -> None:
    git(repository, "remote", "set-url", "origin", str(repository / "nowhere"))
    result = pr("dags/nightly.py", "--push")
    assert result.exit_code == 2
    assert "git fetch failed: " in result.stderr
    assert "Without --push, the branch is made all the same." in result.stderr
    assert git(repository, "branch", "--list", BRANCH) == ""
    assert pr("dags/nightly.py").exit_code == 0


def test_credentials_in_a_remote_are_not_shown(repository: Path) -> None:
    git(repository, "remote", "set-url", "origin", "http://ada:hunter2@127.0.0.1:1/acme/dags.git")
    result = pr("dags/nightly.py", "--push")
    assert result.exit_code == 2
    assert "git fetch failed: " in result.stderr and "127.0.0.1" in result.stderr
    assert "hunter2" not in result.output
    result = pr("dags/nightly.py")
    assert "hunter2" not in result.output
    assert "hunter2" not in (repository / ".git/dag2zen/dag2zen-nightly.md").read_text()


def test_commits_on_the_remote_branch_are_kept(repository: Path, tmp_path: Path) -> None:
    assert pr("dags/nightly.py", "--push").exit_code == 0
    other = tmp_path / "other"
    git(tmp_path, "clone", "-q", "-b", BRANCH, f"{repository}.git", str(other))
    for name, value in (("user.name", "B"), ("user.email", "b@example.org")):
        git(other, "config", name, value)
    commit(other, {"zenml/nightly/notes.md": "reviewed\n"}, "Review")
    git(other, "push", "-q", "origin", BRANCH)
    assert pr("dags/nightly.py", "--push").exit_code == 0
    assert git(repository, "show", f"{BRANCH}:zenml/nightly/notes.md") == "reviewed"
    tip = git(repository, "rev-parse", BRANCH)
    assert git(repository, "ls-remote", "origin", BRANCH).split()[0] == tip

    commit(other, {"zenml/nightly/notes.md": "more\n"}, "More")
    git(other, "push", "-q", "origin", BRANCH)
    git(repository, "switch", "-q", BRANCH)
    commit(repository, {"mine.txt": "x"}, "Mine")
    git(repository, "switch", "-q", "main")
    result = pr("dags/nightly.py", "--push")
    assert result.exit_code == 2
    assert f"the branch {BRANCH} has commits here and others at the remote" in result.stderr


def test_a_push_that_is_refused(repository: Path) -> None:
    hook = repository.with_name("acme.git") / "hooks/pre-receive"
    hook.write_text("#!/bin/sh\necho 'not today' >&2\nexit 1\n")
    hook.chmod(0o755)
    result = pr("dags/nightly.py", "--push")
    assert result.exit_code == 2
    assert "git push failed: " in result.stderr and "not today" in result.stderr
    assert "The branch is there: push it by hand, or run again." in result.stderr
    assert git(repository, "rev-parse", BRANCH)


def test_a_hook_that_formats_and_one_that_refuses(repository: Path) -> None:
    hook = repository / ".git/hooks/pre-commit"
    hook.write_text(
        "#!/bin/sh\n"
        "for f in $(git diff --cached --name-only --diff-filter=A -- '*nightly.py'); do\n"
        "  grep -q formatted $f || { echo '# formatted' >> $f; failed=1; }\n"
        "done\n"
        "exit ${failed:-0}\n"
    )
    hook.chmod(0o755)
    assert pr("dags/nightly.py").exit_code == 0
    pipeline = git(repository, "show", f"{BRANCH}:zenml/nightly/pipelines/nightly.py")
    assert pipeline.endswith("# formatted")
    assert "up to date" in pr("dags/nightly.py").stdout

    hook.write_text("#!/bin/sh\necho 'no SQL here' >&2\nexit 1\n")
    before = state(repository)
    result = pr("dags/sqls.py")
    assert result.exit_code == 2
    assert "git commit failed: no SQL here. If a hook of the repository refused" in result.stderr
    assert git(repository, "branch", "--list", "dag2zen/sqls") == ""
    assert state(repository) == before


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["dags/gone.py"], "dags/gone.py: is not in main, on which the pull request is based"),
        (["dags/nightly.py", "--base", "next"], "there is no branch 'next', here or fetched"),
        (["dags/nightly.py", "--branch", "a..b"], "'a..b' is no valid name of a branch"),
        (["dags/nightly.py", "--branch=-x"], "'-x' is no valid name of a branch"),
        (["dags/nightly.py", "--out", "../x"], "is not a folder below the repository"),
        (["dags/nightly.py", "--out", "."], "is not a folder below the repository"),
        (["dags/nightly.py", "--repo", "missing"], "missing: is not a folder"),
        (["/etc/hosts", "--repo", "."], "is not in the repository"),
        (["dags/sql"], "has no DAG file"),
    ],
)
def test_what_cannot_be_made(repository: Path, arguments: list[str], message: str) -> None:
    before = state(repository)
    result = pr(*arguments)
    assert result.exit_code == 2
    assert message in result.stderr
    assert state(repository) == before


def test_errors_name_files_as_the_user_has_them(repository: Path) -> None:
    commit(repository, {"dags/migration.yaml": "outptu: x\n"}, "Config")
    git(repository, "push", "-q", "origin", "main")
    result = pr("dags/nightly.py")
    assert result.exit_code == 2
    assert f"{repository}/dags/migration.yaml:1: unknown key" in result.stderr
    assert "dag2zen-pr-" not in result.stderr


def test_a_dag_that_makes_no_pipeline(repository: Path) -> None:
    commit(repository, {"dags/nightly.py": DAG + "("}, "Broken")
    git(repository, "push", "-q", "origin", "main")
    result = pr("dags/nightly.py")
    assert result.exit_code == 2
    assert f"{BRANCH}: no pipeline was made of dags/nightly.py: D2Z101" in result.stderr
    assert git(repository, "branch", "--list", BRANCH) == ""


def test_an_output_folder_that_git_ignores(repository: Path) -> None:
    commit(repository, {".gitignore": "*.log\nzenml/\n"}, "Ignore")
    git(repository, "push", "-q", "origin", "main")
    result = pr("dags/nightly.py")
    assert result.exit_code == 2
    assert "zenml/nightly: git ignores it (.gitignore:2:zenml/). Change that line" in result.stderr


def test_no_repository_no_commit_no_git(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = tmp_path / "plain"
    plain.mkdir()
    (plain / "a.py").write_text(DAG)
    result = pr(plain / "a.py")
    assert f"{plain}: is not inside the work tree of a git repository" in result.stderr
    git(plain, "init", "-q", "-b", "main")
    result = pr(plain / "a.py")
    assert "the repository has no commit yet, so there is nothing to branch from" in result.stderr
    monkeypatch.setenv("PATH", str(tmp_path))
    result = pr("dags/nightly.py")
    assert result.exit_code == 2
    assert "there is no git on this machine. Install git" in result.stderr


def test_an_author_that_git_does_not_know(repository: Path) -> None:
    git(repository, "config", "--unset", "user.email")
    git(repository, "config", "user.useConfigOnly", "true")
    result = pr("dags/nightly.py")
    assert result.exit_code == 2
    assert "git does not know who you are" in result.stderr


def test_a_detached_head(repository: Path) -> None:
    git(repository, "checkout", "-q", "--detach")
    before = state(repository)
    assert pr("dags/nightly.py").exit_code == 0
    assert state(repository) == before
    git(repository, "branch", "-m", "main", "trunk")
    git(repository, "update-ref", "-d", "refs/remotes/origin/main")
    result = pr("dags/nightly.py")
    assert "neither main nor master is there" in result.stderr
    assert pr("dags/nightly.py", "--base", "trunk").exit_code == 0


def test_odd_names(repository: Path) -> None:
    name = "dags/gr\u00fcn \"und\" 'blau' $(x).py"
    commit(repository, {name: DAG.replace('"nightly"', '"odd.names"')}, "Odd")
    git(repository, "push", "-q", "origin", "main")
    (row,) = rows(pr(name, "--format", "json"))
    assert row["branch"] == "dag2zen/gr\u00fcn-und-blau-x"
    text = Path(str(row["description"])).read_text(encoding="utf-8")
    assert "blob/" in text and "/dags/gr%C3%BCn%20%22und%22%20%27blau%27%20%24%28x%29.py#L6" in text


def test_a_shallow_clone(repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    commit(repository, {"README.md": "x"}, "More")
    git(repository, "push", "-q", "origin", "main")
    shallow = tmp_path / "shallow"
    git(tmp_path, "clone", "-q", "--depth", "1", f"file://{repository}.git", str(shallow))
    git(shallow, "config", "user.name", "A")
    git(shallow, "config", "user.email", "a@example.org")
    result = pr(shallow / "dags/nightly.py", "--push")
    assert result.exit_code == 0, result.output
    assert git(repository, "ls-remote", "origin", BRANCH)


def test_a_dag_in_a_submodule(repository: Path, tmp_path: Path) -> None:
    inner = make_repository(tmp_path / "inner", {"weekly.py": DAG.replace("nightly", "weekly")})
    subprocess.run(
        [
            "git",
            "-c",
            "protocol.file.allow=always",
            "submodule",
            "--quiet",
            "add",
            str(inner),
            "sub",
        ],
        cwd=repository,
        check=True,
        env=environment(),
    )
    commit(repository, {}, "Submodule")
    git(repository, "push", "-q", "origin", "main")
    result = pr("sub/weekly.py", "--repo", ".")
    assert result.exit_code == 2
    assert "sub/weekly.py: lies in the submodule sub, which is a repository of its own" in (
        result.stderr
    )
