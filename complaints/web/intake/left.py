"""The customer left in the middle: what was told is a complaint, and what was not done is said so.

Why not a draft: whoever has told what is wrong has complained, and the clock of that runs from the
moment it was told (docs/adr/0041). Only where nothing was told is there nothing to record.
"""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext

from complaints.web.frame.form_parsing import part_of


def told_before_leaving(given: Mapping[str, Any]) -> dict[str, Any]:
    """The form as it stands, with the reason in place of what the customer did not wait for.

    Listening (020-1.1) is excused where it was not attested. The confirmation (020-1.2) is excused
    only where the customer left no way to reach them; otherwise it stays open, because it can still
    be asked for. Nothing excuses the apology, the steps and the deadline: they are still to come.
    """
    told = {**given, "customer": _customer(part_of(given, "customer"))}
    if not part_of(given, "attestation").get("listened"):
        told["attestation"] = _unable(gettext("The customer left before the story was finished."))
    answered = part_of(given, "confirmation").get("answer")
    if not answered and not _is_reachable(told["customer"]):
        told["confirmation"] = _unable(
            gettext("The customer left before the summary could be read back, without a contact.")
        )
    return told


def _customer(told: Mapping[str, Any]) -> dict[str, Any]:
    customer = dict(told)
    named = str(customer.get("name", "")).strip() or str(customer.get("q", "")).strip()
    if not named and not customer.get("known"):
        customer["name"] = gettext("Name not given")
    if not _is_reachable(customer) and not str(customer.get("no_contact_reason", "")).strip():
        customer["no_contact_reason"] = gettext("The customer left before giving a contact.")
    return customer


def _is_reachable(customer: Mapping[str, Any]) -> bool:
    return any(
        str(customer.get(name, "")).strip() for name in ("known", "phone", "email", "number")
    )


def _unable(reason: str) -> dict[str, Any]:
    return {"unable": {"reason": reason}}
