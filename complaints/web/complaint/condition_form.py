"""What the review of a customer shows to be ticked (020-2.3): all that is known of them here."""

from collections.abc import Mapping
from datetime import datetime

from flask_babel import gettext

from complaints.domain.errors import N_
from complaints.formatting import say_date
from complaints.queries.complaint.condition import read_condition
from complaints.steps.case import Case
from complaints.web.frame.filters import label, lang


def known_of_customer(case: Case, products: Mapping[str, str], now: datetime) -> list[str]:
    """One sentence for each thing known, in the page's language; `products` are words by code."""
    customer, taxonomy = case.complaint.customer, case.rules.taxonomy
    items = [label(taxonomy.tiers[customer.tier])] if customer.tier in taxonomy.tiers else []
    items += [label(taxonomy.needs[each]) for each in customer.needs if each in taxonomy.needs]
    known = read_condition(case.session, case.complaint, now)
    zone = case.rules.calendar_of(case.complaint.branch_id).value.tz
    if customer.created_at < case.complaint.received_at:
        since = say_date(customer.created_at.astimezone(zone).date(), lang())
        items.append(gettext("Known to us since %(date)s", date=since))
    if known.products:
        names = ", ".join(products.get(each, each) for each in known.products)
        items.append(gettext("Products: %(names)s", names=names))
    for count, words in (
        (known.open_complaints, N_("Other open complaints: %(count)s")),
        (known.earlier_complaints, N_("Earlier complaints: %(count)s")),
        (known.same_matter, N_("Complained of the same before: %(count)s times")),
        (known.around, N_("Others complain of the same at this branch today: %(count)s")),
    ):
        if count:
            items.append(gettext(words, count=count))
    if customer.language == "en":
        items.append(gettext("Speaks English"))
    if not (customer.phone or customer.email):
        items.append(gettext("Cannot be reached by phone or email"))
    return items
