"""API tokens, and what is kept of them."""

import hashlib
import secrets


def new_token() -> str:
    """A random API token with 256 bits; show it once, keep only `fingerprint` of it."""
    return "tgp_" + secrets.token_urlsafe(32)


def fingerprint(token: str) -> str:
    """What is stored of a token: its SHA-256 as hex; a random token needs no salt."""
    return hashlib.sha256(token.encode()).hexdigest()
