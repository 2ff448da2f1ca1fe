"""What states, acts and ends of contacts are called."""

from complaints.domain.errors import N_
from complaints.domain.other_contacts.acts import ContactAct, ContactState
from complaints.domain.taxonomy.items import ShortEnd

#: state → words and icon
STATES = {
    ContactState.OPEN.value: (N_("Not finished"), "clock"),
    ContactState.ENDED.value: (N_("Finished"), "circle-check"),
    ContactState.COMPLAINT.value: (N_("Made a complaint"), "transfer"),
}
#: what an entry of the history tells → words
ACTS = {
    ContactAct.TAKE.value: N_("Recorded"),
    ContactAct.HAND_OVER.value: N_("Sent to a unit"),
    ContactAct.NOTE.value: N_("Note"),
    ContactAct.ATTACH.value: N_("File attached"),
    ContactAct.END.value: N_("Finished"),
    ContactAct.MAKE_COMPLAINT.value: N_("Made a complaint"),
}
#: how a kind ends → the heading of its end, what the words are called, and the button
ENDS = {
    ShortEnd.ANSWERED.value: (N_("Answer"), N_("What the customer was answered"), N_("Answered")),
    ShortEnd.DONE.value: (N_("Done"), N_("What was done"), N_("Done")),
    ShortEnd.NOTED.value: (N_("Note it"), N_("What becomes of it"), N_("Noted")),
    ShortEnd.PASSED_ON.value: (
        N_("Pass it on"),
        N_("How the customer was thanked"),
        N_("Passed on"),
    ),
}
#: by which means somebody is answered → words
MEANS = {
    "spoken": N_("face to face"),
    "phone": N_("by phone"),
    "email": N_("by email, which leaves from here"),
    "message": N_("by message"),
    "letter": N_("by letter"),
}
#: how the letter of an answer stands → words
LETTERS = {
    "queued": N_("The email has not left yet."),
    "sent": N_("The email has left."),
    "failed": N_("The email could not be delivered. Answer the customer another way."),
    "bounced": N_("The email came back. Answer the customer another way."),
}
