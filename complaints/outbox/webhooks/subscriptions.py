"""Which webhooks are switched on, kept as a version of the rules.

Every request asks for the newest version of the rules anyway, and keeps what it read. So it costs
nothing to know, in every process and at once, that nobody listens.
"""

import hashlib
import json
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from complaints.db import take_turns
from complaints.models import RuleVersion, Webhook
from complaints.rulebook import WEBHOOKS


def await_turn(session: Session) -> None:
    """Wait until nobody else changes which webhooks there are."""
    take_turns(session, WEBHOOKS)


def publish(session: Session, *, by: str, at: datetime) -> None:
    """Make a new version of the list where it has changed; the caller has awaited its turn."""
    session.flush()
    query = select(Webhook.id, Webhook.events).where(Webhook.is_active).order_by(Webhook.id)
    body = {
        "endpoints": [{"id": each.id, "events": each.events} for each in session.execute(query)]
    }
    last = session.scalar(
        select(RuleVersion)
        .where(RuleVersion.kind == WEBHOOKS, RuleVersion.code == WEBHOOKS)
        .order_by(RuleVersion.id.desc())
        .limit(1)
    )
    if (last.body if last else {"endpoints": []}) == body:
        return
    text = json.dumps(body, sort_keys=True)
    session.add(
        RuleVersion(
            kind=WEBHOOKS,
            code=WEBHOOKS,
            version=(last.version if last else 0) + 1,
            body=body,
            content_hash=hashlib.sha256(text.encode()).hexdigest(),
            loaded_at=at,
            loaded_by=by[:120],
            origin="admin",
        )
    )
    session.flush()
