"""The words of the letter to somebody whose account another person has changed."""

from collections.abc import Callable, Mapping
from typing import Any

from complaints.domain.accounts.acts import AccountAct
from complaints.domain.errors import N_

#: what an account says → words
ACCOUNT_FIELDS: Mapping[str, str] = {
    "name": N_("Name"),
    "email": N_("Email address"),
    "role": N_("Role"),
    "branch": N_("Branch"),
    "team": N_("Unit"),
    "supervisor": N_("Line manager"),
}

#: act → subject, and the sentence that says what it means
ACCOUNT_LETTERS: Mapping[str, tuple[str, str]] = {
    AccountAct.EDITED: (
        N_("Your account was changed"),
        N_("What was changed: %(fields)s. You log in with %(email)s."),
    ),
    AccountAct.REOPENED: (
        N_("Your account is active again"),
        N_("You can log in with the password you had."),
    ),
    AccountAct.PASSWORD_RESET: (
        N_("A new password was set for your account"),
        N_(
            "Your earlier password and your API keys are no longer valid. When you log in with the "
            "new password, you are asked to choose one that only you know."
        ),
    ),
    AccountAct.TOKEN_ADDED: (
        N_("An API key was made for your account"),
        N_("A program that has it reads and records with your rights."),
    ),
}


def account_words(facts: Mapping[str, Any], translate: Callable[[str], str]) -> dict[str, str]:
    """The subject and the sentence of such a letter; nothing for every other letter."""
    if "act" not in facts:
        return {}
    subject, sentence = ACCOUNT_LETTERS[facts["act"]]
    fields = ", ".join(translate(ACCOUNT_FIELDS[each]) for each in facts["fields"])
    said = translate(sentence)
    is_edited = facts["act"] == AccountAct.EDITED
    return {
        "act_subject": translate(subject),
        "act_sentence": said % {"fields": fields, "email": facts["email_now"]}
        if is_edited
        else said,
    }
