"""Platforms by configuration."""

from __future__ import annotations

from importlib.metadata import EntryPoint
from typing import Any

import pandas as pd
import pytest

from runtime.config import PlatformConfig, RuntimeConfig
from runtime.config.show import settings
from runtime.platforms import (
    BasePlatform,
    ContainerSpec,
    ModelService,
    create_platform,
    factory,
    installed_platforms,
)
from runtime.platforms.errors import PlatformConfigError, UnsupportedOperationError
from runtime.platforms.kubernetes.platform import KubernetesPlatform
from runtime.platforms.local import LocalPlatform
from tests.conftest import EmittedProject


class Elsewhere(BasePlatform):
    """Another package's platform, which can do nothing yet."""

    name = "elsewhere"

    @classmethod
    def from_config(cls, platform: PlatformConfig, runtime: RuntimeConfig) -> Elsewhere:
        return cls()


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> None:
    group = factory.ENTRY_POINTS
    found = [
        EntryPoint("elsewhere", f"{__name__}:Elsewhere", group),
        EntryPoint("wrong", "json:dumps", group),
    ]

    def entry_points(*, group: str, name: str | None = None) -> list[EntryPoint]:
        return [item for item in found if name in (None, item.name)]

    monkeypatch.setattr(factory, "entry_points", entry_points)
    import sys

    monkeypatch.setitem(sys.modules, __name__, sys.modules.get(__name__) or _this())


def _this() -> Any:
    import types

    module = types.ModuleType(__name__)
    module.Elsewhere = Elsewhere  # type: ignore[attr-defined]
    return module


def test_built_in_platforms() -> None:
    assert isinstance(create_platform(PlatformConfig()), LocalPlatform)
    assert isinstance(create_platform(PlatformConfig(type="kubernetes")), KubernetesPlatform)
    assert isinstance(create_platform(RuntimeConfig()), LocalPlatform)
    assert set(factory.BUILT_IN) <= set(installed_platforms())


def test_an_unknown_platform_names_the_nearest() -> None:
    with pytest.raises(
        PlatformConfigError,
        match="no platform 'kubernets'. Did you mean 'kubernetes'.*local, podman",
    ):
        create_platform(PlatformConfig(type="kubernets"))
    with pytest.raises(PlatformConfigError, match="no platform 'zzz'. Installed"):
        create_platform(PlatformConfig(type="zzz"))


def test_settings_are_checked_without_showing_values() -> None:
    wrong = PlatformConfig(type="kubernetes", config={"namspace": "s3cret", "attempts": "s3cret"})
    with pytest.raises(PlatformConfigError) as error:
        create_platform(wrong)
    assert "'namspace' is unknown, did you mean 'namespace'" in str(error.value)
    assert "attempts: Input should be" in str(error.value)
    assert "s3cret" not in str(error.value)
    assert "s3cret" not in repr(wrong)
    with pytest.raises(PlatformConfigError, match="'local' is wrong: the key 'x'"):
        create_platform(PlatformConfig(config={"x": 1}))


def test_platforms_of_other_packages(installed: None) -> None:
    assert "elsewhere" in installed_platforms()
    platform = create_platform(PlatformConfig(type="elsewhere"))
    assert type(platform).__name__ == "Elsewhere"
    with pytest.raises(PlatformConfigError, match="wrong = json:dumps .* is not a subclass"):
        create_platform(PlatformConfig(type="wrong"))


@pytest.mark.parametrize(
    ("what", "call"),
    [
        ("run jobs", lambda p: p.run_job(ContainerSpec(image="x"))),
        ("deploy models", lambda p: p.deploy(ModelService(name="x"))),
        ("predict", lambda p: p.predict("x", pd.DataFrame())),
        ("tell the status", lambda p: p.status("x")),
        ("give the log", lambda p: p.logs("x")),
        ("remove a job", lambda p: p.cleanup("x")),
    ],
)
def test_what_a_platform_cannot_do(what: str, call: Any) -> None:
    with pytest.raises(UnsupportedOperationError, match=f"'elsewhere' cannot {what}"):
        call(Elsewhere())
    with pytest.raises(NotImplementedError):
        BasePlatform.from_config(PlatformConfig(), RuntimeConfig())


def test_a_secret_of_a_platform_is_shown_as_its_reference(
    emitted_project: EmittedProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KSERVE_TOKEN", "s3cret")
    text = "platform: {type: kserve, config: {token: '${KSERVE_TOKEN}', namespace: ml}}\n"
    emitted_project.write("configs/base.yaml", text)
    shown = {setting.key: setting.value for setting in settings()}
    assert shown["platform", "config", "token"] == "${KSERVE_TOKEN}"
    assert shown["platform", "config", "namespace"] == "ml"
