"""The sentences of notices about mail that comes in: kind → title, sentence, what to do."""

from collections.abc import Mapping

from complaints.domain.errors import N_

MAIL_NOTICES: Mapping[str, tuple[str, str]] = {
    "mailbox_silent": (
        N_("A mailbox cannot be read"),
        N_(
            "The mailbox %(mailbox)s has not been read since %(since)s: what customers write there "
            "reaches nobody. `complaints doctor` shows what is wrong."
        ),
    ),
    "mail_to_sort": (
        N_("Mail waits to be sorted"),
        N_("A message came in that could not be assigned by itself. Decide under Mail to sort."),
    ),
    "mail_elsewhere": (
        N_("An email to several branches"),
        N_(
            "An email that names your mailbox as well is with branch %(branch)s as %(number)s. "
            "Agree with them if it concerns you."
        ),
    ),
    "mail_files_left": (
        N_("Files of an email were not kept"),
        N_(
            "%(number)s: these files of the customer's email could not be attached: %(names)s. "
            "They are still in the message as it came, which can be opened and downloaded."
        ),
    ),
}
