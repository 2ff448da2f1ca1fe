"""How much goes with one letter, whatever it is put together from."""

from collections.abc import Sequence

from complaints.domain.errors import N_, Invalid
from complaints.files.in_use import file_settings


def require_size(sizes: Sequence[int], method: str) -> None:
    """Raise Invalid where files of these sizes are too many for a letter, or too large for it."""
    limits = file_settings().limits
    if len(sizes) > limits.most_at_once:
        raise Invalid(
            N_("These are too many files (at most %(most)d at once)."),
            field="enclose",
            most=limits.most_at_once,
        )
    if method == "email" and sum(sizes) > limits.most_bytes_of_letter:
        raise Invalid(
            N_(
                "Together the files are too large for an email (at most %(most)d MB). Leave some "
                "out; the customer also finds on their page what they may see."
            ),
            field="enclose",
            most=limits.most_bytes_of_letter // (1024 * 1024),
        )
