"""Calling many endpoints at once: one thread for each that has something due, and none waits.

So an endpoint that hangs holds up nobody: no letter, no other endpoint, and itself only one call.
"""

import threading
from collections.abc import Callable, Collection
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field

import structlog
from sqlalchemy.orm import Session, sessionmaker

from complaints.outbox.webhooks.deliver import Now, deliver_to
from complaints.outbox.webhooks.endpoints import MOST_ENDPOINTS, WebhookSettings

log = structlog.get_logger()


@dataclass(slots=True)
class Callers:
    """The threads of one worker that call endpoints, as many as there can be endpoints."""

    settings: WebhookSettings
    _pool: ThreadPoolExecutor = field(
        default_factory=lambda: ThreadPoolExecutor(MOST_ENDPOINTS, "webhook")
    )
    _busy: dict[int, Future[None]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _calls: int = 0

    def call(
        self,
        sessions: sessionmaker[Session],
        webhook_ids: Collection[int],
        *,
        now: Now,
        is_stopping: Callable[[], bool] = lambda: False,
    ) -> None:
        """Begin to call these endpoints, but for those that are being called."""
        self._busy = {key: each for key, each in self._busy.items() if not each.done()}
        for each in webhook_ids:
            if each not in self._busy:
                self._busy[each] = self._pool.submit(
                    self._deliver, sessions, each, now, is_stopping
                )

    def take_count(self) -> int:
        """How many calls were made since this was asked last."""
        with self._lock:
            count, self._calls = self._calls, 0
        return count

    def wait(self) -> None:
        """Wait until every call that was begun has ended."""
        for each in list(self._busy.values()):
            each.result()

    def close(self) -> None:
        """End in good order: what is being called is waited for, nothing else is begun."""
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _deliver(
        self,
        sessions: sessionmaker[Session],
        webhook_id: int,
        now: Now,
        is_stopping: Callable[[], bool],
    ) -> None:
        try:
            calls = deliver_to(
                sessions, self.settings, webhook_id, now=now, is_stopping=is_stopping
            )
        except Exception as error:
            # Its words may hold an address or a secret; the kind tells enough.
            log.error("webhook not called", webhook=webhook_id, error=type(error).__name__)
            return
        with self._lock:
            self._calls += calls
