"""Waiting for objects in S3: boto3 against a server that speaks S3's protocol."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from xml.sax.saxutils import escape

import pytest

from runtime.exceptions import ConfigError, WaitTimeoutError
from runtime.steps import wait_for_s3_key
from tests.conftest import EmittedProject  # type: ignore[import-not-found, unused-ignore]
from tests.runtime.web import Answer, Request, Web, web

InStep = Callable[[Callable[[], Any]], Any]
HERE = "tests.runtime.test_steps_objects"
AT_ONCE: dict[str, Any] = {"poke_interval_seconds": 0.05, "timeout_seconds": 0}
KEYS = ["orders/2024-01-02/a.csv", "orders/2024-01-02/b.csv", "orders/done"]


def answer(request: Request) -> Answer:
    """The bucket `exports`, in pages of one object."""
    bucket, _, key = request.path.strip("/").partition("/")
    if bucket == "secret":
        return 403, ""
    if key or request.method == "HEAD":
        return (200, "12") if key in KEYS else (404, "")
    found = [key for key in KEYS if key.startswith(request.query.get("prefix", ""))]
    start = int(request.query.get("continuation-token", "0"))
    contents = "".join(
        f"<Contents><Key>{escape(key)}</Key><Size>2</Size></Contents>"
        for key in found[start : start + 1]
    )
    more = start + 1 < len(found)
    token = f"<NextContinuationToken>{start + 1}</NextContinuationToken>" if more else ""
    return 200, (
        f"<ListBucketResult><IsTruncated>{str(more).lower()}</IsTruncated>"
        f"{contents}{token}</ListBucketResult>"
    )


def has_two(found: list[dict[str, Any]]) -> bool:
    return len(found) == 2


def is_small(found: list[dict[str, Any]], ds: str) -> bool:
    return ds == "2024-01-02" and all(one["Size"] < 10 for one in found)


@pytest.fixture
def server(emitted_project: EmittedProject) -> Iterator[Web]:
    with web(answer) as server:
        extra = {"region_name": "eu-west-1", "endpoint_url": f"http://127.0.0.1:{server.port}"}
        aws = {"type": "aws", "user": "key", "password": "secret", "extra": extra}
        role = {**aws, "extra": {**extra, "role_arn": "arn:aws:iam::1:role/x"}}
        settings = {"pipeline": "probe-dag", "connections": {"aws_default": aws, "role": role}}
        emitted_project.configure("probe_dag", settings)
        yield server


CASES: list[tuple[Any, dict[str, Any], bool]] = [
    ("orders/done", {"bucket_name": "exports"}, True),
    ("orders/none", {"bucket_name": "exports"}, False),
    ("s3://exports/orders/{{ ds }}/a.csv", {}, True),
    (["s3://exports/orders/done", "s3://exports/orders/none"], {}, False),
    ("orders/{{ ds }}/*.csv", {"bucket_name": "exports", "wildcard_match": True}, True),
    ("orders/{{ ds }}/*.gz", {"bucket_name": "exports", "wildcard_match": True}, False),
    (r"orders/\d", {"bucket_name": "exports", "use_regex": True}, True),
    (r"\d", {"bucket_name": "exports", "use_regex": True}, False),
    ("s3://exports/orders/*/*", {"wildcard_match": True, "check": f"{HERE}.has_two"}, True),
    ("s3://exports/orders/d*", {"wildcard_match": True, "check": f"{HERE}.has_two"}, False),
    ("s3://exports/orders/done", {"check": f"{HERE}.is_small"}, True),
]


def test_keys(in_step: InStep, server: Web) -> None:
    def found(key: Any, options: dict[str, Any]) -> bool:
        try:
            wait_for_s3_key(key, **options, **AT_ONCE)
        except WaitTimeoutError:
            return False
        return True

    # One run of ZenML for all: a step that is called in a step is only its function.
    answers = in_step(lambda: [found(key, options) for key, options, _ in CASES])

    assert answers == [expected for _, _, expected in CASES]


def test_a_bucket_that_is_closed(in_step: InStep, server: Web) -> None:
    with pytest.raises(Exception, match="403"):
        in_step(lambda: wait_for_s3_key("s3://secret/x", **AT_ONCE))


def test_what_does_not_name_an_object(in_step: InStep, server: Web) -> None:
    with pytest.raises(ValueError, match="needs a bucket_name"):
        in_step(lambda: wait_for_s3_key("orders/done", **AT_ONCE))
    with pytest.raises(ValueError, match="must not be given"):
        in_step(lambda: wait_for_s3_key("s3://exports/x", bucket_name="exports", **AT_ONCE))


def test_roles_are_refused(in_step: InStep, server: Web) -> None:
    with pytest.raises(ConfigError, match="takes a role"):
        in_step(lambda: wait_for_s3_key("s3://exports/x", connection="role", **AT_ONCE))


def test_credentials_of_the_machine(
    in_step: InStep, server: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", f"http://127.0.0.1:{server.port}")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "machine")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")

    in_step(lambda: wait_for_s3_key("s3://exports/orders/done", connection="absent", **AT_ONCE))

    assert "Credential=machine/" in server.requests[-1].headers["Authorization"]
