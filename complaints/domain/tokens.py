"""Secrets that open doors: the customer's link, API tokens, and what is kept of them."""

import base64
import hashlib
import hmac
import secrets


def new_token() -> str:
    """A random API token with 256 bits; show it once, keep only `fingerprint` of it."""
    return "tgp_" + secrets.token_urlsafe(32)


def fingerprint(token: str) -> str:
    """What is stored of a token: its SHA-256 as hex; a random token needs no salt."""
    return hashlib.sha256(token.encode()).hexdigest()


def follow_token(key: str, complaint_id: int, nonce: str) -> str:
    """The token in a customer's link: the id and a keyed hash that nobody can guess.

    Nothing of it rests in the database but the nonce; a new nonce makes old links void.
    """
    mac = hmac.new(key.encode(), f"follow:{complaint_id}:{nonce}".encode(), hashlib.sha256)
    return f"{complaint_id}-{base64.urlsafe_b64encode(mac.digest()[:20]).decode().rstrip('=')}"


def complaint_id_in(token: str) -> int | None:
    """The complaint a customer's token claims to open; None when it cannot be one."""
    digits, dash, mac = token.partition("-")
    if not (dash and mac and digits.isascii() and digits.isdigit() and len(digits) < 10):
        return None
    return int(digits)


def opens(key: str, token: str, complaint_id: int, nonce: str) -> bool:
    """Whether the token opens the complaint; takes the same time whatever it is."""
    return bool(nonce) and hmac.compare_digest(
        token.encode(), follow_token(key, complaint_id, nonce).encode()
    )
