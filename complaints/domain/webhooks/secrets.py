"""Secrets of Standard Webhooks as they are typed: taken in their strict form or not at all.

The library that signs takes any text for base64 and then has another key than everybody else.
"""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass

PREFIX = "whsec_"
#: Bytes of a secret, as the standard has it.
SHORTEST, LONGEST = 24, 64


@dataclass(frozen=True, slots=True)
class InboundRule:
    """What a messenger or a telephone system signs with, and whose complaints come of it.

    `branch` is a branch's code, empty for the first one; of several `secrets` any one will do.
    """

    branch: str
    secrets: tuple[str, ...]


def check_secret(text: str) -> str:
    """A secret as it was typed; ValueError when it is none, without saying what it was."""
    try:
        key = base64.b64decode(text.removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if not text.startswith(PREFIX) or not SHORTEST <= len(key) <= LONGEST:
        raise ValueError(f"a secret is {PREFIX} and base64 of {SHORTEST} to {LONGEST} bytes")
    return text


def read_inbound(text: str) -> Mapping[str, InboundRule]:
    """Channels and their secrets, ``whatsapp=whsec_…,call@MKS=whsec_…``; ValueError says what not.

    A channel that comes twice takes either secret, which is how one is renewed.
    """
    found: dict[str, InboundRule] = {}
    for each in filter(None, map(str.strip, text.split(","))):
        place, _, secret = each.partition("=")
        channel, _, branch = place.strip().partition("@")
        if not channel:
            raise ValueError("each secret stands behind its channel, as in whatsapp=whsec_…")
        known = found.get(channel, InboundRule(branch, ()))
        if known.branch != branch:
            raise ValueError(f"channel {channel[:60]} is of one branch")
        found[channel] = InboundRule(branch, (*known.secrets, check_secret(secret.strip())))
    return found
