"""The demonstration's data and model: made by the real commands, used by the fixture's own SQL."""

from __future__ import annotations

import dataclasses
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from fixtures_dags.demo import endpoint, seed, synthetic, train
from runtime.config import ConnectionConfig, MlflowConfig
from runtime.models import load_registered_model
from runtime.prediction import Postprocess, predict_frame
from runtime.snowflake import connect, execute_sql, read_frame
from runtime.templates import render_text
from runtime.warehouse import Endpoint, embedded_warehouse

pytestmark = pytest.mark.slow
REPOSITORY = Path(__file__).resolve().parents[2]
SQL = REPOSITORY / "fixtures_dags" / "sql" / "ltv_be"
CUSTOMERS = 1500


def run(module: str, *arguments: str) -> dict[str, Any]:
    process = subprocess.run(
        [sys.executable, "-m", f"fixtures_dags.demo.{module}", *arguments],
        capture_output=True,
        text=True,
        cwd=REPOSITORY,
        check=False,
    )
    assert process.returncode == 0, process.stderr
    result: dict[str, Any] = json.loads(process.stdout)
    return result


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A seeded warehouse and a trained model."""
    folder = tmp_path_factory.mktemp("demo")
    with embedded_warehouse(folder / "warehouse") as warehouse:
        where = f"{warehouse.host}:{warehouse.port}"
        seeded = run("seed", "--endpoint", where, "--customers", str(CUSTOMERS))
        trained = run("train", "--endpoint", where, "--mlflow", str(folder / "mlflow"))
        yield {
            "connection": ConnectionConfig.model_validate(warehouse.connection()),
            "mlflow": MlflowConfig(tracking_uri=f"sqlite:///{folder / 'mlflow' / 'mlflow.db'}"),
            "seeded": seeded,
            "trained": trained,
        }


def test_the_tables_hold_what_was_reported(demo: Any) -> None:
    with connect(demo["connection"]) as session:
        counts = {
            table: execute_sql(session, f"SELECT COUNT(*) FROM ANALYTICS.RAW.{table}")[0].rows[0][0]
            for table in demo["seeded"]
        }
        assert counts == demo["seeded"]
        belgian = "SELECT COUNT(*), COUNT(DISTINCT CUSTOMER_ID) FROM ANALYTICS.RAW.CUSTOMERS"
        (result,) = execute_sql(session, f"{belgian} WHERE COUNTRY = 'BE'")
        assert result.rows == [(CUSTOMERS, CUSTOMERS)]


def test_the_model_predicts_features_made_by_the_dags_own_sql(demo: Any) -> None:
    context = {
        "ds": "2024-06-01",
        "params": {"market": "BE", "tenures": [6, 12, 24], "retention_days": 90},
    }
    with connect(demo["connection"]) as session:
        for name in ("create_tables", "convert_orders_to_eur", "build_features"):
            text = (SQL / f"{name}.sql").read_text(encoding="utf-8")
            execute_sql(session, render_text(text, context, name))
        features = read_frame(
            session, "SELECT * FROM ANALYTICS.FEATURES.LTV_FEATURES_BE ORDER BY 1, 2, 3"
        )
    model = load_registered_model("ltv_be", alias="production", config=demo["mlflow"])
    predictions = predict_frame(
        model,
        features,
        keep=["TENURE_MONTHS", "CUSTOMER_ID"],
        output="LTV",
        postprocess=Postprocess(floor=0, round_to=2),
    )
    assert model.lineage.version == demo["trained"]["version"] == "1"
    rows = predictions.groupby("TENURE_MONTHS")["LTV"].count()
    assert list(rows.index) == [6, 12, 24]
    assert rows.is_monotonic_decreasing
    assert rows[24] > CUSTOMERS / 4
    assert 50 < predictions["LTV"].mean() < 1000
    assert demo["trained"]["r2"] > 0.4


def test_the_data_is_the_same_every_time() -> None:
    first, second = synthetic.generate(200), synthetic.generate(200)
    for field in dataclasses.fields(first):
        pd.testing.assert_frame_equal(getattr(first, field.name), getattr(second, field.name))


def test_the_data_is_plausible() -> None:
    data = synthetic.generate(2000)
    orders = data.orders.merge(data.customers, on="CUSTOMER_ID", suffixes=("", "_HOME"))
    assert len(orders) == len(data.orders)
    assert data.orders["ORDER_ID"].is_unique
    assert (orders["ORDERED_AT"] >= orders["ACQUIRED_AT"]).all()
    assert orders["ORDERED_AT"].max() <= pd.Timestamp(synthetic.LAST_ORDER)
    assert (
        orders.groupby("CUSTOMER_ID")["ORDERED_AT"]
        .min()
        .eq(data.customers.set_index("CUSTOMER_ID")["ACQUIRED_AT"].sort_index())
        .all()
    )
    assert 0.01 < (orders["AMOUNT"] < 0).mean() < 0.03
    assert 0 < (orders["CURRENCY"] != orders["CURRENCY_HOME"]).mean() < 0.15
    assert not data.orders.isna().any(axis=None)
    saturday = data.fx_rates[data.fx_rates["RATE_DATE"] == "2024-06-01"].set_index("CURRENCY")
    friday = data.fx_rates[data.fx_rates["RATE_DATE"] == "2024-05-31"].set_index("CURRENCY")
    assert saturday["EUR_RATE"].equals(friday["EUR_RATE"])
    assert (data.fx_rates.query("CURRENCY == 'EUR'")["EUR_RATE"] == 1).all()


def test_endpoints_are_read_strictly() -> None:
    assert endpoint.parse("127.0.0.1:80") == Endpoint("127.0.0.1", 80)
    for text in ("127.0.0.1", ":80", "host:http"):
        with pytest.raises(Exception, match="is not HOST:PORT"):
            endpoint.parse(text)


def test_training_without_customers_says_what_to_do(
    warehouse: Endpoint, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    where = ["--endpoint", f"{warehouse.host}:{warehouse.port}"]
    assert seed.main([*where, "--customers", "1"]) == 0
    assert json.loads(capsys.readouterr().out)["CUSTOMERS"] == 1
    with pytest.raises(SystemExit, match="Run fixtures_dags.demo.seed first"):
        train.main([*where, "--mlflow", str(tmp_path / "mlflow")])
