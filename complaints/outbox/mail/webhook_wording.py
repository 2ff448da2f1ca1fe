"""The sentences of notices about webhooks: kind → title, sentence, what to do."""

from collections.abc import Mapping

from complaints.domain.errors import N_

WEBHOOK_NOTICES: Mapping[str, tuple[str, ...]] = {
    "webhook_failing": (
        N_("A webhook was switched off"),
        N_(
            "The program at %(webhook)s has failed to take calls since %(since)s; its webhook was "
            "switched off, and it hears of nothing any more. Once it is repaired, switch the "
            "webhook on under Administration › Webhooks and send again what it missed."
        ),
        N_("Switch it on once it is repaired"),
    ),
    "webhook_gone": (
        N_("A webhook was switched off"),
        N_(
            "The program at %(webhook)s answered that it is gone (410); its webhook was switched "
            "off. If that is wrong, switch it on under Administration › Webhooks."
        ),
        N_("Check whether that is right"),
    ),
}
