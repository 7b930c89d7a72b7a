"""A server on loopback that answers about buckets and objects as S3 does."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote
from xml.sax.saxutils import escape

from tests.runtime.web import Answer, Request, web

_CHANGED = "2024-01-02T00:00:00Z"


@dataclass
class Storage:
    """Buckets with their objects, and the headers of what was written."""

    buckets: dict[str, dict[str, bytes]] = field(default_factory=dict)
    headers: dict[str, dict[str, str]] = field(default_factory=dict)
    bodies: list[bytes] = field(default_factory=list)
    changed: dict[str, str] = field(default_factory=dict)
    """When objects were changed, by key."""

    def answer(self, request: Request) -> Answer:
        """What S3 answers to the requests of these steps."""
        bucket, _, key = unquote(request.path).strip("/").partition("/")
        if bucket == "closed":
            return 403, ""
        if request.method == "POST":
            return 200, self._delete(bucket, request.body)
        if key:
            return self._object(request, bucket, key)
        if request.method == "PUT":
            self.bodies.append(_content(request))
            self.buckets[bucket] = {}
        elif bucket not in self.buckets:
            return 404, ""
        elif request.method == "DELETE":
            if self.buckets[bucket]:
                return 409, "<Error><Code>BucketNotEmpty</Code></Error>"
            del self.buckets[bucket]
            return 204, ""
        elif request.method == "GET":
            return 200, self._listing(bucket, request.query)
        return 200, ""

    def _object(self, request: Request, bucket: str, key: str) -> Answer:
        objects = self.buckets[bucket]
        if request.method == "PUT":
            headers = {name.lower(): value for name, value in request.headers.items()}
            source = unquote(headers.get("x-amz-copy-source", ""))
            self.headers[key] = headers
            if source:
                place, _, version = source.partition("?versionId=")
                where, _, name = place.partition("/")
                objects[key] = self.buckets[where][name] + version.encode()
                return 200, "<CopyObjectResult></CopyObjectResult>"
            objects[key] = _content(request)
            return 200, ""
        if key == "closed":
            return 403, ""
        if key not in objects:
            return 404, ""
        return 200, objects[key].decode(errors="surrogateescape")

    def _delete(self, bucket: str, body: str) -> str:
        keys = re.findall(r"<Key>(.*?)</Key>", body)
        kept = [key for key in keys if key == "locked"]
        for key in keys:
            if key not in kept:
                self.buckets[bucket].pop(key, None)
        errors = "".join(f"<Error><Key>{key}</Key><Code>No</Code></Error>" for key in kept)
        return f"<DeleteResult>{errors}</DeleteResult>"

    def _listing(self, bucket: str, query: dict[str, str]) -> str:
        prefix, delimiter = query.get("prefix", ""), query.get("delimiter", "")
        keys = [
            key
            for key in self.buckets[bucket]
            if key.startswith(prefix) and not (delimiter and delimiter in key[len(prefix) :])
        ]
        found = "".join(
            f"<Contents><Key>{escape(key)}</Key>"
            f"<LastModified>{self.changed.get(key, _CHANGED)}</LastModified></Contents>"
            for key in keys
        )
        tails = [key[len(prefix) :] for key in self.buckets[bucket] if key.startswith(prefix)]
        folders = {
            tail.partition(delimiter)[0] for tail in tails if delimiter and delimiter in tail
        }
        found += "".join(
            f"<CommonPrefixes><Prefix>{prefix}{one}{delimiter}</Prefix></CommonPrefixes>"
            for one in sorted(folders)
        )
        return f"<ListBucketResult><IsTruncated>false</IsTruncated>{found}</ListBucketResult>"


def _content(request: Request) -> bytes:
    return request.body.encode(errors="surrogateescape")


@contextmanager
def object_storage() -> Iterator[tuple[Storage, dict[str, Any]]]:
    """The storage, and the connection to it."""
    one = Storage()
    with web(one.answer) as server:
        extra = {"region_name": "eu-west-1", "endpoint_url": f"http://127.0.0.1:{server.port}"}
        yield one, {"type": "aws", "user": "key", "password": "secret", "extra": extra}
