"""What the complaint page says of steps that could not be done: reasons, and who has to sign."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext

from complaints.domain.config.exits import Need
from complaints.domain.evidence import CRITERIA
from complaints.domain.words.exits import ExitState
from complaints.formatting import say_instant_short
from complaints.models import Exit
from complaints.people.signers import parties_to, who_may_sign
from complaints.queries.complaint.dossier import Dossier
from complaints.queries.complaint.notes import read_tries
from complaints.steps.case import Case
from complaints.web.complaint.forms.open_form import OpenForm
from complaints.web.complaint.timeline import METHODS
from complaints.web.frame.filters import label
from complaints.web.frame.translations import lang


@dataclass(frozen=True, slots=True)
class ExitsShown:
    """The exits of the complaint before somebody."""

    case: Case
    dossier: Dossier

    @property
    def made(self) -> Sequence[Exit]:
        """All of them, in order."""
        return self.dossier.exits

    def reasons(self, form: OpenForm) -> list[tuple[str, str]]:
        """The reasons for which the open form's step may stay undone."""
        excusable = form.face.criteria
        if form.noun == "offer":
            excusable = ("020-3.5",) if form.stage == "alternative" else ()
        known = self.case.rules.exits
        listed = [each for key in excusable for each in known.reasons_for(key)]
        return [(each.id, label(each)) for each in dict.fromkeys(listed)]

    def say_signature(self, made: Exit) -> str:
        """The exit's reason of the list, and whether somebody signed it, to follow its sentence."""
        reason = self.case.rules.exits.reasons.get(made.code)
        said = f" · {label(reason)}" if reason is not None else ""
        if made.is_earlier:
            return f"{said} · " + gettext("under the earlier rules")
        if made.state == ExitState.SIGNED:
            said += " · " + gettext("signed by %(name)s", name=made.answered_by_name)
        return said

    def to_sign(self) -> list[tuple[Exit, str]]:
        """The exits that wait for a signature, with the words of what was not done."""
        return [
            (each, gettext(CRITERIA[each.criterion].label))
            for each in self.dossier.to_sign
            if each.criterion in CRITERIA
        ]

    def tried(self, made: Exit) -> list[str]:
        """The last tries to reach the customer before an exit, in order: when, how, who, what."""
        reason = self.case.rules.exits.reasons.get(made.code)
        if reason is None or reason.needs is not Need.ATTEMPTS:
            return []
        zone = self.case.rules.calendar_of(self.case.complaint.branch_id).value.tz
        return [
            " · ".join(
                filter(
                    None,
                    (
                        say_instant_short(note.at, zone, lang()),
                        gettext(METHODS[note.method]) if note.method in METHODS else note.method,
                        note.by,
                        note.text,
                    ),
                )
            )
            for note in read_tries(self.case.session, made.complaint_id, made.at)
        ]

    @property
    def signers(self) -> str:
        """Who may sign, by name: the nearest superior, else whoever comes next."""
        excluded = parties_to(self.dossier.to_sign)
        found = who_may_sign(self.case.session, self.case.complaint, excluded, self.case.at)
        return ", ".join(each.name for each in found.nearest)
