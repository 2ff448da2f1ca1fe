"""The pictures of the guides: of which page, in whose guide, and what is seen on it.

The files lie in `static/guide/`, one in each language; `make guide-pictures` takes them.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from complaints.domain.errors import N_

#: Pixels of every picture; a guide shows it smaller, its link as it is.
WIDTH, HEIGHT = 1040, 650


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture in the guide `part`; the guide is opened there from the pages `endpoints`.

    `login` of the demonstration sees the page at `path`.
    """

    name: str
    part: str
    login: str
    path: str
    caption: str
    endpoints: tuple[str, ...] = ()

    def file(self, language: str) -> str:
        """The file below `static/`."""
        return f"guide/{self.name}-{language}.webp"


PICTURES: Sequence[Picture] = (
    Picture(
        "home",
        "csr",
        "csr",
        "/",
        N_("Home: what is to be done, the most urgent first, each with its deadline."),
    ),
    Picture(
        "new-complaint",
        "csr",
        "csr",
        "/complaints/new",
        N_("New complaint: customer and story first; beside it the words to say."),
        ("intake.new", "intake.receive"),
    ),
    Picture(
        "complaint",
        "csr",
        "csr",
        "/complaints?handler=me",
        N_("A complaint: what comes next, the date that was promised, and what has been done."),
        ("complaint.show", "complaint.ask"),
    ),
    Picture(
        "analysis",
        "csr",
        "csr",
        "/complaints?handler=me",
        N_("Analysis: everything that is found out, on one page and recorded at once."),
        ("conversations.show",),
    ),
    Picture(
        "unit",
        "unit",
        "officer",
        "/",
        N_("The home of a unit: what it was asked, and by when it answers."),
    ),
    Picture(
        "board",
        "supervisor",
        "supervisor",
        "/board",
        N_("Escalation board: each card is decided in its place."),
        ("board.board",),
    ),
    Picture(
        "management",
        "manager",
        "manager",
        "/",
        N_("The home of a manager: the last four weeks in a sentence, and what waits."),
    ),
    Picture(
        "exits",
        "auditor",
        "auditor",
        "/reports/exits",
        N_("What was not done and why, with whoever signed it."),
        ("exits.exits",),
    ),
    Picture(
        "organisation",
        "administrator",
        "admin",
        "/admin/organisation/",
        N_("Organisation: every list that may be changed, with its history."),
        ("organisation.overview", "organisation.one_part", "organisation.item"),
    ),
)

_PLACES = {
    endpoint: f"/guide/{each.part}#{each.name}" for each in PICTURES for endpoint in each.endpoints
}


def guide_at(endpoint: str | None) -> str:
    """Where the guides explain a page: at its picture, else at the reader's own guide."""
    return _PLACES.get(endpoint or "", "/guide")
