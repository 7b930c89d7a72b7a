"""The main job from end to end: a legacy Airflow DAG becomes a ZenML pipeline that runs.

    python -m fixtures_dags.demo [--out build/demo] [--date 2024-06-01] [--platform kserve]

Seeds an embedded warehouse, trains and registers a model, transpiles the Belgian LTV DAG and the DAG that it waits
for, verifies the result, and runs it for one date, twice; beside it a pipeline written by hand, which appends and
merges. Needs no account and no network.
"""

from __future__ import annotations

import argparse
import shutil
import time
from pathlib import Path

from rich.console import Console

from fixtures_dags.demo.environment import demo_environment
from fixtures_dags.demo.seed import seed
from fixtures_dags.demo.serving import IMAGES, PLATFORMS, serving
from fixtures_dags.demo.show import Outcome, show_outcome, table_contents
from fixtures_dags.demo.tool import DemoError, dag2zen, run_pipeline
from fixtures_dags.demo.train import TrainedModel, train
from runtime.config import ConnectionConfig
from runtime.warehouse import Endpoint, embedded_warehouse

FIXTURES = Path(__file__).parents[1]
LTV = "tran-ds-ltv-acquisition-be-inference"
FEATURES = "feature_engineering_daily"
BY_HAND = Path(__file__).with_name("by_hand")
SCORES = "ltv-be-scores"


def main() -> int:
    """Run the demonstration; 0 where everything went as it should."""
    options = _options()
    console = Console(stderr=True)
    started = time.monotonic()
    out, state = options.out.resolve(), options.out.resolve().with_name(f"{options.out.name}-state")
    for folder in (out, state):
        shutil.rmtree(folder, ignore_errors=True)
    state.mkdir(parents=True)
    with embedded_warehouse(state / "warehouse", images=IMAGES) as endpoint:
        try:
            outcome = _story(console, endpoint, out, state, options)
        except DemoError as error:
            console.print(f"[bold red]{error}")
            return 1
        outcome.seconds = time.monotonic() - started
        show_outcome(outcome)
    return 0 if outcome.as_expected else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--out", type=Path, default=Path("build/demo"), help="folder of the emitted project"
    )
    parser.add_argument(
        "--date", default="2024-06-01", help="logical date, 2023-07-01 to 2024-06-30"
    )
    parser.add_argument("--customers", type=int, default=12_000, help="number of Belgian customers")
    parser.add_argument(
        "--platform",
        choices=PLATFORMS,
        default="local",
        help="where the model predicts: a process or a container of this machine, KServe's model "
        "server, or a service of the embedded warehouse",
    )
    return parser.parse_args()


def _story(
    console: Console, endpoint: Endpoint, out: Path, state: Path, options: argparse.Namespace
) -> Outcome:
    date = options.date
    connection = ConnectionConfig.model_validate(endpoint.connection())
    console.rule("1  Source data and model")
    rows = seed(connection, options.customers)
    model = train(connection, state / "mlflow")
    console.print(f"Serving the model on the platform {options.platform}")
    with serving(options.platform, model, connection, state) as found:
        environment = {**demo_environment(endpoint, state), **found}
        return _migrated(console, environment, connection, rows, model, out, state, date)


def _migrated(
    console: Console,
    environment: dict[str, str],
    connection: ConnectionConfig,
    rows: dict[str, int],
    model: TrainedModel,
    out: Path,
    state: Path,
    date: str,
) -> Outcome:
    console.rule("2  Transpile")
    sources = [str(FIXTURES / f"{name}.py") for name in (FEATURES, LTV)]
    dag2zen(["transpile", *sources, "--out", str(out)], environment, console)
    console.rule("3  Verify")
    dag2zen(["verify", str(out)], environment, console)
    console.rule("4  Run the pipeline that the DAG waits for")
    run_pipeline(out, FEATURES, f"{date}T01:00:00+00:00", environment, console)
    console.rule("5  Run the LTV pipeline")
    first = run_pipeline(out, LTV, f"{date}T02:00:00+00:00", environment, console)
    console.rule("6  Run a pipeline written by hand: append and merge")
    shutil.copytree(BY_HAND, out, dirs_exist_ok=True)
    run_pipeline(out, SCORES, f"{date}T04:00:00+00:00", environment, console)
    contents = table_contents(connection, date)
    console.rule("7  Run both again for the same date")
    second = run_pipeline(out, LTV, f"{date}T02:00:00+00:00", environment, console)
    run_pipeline(out, SCORES, f"{date}T04:00:00+00:00", environment, console)
    again = table_contents(connection, date)
    return Outcome(out, state, connection, date, rows, model, (first, second), (contents, again))


if __name__ == "__main__":
    raise SystemExit(main())
