"""What `complaints doctor` says of one thing it looked at."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: well or not, with what was seen.

    What works and could be safer is well with a warning, which is no failure.
    """

    name: str
    is_well: bool
    what: str
    is_warning: bool = False

    @property
    def as_json(self) -> dict[str, object]:
        """The finding as a JSON object."""
        return {
            "name": self.name,
            "ok": self.is_well,
            "warning": self.is_warning,
            "what": self.what,
        }

    @property
    def line(self) -> str:
        """The finding as a line of text."""
        mark = "FAIL" if not self.is_well else "warn" if self.is_warning else "ok  "
        return f"{mark} {self.name}: {self.what}"
