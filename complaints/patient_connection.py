"""A connection to PostgreSQL that gives up on a server that says nothing."""

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

        plans = BY_VALUES

        def begins(self, *, is_trusted: bool, plans: str) -> bool:
            """Whether work can begin, with statements planned so (`statement_plans`).

            One that is not trusted is asked whether the server answers at all. No transaction is
            open afterwards.
            """
            asked = [] if is_trusted else ["SELECT 1"]
            if plans != self.plans:
                asked = [f"SET plan_cache_mode = {plans}"]
            try:
                for each in asked:
                    self.autocommit = True
                    self.execute(each)
                    self.autocommit = False
            except psycopg.Error:
                return False
            self.plans, self.patience = plans, self.whole_patience
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
