"""A model server of one's own for Snowflake: adds the columns of each row. Run as a program."""

from __future__ import annotations

import json
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Handler(BaseHTTPRequestHandler):
    """Answers `POST /predict`; the environment's MODEL_URI is not needed to add.

    Of the requests with a column `busy`, the first is lost and the second refused.
    """

    busy = 0

    def log_message(self, format: str, *args: object) -> None:
        """Be silent."""

    def do_GET(self) -> None:
        """Be ready."""
        self.send_response(200 if self.path == "/health" else 404)
        self.end_headers()

    def do_POST(self) -> None:
        """Predict."""
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        rows = body["data"]
        data = [[at, sum(value or 0 for value in row.values())] for at, row in rows]
        status = 200
        if any(row.get("busy") for _, row in rows):
            Handler.busy += 1
            if Handler.busy == 1:
                return  # Without an answer.
            status = 429 if Handler.busy == 2 else 200
        if any(row.get("fail") for _, row in rows):
            status, data = 500, []
        if any(row.get("lose") for _, row in rows):
            data = data[1:]
        answer = json.dumps({"data": data}).encode()
        if any(row.get("nonsense") for _, row in rows):
            answer = b"<html>"
        self.send_response(status)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)


if __name__ == "__main__":
    ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
