"""A connection to PostgreSQL that gives up on a server that says nothing."""

import time
from functools import cache
from typing import Any

from complaints.statement_plans import BY_VALUES


@cache
def patient_connection() -> Any:
    """psycopg's connection with a bound on how long it waits for the server's next word."""
    import psycopg

    class PatientConnection(psycopg.Connection[Any]):
        #: Seconds; None waits as long as it takes.
        patience: float | None = None
        whole_patience: float | None = None
        used_at = 0.0

        #: How its statements are planned (`statement_plans`).
        plans = BY_VALUES

        def begin_anew(self, patience: float | None) -> None:
            """Be as the server has just made it, with so many seconds of patience."""
            self.whole_patience = self.patience = patience
            self.used_at, self.plans = time.monotonic(), BY_VALUES

        def begins(self, plans: str, *, trusted_seconds: float) -> bool:
            """Whether work can begin, with statements planned so.

            After so long without any work the server is asked whether it answers at all.
            """
            if plans != self.plans:
                is_there = self.answers(f"SET plan_cache_mode = {plans}")
            else:
                is_trusted = time.monotonic() - self.used_at <= trusted_seconds
                is_there = is_trusted or self.answers()
            if is_there:
                self.plans, self.patience = plans, self.whole_patience
            return is_there

        def answers(self, question: str = "SELECT 1") -> bool:
            """Whether the server answers at all; no transaction is open afterwards."""
            try:
                self.autocommit = True
                self.execute(question)
                self.autocommit = False
            except psycopg.Error:
                return False
            return True

        def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
            """Run an exchange with the server; too long, give the connection up."""
            if timeout is not None or self.patience is None:
                return super().wait(gen, interval, timeout)
            try:
                return super().wait(gen, interval, self.patience)
            except psycopg.errors._WaitTimeout:
                # The server's clock may stand still with it; nothing later on this can be believed.
                self.close()
                raise psycopg.OperationalError("the server says nothing") from None

    return PatientConnection
