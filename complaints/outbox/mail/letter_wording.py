"""The sentences of notices about letters that did not leave: kind → title, sentence, what to do."""

from collections.abc import Mapping

from complaints.domain.errors import N_

LETTER_NOTICES: Mapping[str, tuple[str, ...]] = {
    "letter_lost": (
        N_("A letter did not reach the customer"),
        N_(
            "Our letter to the customer of %(number)s could not be delivered. Check the email "
            "address, and tell the customer what it says another way."
        ),
    ),
    "letter_uncertain": (
        N_("Perhaps a letter did not reach the customer"),
        N_(
            "Our letter to the customer of %(number)s was handed over twice, and the mail server "
            "did not say whether it took it. Ask the customer whether it arrived."
        ),
    ),
    "letter_delayed": (
        N_("A letter with a promised date has not left yet"),
        N_(
            "The mail server did not take our letter with the date to the customer of %(number)s. "
            "It is tried again for four days; if the customer has to know the date "
            "before, tell them another way."
        ),
    ),
    "letter_file_held_back": (
        N_("A letter leaves without a file"),
        N_(
            "Our letter to the customer of %(number)s leaves without %(files)s, which was hidden "
            "from them after the letter was written. Check whether its words still fit, and tell "
            "the customer if they do not."
        ),
    ),
    "letter_held_up": (
        N_("Emails to customers cannot leave"),
        N_(
            "Since %(since)s no email can leave, and emails to customers wait, among them one on "
            "%(number)s. They are sent by themselves once the mail server works again; each "
            "complaint says what waits. If a customer has to know a date before, tell them another "
            "way."
        ),
    ),
    "mail_closed": (
        N_("No email leaves"),
        N_(
            "Since %(since)s no email can leave, and emails wait: %(count)s. They are sent by "
            "themselves once the mail server works again. `complaints doctor` says what is wrong."
        ),
    ),
}
