"""HTTP requests by an Airflow connection, as Airflow's HttpHook makes them.

Behaviour: airflow/providers/http/hooks/http.py.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from runtime.connections import Connection, get_connection
from runtime.exceptions import HttpRequestError

if TYPE_CHECKING:
    from requests import Response, Session

# Of a connection's extras these are settings; the others are headers.
_SETTINGS = (
    "stream", "cert", "proxies", "proxy", "timeout", "verify", "verify_ssl", "allow_redirects",
    "max_redirects", "trust_env", "check_response",
)  # fmt: skip
_DEFAULT_REDIRECTS = 30


@dataclass(frozen=True)
class HttpRequest:
    """A request: `endpoint` is relative to the connection's host.

    `data` are the parameters of a GET, else the body; `options` are those of the `requests`
    library (`timeout`, `verify`, `proxies`, …) and `check_response: False`. `auth_type` makes the
    authentication of the connection's user and password, by default HTTP's basic one.
    """

    endpoint: str | None = None
    method: str = "GET"
    data: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[str, Any] = field(default_factory=dict)
    request_kwargs: Mapping[str, Any] = field(default_factory=dict)
    auth_type: Callable[..., Any] | None = None


def send(request: HttpRequest, connection: str, *, dag_id: str | None = None) -> Response:
    """Send a request by a configured connection.

    Raises `HttpRequestError` for a server that cannot be reached and, unless `check_response` is
    off, for an answer of 400 and above.
    """
    import requests

    access = get_connection(connection, dag_id=dag_id)
    extras = access.extra_dejson
    options = {name: extras[name] for name in _SETTINGS if name in extras} | dict(request.options)
    url = _url(access, request.endpoint)
    with requests.Session() as session:
        _configure(session, access, options, request)
        body = {"GET": "params", "HEAD": None}.get(request.method.upper(), "data")
        try:
            response = session.request(
                request.method.upper(),
                url,
                **({body: request.data} if body and request.data else {}),
                timeout=options.get("timeout"),
                allow_redirects=options.get("allow_redirects", True),
                **request.request_kwargs,
            )
        except requests.RequestException as error:
            raise HttpRequestError(f"{url}: {type(error).__name__}: {error}") from error
        if options.get("check_response", True) and response.status_code >= 400:
            raise HttpRequestError(
                f"{response.status_code}:{response.reason} was the answer of {url}: "
                f"{response.text[:500]}",
                response.status_code,
            )
        return response


def _configure(
    session: Session, access: Connection, options: Mapping[str, Any], request: HttpRequest
) -> None:
    if access.login and request.auth_type is not None:
        session.auth = request.auth_type(access.login, access.password)
    elif access.login:
        session.auth = (access.login, access.password or "")
    elif request.auth_type is not None:
        session.auth = request.auth_type()
    session.proxies = dict(options.get("proxies", options.get("proxy", {})) or {})
    session.stream = options.get("stream", False)
    session.verify = options.get("verify", options.get("verify_ssl", True))
    session.cert = options.get("cert")
    session.max_redirects = options.get("max_redirects", _DEFAULT_REDIRECTS)
    session.trust_env = options.get("trust_env", True)
    own = {name: value for name, value in access.extra_dejson.items() if name not in _SETTINGS}
    session.headers.update({name: str(value) for name, value in own.items()})
    session.headers.update(request.headers)


def _url(access: Connection, endpoint: str | None) -> str:
    """Join as Airflow does: exactly one slash between host and endpoint."""
    endpoint = endpoint or ""
    host = access.host or ""
    base = host if "://" in host else f"{access.schema or 'http'}://{host}"
    if access.port:
        base = f"{base}:{access.port}"
    if not endpoint or base.endswith("/") or endpoint.startswith("/"):
        return base + endpoint
    return f"{base}/{endpoint}"
