"""How `pytest -n` shares the tests out: one by one, but what is costly to set up stays together."""

from __future__ import annotations

from xdist.scheduler import LoadScopeScheduling

# The stories share a server and a browser; the tests of the demonstration share one made once,
# whose rows the other database takes over; those of the wheel one wheel, the rows of the rules one
# office for each kind of database.
TOGETHER = ("tests/browser/", "tests/seed/", "tests/proofs/", "tests/meta/test_wheel.py")


class Sharing(LoadScopeScheduling):
    """One test is one piece of work, except in the folders that share something costly."""

    def _split_scope(self, nodeid: str) -> str:
        for folder in TOGETHER:
            if nodeid.startswith(folder):
                kind = "postgresql" in nodeid.rpartition("[")[2] and folder != "tests/seed/"
                return f"{folder} {kind}"
        return nodeid
