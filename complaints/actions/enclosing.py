"""Files of the complaint that go with the letter of an act: how they are sent, what is kept."""

from pydantic import Field

from complaints.actions.bodies import Body
from complaints.actions.fields import Files
from complaints.domain.errors import N_

#: What the history keeps of the files that go with a letter.
ENCLOSED_DETAILS = {
    "enclosed": N_("enclosed: %(words)s"),
    "revealed": N_("the customer sees from now on: %(words)s"),
}
#: What it keeps where the letter waits for an approval.
TO_ENCLOSE_DETAILS = {"to_enclose": N_("to be enclosed once approved: %(words)s")}


class Enclosing(Body):
    """A body of something that goes to the customer by email or letter, with files."""

    enclose: Files = Field(
        [],
        description=N_(
            "Ids of files on the complaint that go with our email or letter; the customer sees "
            "them already."
        ),
    )
    enclose_internal: Files = Field(
        [],
        description=N_(
            "Ids of internal files, or of powers of attorney, that go with it as well; the "
            "customer sees them from then on."
        ),
    )
