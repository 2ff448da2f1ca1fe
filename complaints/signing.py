"""What this installation signs: links, answers by mail, letters, devices, forms, the history.

itsdangerous derives a key of its own for each purpose and compares in constant time. Sessions and
forms are signed the same way, by Flask and Flask-WTF.
"""

import base64
import hashlib
import hmac
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from itsdangerous import BadSignature, Signer
from itsdangerous.signer import HMACAlgorithm

from complaints.domain.words.whole_number import whole_number

#: A signature of twenty bytes, in letters: links given out before there was a key for each purpose.
_SHORT_LETTERS = 27


class _ShortAlgorithm(HMACAlgorithm):
    """The first twenty bytes of the hash."""

    def get_signature(self, key: bytes, value: bytes) -> bytes:
        """Sign and cut."""
        return super().get_signature(key, value)[:20]


def follow_token(secret_key: str, complaint_id: int, nonce: str) -> str:
    """The token in a customer's link: the id and a signature that nobody can guess.

    Nothing of it rests in the database but the nonce; a new nonce makes old links void.
    """
    return f"{complaint_id}-{_sign(secret_key, 'follow-link', f'{complaint_id}:{nonce}')}"


def complaint_id_in(token: str) -> int | None:
    """The complaint a customer's token claims to open; None when it cannot be one."""
    digits, dash, signature = token.partition("-")
    return whole_number(digits) if dash and signature else None


def opens(secret_key: str, token: str, complaint_id: int, nonce: str) -> bool:
    """Whether the token opens the complaint; takes the same time whatever it is."""
    digits, _, signature = token.partition("-")
    if not nonce or digits != str(complaint_id):
        return False
    if len(signature) == _SHORT_LETTERS:
        value = f"follow:{complaint_id}:{nonce}"
        return _short_signer(secret_key).verify_signature(value, signature)
    return _signer(secret_key, "follow-link").verify_signature(f"{complaint_id}:{nonce}", signature)


def reply_address(secret_key: str, mailbox: str, complaint_id: int) -> str:
    """Where an answer about this complaint goes: `keluhan+<token>@…` for `keluhan@…`.

    The token says which complaint and that we wrote it, and opens no page. Mail servers may change
    the case of what stands before the @, so it is all of small letters.
    """
    name, _, host = mailbox.rpartition("@")
    return f"{name}+{complaint_id}-{_reply_mark(secret_key, complaint_id)}@{host}"


def complaint_id_of_reply(secret_key: str, address: str) -> int | None:
    """The complaint that mail to this address answers; None when it was not us who gave it out.

    That somebody has the address says that a letter of ours reached them or was passed on, and no
    more: who may speak for the customer is decided by whoever takes the mail in.
    """
    digits, dash, mark = address.rpartition("@")[0].rpartition("+")[2].lower().partition("-")
    complaint_id = whole_number(digits) if dash else None
    if complaint_id is None or str(complaint_id) != digits:
        return None
    ours = _reply_mark(secret_key, complaint_id)
    is_ours = hmac.compare_digest(mark.encode("utf-8", "replace"), ours.encode("ascii"))
    return complaint_id if is_ours else None


def _reply_mark(secret_key: str, complaint_id: int) -> str:
    """Sixteen bytes in letters and figures of one case: a local part holds 64 characters."""
    key = _signer(secret_key, "reply-address").derive_key()
    digest = hmac.digest(key, str(complaint_id).encode("ascii"), "sha256")
    return base64.b32encode(digest[:16]).decode("ascii").rstrip("=").lower()


def message_name(secret_key: str, key: str) -> str:
    """The name of the letter with this outbox key: always the same, guessed by nobody."""
    return _sign(secret_key, "message-id", key)


def webhook_secret(secret_key: str, nonce: str) -> str:
    """The secret of a webhook with this nonce, in the form of Standard Webhooks: 32 bytes.

    Nothing of it rests in the database but the nonce; a new nonce makes another secret.
    """
    key = _signer(secret_key, "webhook-secret").derive_key()
    return "whsec_" + b64encode(hmac.digest(key, nonce.encode(), "sha256")).decode("ascii")


def device_text(secret_key: str, device_id: str, user_ids: Sequence[int]) -> str:
    """What a browser keeps to be known again: its id and whose logins came from it, signed."""
    value = ".".join([device_id, *map(str, user_ids)])
    return _signer(secret_key, "known-device").sign(value).decode("ascii")


def read_device(secret_key: str, text: str) -> tuple[str, tuple[int, ...]] | None:
    """The id of a browser and the accounts it is known for; None when we did not write it."""
    try:
        value = _signer(secret_key, "known-device").unsign(text).decode("ascii")
    except (BadSignature, UnicodeError):
        return None
    device_id, *user_ids = value.split(".")
    return device_id, tuple(map(int, user_ids))


def form_stamp(secret_key: str, key: str, at: int) -> str:
    """The one-time key of a form that anybody may open, and the second in which it was given."""
    return _signer(secret_key, "public-form").sign(f"{key}.{at}").decode("ascii")


def read_form_stamp(secret_key: str, text: str) -> int | None:
    """The second in which the form was given; None when we did not give it."""
    try:
        value = _signer(secret_key, "public-form").unsign(text).decode("ascii")
    except (BadSignature, UnicodeError):
        return None
    return whole_number(value.rpartition(".")[2])


def told_here_text(secret_key: str, complaint_ids: Sequence[int]) -> str:
    """What a browser keeps of the complaints that were sent from it, signed."""
    value = ".".join(map(str, complaint_ids))
    return _signer(secret_key, "told-here").sign(value).decode("ascii")


def read_told_here(secret_key: str, text: str) -> tuple[int, ...]:
    """The complaints that were sent from a browser; none when we did not write it."""
    try:
        value = _signer(secret_key, "told-here").unsign(text).decode("ascii")
    except (BadSignature, UnicodeError):
        return ()
    return tuple(map(int, value.split(".")))


def kept_upload_text(secret_key: str, told: str) -> str:
    """What a form carries of a file that is stored and not yet attached, signed."""
    return _signer(secret_key, "kept-upload").sign(told.encode("ascii")).decode("ascii")


def read_kept_upload(secret_key: str, text: str) -> str | None:
    """What we let a form carry; None when we did not write it."""
    try:
        return _signer(secret_key, "kept-upload").unsign(text).decode("ascii")
    except (BadSignature, UnicodeError):
        return None


def pseudonym(purpose: str, value: str) -> str:
    """What stands for somebody's data where only its sameness matters; nobody else can make it.

    It changes with the key of the history. RuntimeError when the process was started without any.
    """
    told = f"{purpose}:{value}".encode(errors="surrogatepass")
    return hmac.digest(history_key().key, told, "sha256").hex()


def _sign(secret_key: str, purpose: str, value: str) -> str:
    return _signer(secret_key, purpose).get_signature(value).decode("ascii")


def _signer(secret_key: str, purpose: str) -> Signer:
    return Signer(secret_key, salt=purpose, key_derivation="hmac", digest_method=hashlib.sha256)


def _short_signer(secret_key: str) -> Signer:
    return Signer(secret_key, key_derivation="none", algorithm=_ShortAlgorithm(hashlib.sha256))


@dataclass(frozen=True, slots=True)
class HistoryKey:
    """A key of the history and the name under which entries say that it was used."""

    id: str
    key: bytes

    @classmethod
    def made_of(cls, secret: str) -> "HistoryKey":
        """The key that a secret stands for; its name gives nothing of it away."""
        key = hmac.digest(secret.encode(), b"history", "sha256")
        return cls(hmac.digest(key, b"name", "sha256").hex()[:8], key)


class _Ring:
    """The keys of this process, set once as it starts; the first one signs."""

    keys: tuple[HistoryKey, ...] = ()


def use_history_keys(secrets: Sequence[str]) -> None:
    """Sign what this process writes into the history with the first of these; all are known."""
    _Ring.keys = tuple(HistoryKey.made_of(secret) for secret in secrets)


def known_history_keys() -> Sequence[HistoryKey]:
    """The keys of this process, for another one that is to know them."""
    return _Ring.keys


def use_known_history_keys(keys: Sequence[HistoryKey]) -> None:
    """Know the keys of another process."""
    _Ring.keys = tuple(keys)


def history_key() -> HistoryKey:
    """The key that signs; RuntimeError when the process was started without any."""
    if not _Ring.keys:
        raise RuntimeError("no key of the history is set")
    return _Ring.keys[0]


def history_keys() -> Mapping[str, bytes]:
    """The keys that are known, by their names."""
    return {each.id: each.key for each in _Ring.keys}
