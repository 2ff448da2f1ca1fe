"""What learns does so in a process of its own, which the worker starts and ends.

What it needs is large (scikit-learn, scipy), and a worker that has loaded it would never be small
again. Such a process knows no database, no key and no setting.
"""

import json
import subprocess
import sys
import time
from typing import Any

import structlog

from complaints.settings import environment_without_secrets
from complaints.worker.sweeps import WorkerContext

#: A process that has not learned by then never will.
MOST_SECONDS = 900

log = structlog.get_logger()


def learn_apart(context: WorkerContext, module: str, told: str) -> dict[str, Any] | None:
    """Give a module JSON and take its answer; None when it failed, took too long or is not wanted
    any more."""
    process = subprocess.Popen(
        [sys.executable, "-m", module],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment_without_secrets(),
        text=True,
        encoding="utf-8",
    )
    began, given = time.monotonic(), told or None
    while True:
        try:
            answer, _ = process.communicate(given, timeout=1)
            break
        except subprocess.TimeoutExpired:
            given = None
            if context.is_stopping() or time.monotonic() - began > MOST_SECONDS:
                process.kill()
                process.communicate()
                return None
    if process.returncode != 0:
        log.error("learning failed", status=process.returncode, module=module)
        return None
    learned: dict[str, Any] = json.loads(answer)
    return learned
