"""A program of the organisation beside the browser: what staff do, recorded in one call each."""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.request
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]


class Desk:
    """The supervisor's program: records what staff do, in one call each."""

    def __init__(self, address: str, token: str) -> None:
        self.address, self.token = address, token

    def post(self, path: str, body: Any) -> Any:
        """What the call answers to this body."""
        return self._call(path, json.dumps(body).encode())

    def get(self, path: str) -> Any:
        """What there is to read there."""
        return self._call(path)

    def act(self, number: str, *acts: dict[str, Any]) -> Any:
        """Take several acts on a complaint, all or none."""
        return self.post(f"/complaints/{number}/actions", list(acts))

    def _call(self, path: str, body: bytes | None = None) -> Any:
        request = urllib.request.Request(
            f"{self.address}/api/v1{path}",
            body,
            {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=20) as answer:
            return json.load(answer)


def run(environment: dict[str, str], *command: str) -> str:
    """What a command of the server's own machine prints."""
    done = subprocess.run(
        [sys.executable, *command], cwd=ROOT, env=environment, check=True, capture_output=True
    )
    return done.stdout.decode()


def desk_of(address: str, environment: dict[str, str]) -> Desk:
    """The program with a key of the supervisor's."""
    add = ("-m", "complaints", "token", "add", "--email", "supervisor@tanggap.example", "--json")
    return Desk(address, json.loads(run(environment, *add))["token"])
