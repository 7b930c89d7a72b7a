"""The receiver as a FastAPI application. Every answer, errors too, is a JSON object."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from fastapi import FastAPI, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ValidationError
from starlette.exceptions import HTTPException

from runtime.serving.bodies import AssetBody, RunBody, StateBody
from runtime.serving.refusal import Refusal
from runtime.serving.signing import SignatureError, check
from runtime.serving.work import Work

logger = logging.getLogger(__name__)

LARGEST_BODY = 256 * 1024
BODY_SECONDS = 30.0
B = TypeVar("B", bound=BaseModel)


def create_app(
    work: Work, secrets: Sequence[str], *, body_seconds: float = BODY_SECONDS
) -> FastAPI:
    """Make the application that does `work` for requests that are signed by one of the secrets.

    A body must come within `body_seconds`.
    """
    # Without pages about itself: what is not signed is told nothing but that the process lives.
    app = FastAPI(title="dag2zen", docs_url=None, redoc_url=None, openapi_url=None)

    async def answer(
        request: Request, kind: type[B], do: Callable[[B, str], dict[str, Any]]
    ) -> JSONResponse:
        try:
            body = await asyncio.wait_for(_body(request), body_seconds)
        except asyncio.TimeoutError as error:
            text = f"The body did not come within {body_seconds:g} s."
            raise Refusal(408, "time", text, {"Connection": "close"}) from error
        # Not `request.url`, which takes a `?` in the path for the begin of the query.
        path: str = request.scope["path"]
        try:
            key = check(request.headers, request.method, path, body, secrets, time.time())
        except SignatureError as error:
            raise Refusal(401, "signature", str(error)) from error
        try:
            asked = kind.model_validate_json(body or b"{}")
        except ValidationError as error:
            raise Refusal(422, "body", _shown(error)) from error
        done = await run_in_threadpool(do, asked, key)
        return JSONResponse(done, status_code=202 if done.get("state") == "started" else 200)

    @app.get("/health")
    async def health() -> dict[str, str]:
        return {"status": "ok"}

    @app.post("/v1/pipelines/{dag_id}/runs")
    async def start(request: Request, dag_id: str) -> JSONResponse:
        return await answer(request, RunBody, lambda body, key: work.start(dag_id, body, key))

    @app.post("/v1/upstreams/{dag_id}/states")
    async def note_state(request: Request, dag_id: str) -> JSONResponse:
        return await answer(request, StateBody, lambda body, key: work.note(dag_id, body, key))

    @app.post("/v1/assets/events")
    async def update(request: Request) -> JSONResponse:
        return await answer(request, AssetBody, work.update)

    _answer_errors(app)
    return app


async def _body(request: Request) -> bytes:
    """Read the body, but no more than the limit, whatever its announced length is."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_BODY:
            raise Refusal(413, "size", f"The body has more than {LARGEST_BODY} bytes.")
    return bytes(body)


def _shown(error: ValidationError) -> str:
    """Say where the body is wrong, without repeating what it says there."""
    places = [
        f"{'.'.join(map(str, one['loc'])) or 'the body'}: {one['msg']}"
        for one in error.errors(include_url=False, include_input=False, include_context=False)
    ]
    return "; ".join(places[:10])[:2000]


def _answer_errors(app: FastAPI) -> None:
    @app.exception_handler(Refusal)
    async def refused(request: Request, error: Refusal) -> JSONResponse:
        return _error(error.status, error.code, str(error), error.headers)

    @app.exception_handler(HTTPException)
    async def not_found(request: Request, error: HTTPException) -> JSONResponse:
        return _error(error.status_code, "http", str(error.detail))

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> JSONResponse:
        return _error(422, "request", "The request is not as it must be.")

    @app.exception_handler(Exception)
    async def failed(request: Request, error: Exception) -> JSONResponse:
        logger.error("%s %s failed: %s", request.method, request.url.path, error, exc_info=error)
        text = "The request could not be worked on; see the log."
        # The server closes the connection after an error that it did not expect.
        return _error(500, "internal", text, {"Connection": "close"})


def _error(
    status: int, code: str, message: str, headers: dict[str, str] | None = None
) -> JSONResponse:
    return JSONResponse({"error": {"code": code, "message": message}}, status, headers)
