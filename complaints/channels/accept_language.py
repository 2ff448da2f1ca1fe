"""Which of our languages somebody would rather hear, from what their browser or program says."""

from werkzeug.datastructures import LanguageAccept

from complaints.domain.scripts import LANGUAGES


def preferred_language(accepted: LanguageAccept) -> str | None:
    """The first of our languages among the accepted ones, whatever the region; None without any.

    Not Werkzeug's `best_match`: of "en-GB, id;q=0.5" it takes "id", because only that one fits
    exactly.
    """
    for tag, _ in accepted:
        spoken = tag.lower().partition("-")[0]
        if spoken in LANGUAGES:
            return spoken
    return None
