"""What a function gave, kept by its argument, for work that asks the same few things very often."""

from collections.abc import Callable
from typing import TypeVar

Key = TypeVar("Key")
Given = TypeVar("Given")

_MOST = 20_000


class Memo(dict[Key, Given]):
    """`memo[key]` is `learn(key)`, asked once; full, it forgets everything and starts again.

    Starting again is cheaper than keeping count of which key was asked for when.
    """

    def __init__(self, learn: Callable[[Key], Given], most: int = _MOST) -> None:
        super().__init__()
        self._learn, self._most = learn, most

    def __missing__(self, key: Key) -> Given:
        given = self._learn(key)
        if len(self) >= self._most:
            self.clear()
        self[key] = given
        return given
