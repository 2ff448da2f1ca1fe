"""Whether a request was signed by a channel, in the form of Standard Webhooks.

Anything that is not just so is no signature: nobody is told what of it was wrong.
"""

import hmac
from datetime import UTC, datetime, timedelta

from standardwebhooks import Webhook as Signer
from werkzeug.datastructures import Headers

HEADERS = ("webhook-id", "webhook-timestamp", "webhook-signature")
#: How far the clocks of a channel and of ours may differ, and how long a request may take.
TOLERANCE = timedelta(minutes=5)


def is_signed(headers: Headers, body: bytes, secrets: tuple[str, ...], now: datetime) -> bool:
    """Whether one of the secrets signed just these bytes within the last five minutes."""
    name, told, signatures = (headers.get(each, "") for each in HEADERS)
    # More digits are a time beyond every calendar.
    if not name or not told.isascii() or not told.isdigit() or len(told) > 10:
        return False
    at = datetime.fromtimestamp(int(told), UTC)
    if abs(now - at) > TOLERANCE:
        return False
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    given = [each.encode("utf-8", "replace") for each in signatures.split(" ")[:10]]
    is_right = False
    for secret in secrets:
        expected = Signer(secret).sign(name, at, text).encode()
        for each in given:
            is_right |= hmac.compare_digest(each, expected)
    return is_right
