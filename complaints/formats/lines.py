"""The lines of a CSV file as its reader takes them: with a number, and some of them once more.

A quote that is not closed would take everything behind it into one cell. The reader then gives its
lines back, all but the first, and each of them is read for itself.
"""

import re
from collections import deque
from collections.abc import Iterable, Iterator

#: What Excel takes, and sometimes writes, as the first line: the mark between the cells.
_SEPARATOR = re.compile(r'\ufeff?"?sep=([^"\r\n]|\\t)"?\s*', re.IGNORECASE)


class Lines:
    """The lines of a file; `number` is that of the last one read, `record` those of one row.

    `settled` counts the lines of which something became: at the end, all that were read.
    """

    def __init__(self, file: Iterable[str]) -> None:
        self._file = iter(file)
        self._again: deque[str] = deque()
        self.number = 0
        self.settled = 0
        self.record: list[str] = []

    def __iter__(self) -> Iterator[str]:
        # A generator, because a method that is called for each line of a long file costs twice.
        again, record = self._again, self.record
        while True:
            while again:
                self.number += 1
                record.append(again.popleft())
                yield record[-1]
            for line in self._file:
                self.number += 1
                record.append(line)
                yield line
                if again:
                    break
            else:
                return

    def separator(self) -> str | None:
        """What the first line says stands between cells; None, and unread, when it says nothing."""
        first = next(iter(self), None)
        if first is None:
            return None
        found = _SEPARATOR.fullmatch(first)
        if found is None:
            self.give_back(0)
            return None
        self.settle()
        return "\t" if found[1] == "\\t" else found[1]

    def settle(self) -> None:
        """What has been read since the last time is a row, the header, or blank."""
        self.settled += len(self.record)
        self.record.clear()

    def give_back(self, kept: int = 1) -> str:
        """Read all lines of this row again but the first `kept`; returns the first one."""
        first = self.record[0]
        back = self.record[kept:]
        self._again.extendleft(reversed(back))
        self.number -= len(back)
        self.settled += kept
        self.record.clear()
        return first
