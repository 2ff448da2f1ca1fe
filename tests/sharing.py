"""How `pytest -n` shares the tests out: by file and database, what takes long first.

The tests of a file begin alike, and what one process has prepared or walked another would do again.
"""

from __future__ import annotations

from xdist.scheduler import LoadScopeScheduling

# The stories share a server and a browser; the tests of the demonstration share one made once,
# whose rows the other database takes over; the rows of the rules one office for each kind of
# database.
TOGETHER = ("tests/browser/", "tests/seed/", "tests/proofs/")

#: Few tests that take long: begun last they would keep one process busy when the other has done.
LONG = (
    "tests/browser/",
    "tests/channels/api/test_anything.py",
    "tests/clocks/test_ledger_histories.py",
    "tests/commands/test_backup.py",
    "tests/commands/test_demo.py",
    "tests/commands/test_serve.py",
    "tests/engine/test_never_silent.py",
    "tests/engine/test_sixty_days.py",
    "tests/queries/reports/test_recomputed.py",
    "tests/worker/test_crash.py",
)


class Sharing(LoadScopeScheduling):
    """The tests of a file on one database are one piece of work; the largest come first."""

    def schedule(self) -> None:
        """Hand out the first pieces and put the long ones in front of those that are left."""
        super().schedule()
        for piece in [each for each in self.workqueue if each.startswith(LONG)]:
            self.workqueue.move_to_end(piece, last=False)

    def _split_scope(self, nodeid: str) -> str:
        return piece_of(nodeid)


def piece_of(nodeid: str) -> str:
    """The piece of work that a test belongs to."""
    kind = "postgresql" if "postgresql" in nodeid.rpartition("[")[2] else ""
    for folder in TOGETHER:
        if nodeid.startswith(folder):
            return folder if folder == "tests/seed/" else f"{folder} {kind}"
    return f"{nodeid.partition('::')[0]} {kind}"
