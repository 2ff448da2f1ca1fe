"""API tokens: what is kept of them, and what they may be used for."""

import hashlib
import secrets

from complaints.domain.errors import N_, Invalid

#: What a token may do; one that names nothing may do both.
SCOPES = ("read", "write", "inbound")


def new_token() -> str:
    """A random API token with 256 bits; show it once, keep only `fingerprint` of it."""
    return "tgp_" + secrets.token_urlsafe(32)


def fingerprint(token: str) -> str:
    """What is stored of a token: its SHA-256 as hex; a random token needs no salt."""
    return hashlib.sha256(token.encode()).hexdigest()


def read_scope(text: str) -> str:
    """Scopes as they are kept, of words parted by spaces or commas; Invalid for an unknown one."""
    named = text.replace(",", " ").split()
    unknown = [each for each in named if each not in SCOPES]
    if unknown:
        raise Invalid(
            N_("There is no scope %(scope)s. Known scopes: %(known)s."),
            field="scope",
            scope=unknown[0][:40],
            known=", ".join(SCOPES),
        )
    return "" if "write" in named else " ".join(sorted(set(named)))


def only_hands_in(scope: str) -> bool:
    """Whether a token of this scope is good for handing in messages and nothing else."""
    return scope.replace(",", " ").split() == ["inbound"]


def may_hand_in(scope: str) -> bool:
    """Whether messages may be handed in with a token of this scope."""
    return not reads_only(scope) or "inbound" in scope.replace(",", " ").split()


def reads_only(scope: str) -> bool:
    """Whether a token of this scope may change nothing."""
    named = scope.replace(",", " ").split()
    return bool(named) and "write" not in named
