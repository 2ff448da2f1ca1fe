"""What states and acts of public posts are called."""

from complaints.domain.errors import N_
from complaints.domain.public_posts.acts import PostAct, PostState

#: state → words and icon
STATES = {
    PostState.OPEN.value: (N_("Waits for a reply"), "clock"),
    PostState.REPLIED.value: (N_("Replied"), "circle-check"),
    PostState.SET_ASIDE.value: (N_("Set aside"), "circle-x"),
}
#: what an entry of the history tells → words
ACTS = {
    PostAct.TAKE.value: N_("Recorded"),
    PostAct.REPLY.value: N_("Public reply"),
    PostAct.SET_ASIDE.value: N_("Set aside"),
    PostAct.TAKE_UP.value: N_("Taken up again"),
    PostAct.CHANGED.value: N_("The post says something else now"),
    PostAct.GONE.value: N_("The post was deleted"),
    PostAct.NOTE.value: N_("Note"),
    PostAct.MAKE_COMPLAINT.value: N_("Made a complaint"),
    PostAct.WARN.value: N_("Reminder"),
    PostAct.LATE.value: N_("Deadline missed"),
    PostAct.ESCALATE.value: N_("Escalated"),
}
