"""What kind of message it is, by what stands in its headers: a person's, or a machine's.

Machines are never answered, and what they send opens no complaint.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from email.message import Message
from enum import StrEnum
from typing import Any

from complaints.domain.mail.bounces import is_delivery_report
from complaints.domain.mail.headers import Headers
from complaints.domain.mail.parts import MailPart, parameter


class Kind(StrEnum):
    """Who or what a message is from."""

    PERSON = "person"
    BOUNCE = "bounce"
    AUTO_REPLY = "auto_reply"
    LIST = "list"
    OWN = "own"


@dataclass(frozen=True, slots=True)
class Verdict:
    """A kind, and the sign by which it was known; empty for a person."""

    kind: Kind
    sign: str = ""


#: Local parts of what only programs write from.
_DAEMONS = re.compile(
    r"^(mailer[-_.]?daemon|mail[-_.]?daemon|post[-_.]?master|mdaemon|mail-?system|bounces?|"
    r"double-bounce|mailadmin|mail-?administrator)\b",
    re.IGNORECASE,
)
_DAEMON_NAMES = re.compile(
    r"\b(mail delivery (sub)?system|mailer[- ]daemon|mail delivery agent|mail administrator|"
    r"postmaster|message router submission agent|mail system)\b",
    re.IGNORECASE,
)
_FAILED = re.compile(
    r"(undeliver|returned mail|return(ed)? to sender|delivery (status )?"
    r"(notification|failure|failed|report|has failed|incomplete|problem|delay|unsuccessful)|"
    r"failure (notice|notification)|mail delivery|non[- ]?deliver|not delivered|"
    r"could(n.t| not) be delivered|cannot be delivered|failed (delivery|mail)|mail (system )?error|"
    r"nondeliverable|warning: could not send|message (delayed|not delivered|status)|"
    r"user unknown|mailbox (full|unavailable)|rejected:|tidak terkirim|gagal terkirim|"
    r"delivery error|error sending|bounce)",
    re.IGNORECASE,
)
_EVIDENCE = re.compile(
    r"(^|\W)([45]\d\d[ -]|#?[45]\.\d{1,3}\.\d{1,3}\b|user (is )?unknown|unknown user|"
    r"no such (user|recipient)|mailbox|not (be )?deliver|undeliver|recipient|quota|"
    r"original message|message-id:)",
    re.IGNORECASE,
)
_AUTOMATIC = re.compile(
    r"^\s*((automatic|automated|auto)[- ]?(reply|response|respon[sd]er?)|autoreply|autoresponse|"
    r"out[- ]of[- ]office|out of the office|ooo|vacation (reply|notice)|"
    r"(balasan|jawaban|respons?) otomatis|abwesenheit(snotiz)?|auto)\s*[:\]]",
    re.IGNORECASE,
)
#: How a large mail service says that somebody pressed "junk".
_FEEDBACK = re.compile(r"^\s*complaint about message from [0-9a-f.:]+\s*$", re.IGNORECASE)
#: How another says in JSON what became of a letter.
_NOTIFICATION = re.compile(r'\\?"notificationType\\?"\s*:\s*\\?"(Bounce|Complaint|Delivery)')
_LISTS = ("list-id", "list-post", "list-help", "mailing-list", "x-mailing-list")
_ANSWERING = (
    "x-autoreply",
    "x-autorespond",
    "x-autoresponse",
    "x-autoresponder",
    "x-mail-autoreply",
)
_BULK = ("list", "bulk", "junk")


def classify(
    message: "Message[Any, Any]",
    headers: Headers,
    parts: Sequence[MailPart],
    text: str,
    own: Collection[str],
) -> Verdict:
    """What a message is; `own` are the addresses from which only we write, in small letters.

    Reports on delivery come first: they are from programs whatever else stands there.
    """
    report = parameter(message, "report-type").lower()
    return (
        _bounce(message, headers, parts, text, report)
        or _own(headers, own)
        or _automatic(message, headers, report)
        or _list(headers, own)
        or Verdict(Kind.PERSON)
    )


def _own(headers: Headers, own: Collection[str]) -> Verdict | None:
    if headers.sender().address in own:
        return Verdict(Kind.OWN, "from")
    return None


def _bounce(
    message: "Message[Any, Any]",
    headers: Headers,
    parts: Sequence[MailPart],
    text: str,
    report: str,
) -> Verdict | None:
    sender = headers.sender()
    if is_delivery_report(message, report):
        return Verdict(Kind.BOUNCE, "report")
    if any(each.content_type == "message/delivery-status" for each in parts):
        return Verdict(Kind.BOUNCE, "delivery-status")
    if sender.domain.endswith("amazonaws.com") and _NOTIFICATION.search(text[:4_000]):
        return Verdict(Kind.BOUNCE, "notification")
    if headers.has("x-failed-recipients"):
        return Verdict(Kind.BOUNCE, "x-failed-recipients")
    submitted = headers.get("auto-submitted").lower()
    local = sender.address.partition("@")[0] or sender.name
    is_automatic = submitted.startswith("auto-replied") or _has_answering_header(headers)
    is_daemon = bool(_DAEMONS.match(local) or _DAEMON_NAMES.search(sender.name))
    if is_daemon and not (is_automatic and not _FAILED.search(headers.get("subject"))):
        return Verdict(Kind.BOUNCE, "from")
    if any(each.strip() == "<>" for each in headers.all("return-path")) and not is_automatic:
        return Verdict(Kind.BOUNCE, "return-path")
    subject = headers.get("subject")
    is_answer = re.match(r"^\s*(re|bls|balas|fw|fwd)\s*:", subject, re.IGNORECASE)
    has_ids = headers.has("in-reply-to") and is_answer
    if _FAILED.search(subject) and not has_ids and _sent_back(parts, text):
        return Verdict(Kind.BOUNCE, "words")
    return None


def _sent_back(parts: Sequence[MailPart], text: str) -> bool:
    """Whether a letter was sent back, attached or in the words, with what a server said of it."""
    has_original = any(
        each.content_type in ("message/rfc822", "text/rfc822-headers") for each in parts
    )
    quoted = re.search(r"^[>\s]*(message-id|received):\s*\S", text[:60_000], re.I | re.M)
    return bool((has_original or quoted) and _EVIDENCE.search(text[:60_000]))


def _automatic(message: "Message[Any, Any]", headers: Headers, report: str) -> Verdict | None:
    if report == "disposition-notification":
        return Verdict(Kind.AUTO_REPLY, "read receipt")
    if report == "feedback-report" or _FEEDBACK.match(headers.get("subject")):
        return Verdict(Kind.LIST, "feedback-report")
    submitted = headers.get("auto-submitted").partition(";")[0].strip().lower()
    if submitted and submitted != "no":
        return Verdict(Kind.AUTO_REPLY, "auto-submitted")
    if _has_answering_header(headers):
        return Verdict(Kind.AUTO_REPLY, "x-autoreply")
    if headers.get("precedence").strip().lower() in ("auto_reply", "auto-reply"):
        return Verdict(Kind.AUTO_REPLY, "precedence")
    if _AUTOMATIC.match(headers.get("subject")):
        return Verdict(Kind.AUTO_REPLY, "subject")
    return None


def _has_answering_header(headers: Headers) -> bool:
    """Whether a responder says of itself that it is one. How it wants to be answered is no sign."""
    for name in _ANSWERING:
        if headers.has(name) and headers.get(name).strip().lower() not in ("no", "false"):
            return True
    return False


def _list(headers: Headers, own: Collection[str]) -> Verdict | None:
    """Mail of a list; a group whose address is one of ours hands customers' mail on."""
    ours = {each.replace("@", ".") for each in own} | set(own)
    for name in _LISTS:
        told = headers.get(name).lower()
        if told and not any(each in told for each in ours):
            return Verdict(Kind.LIST, name)
        if told:
            return None
    if headers.get("precedence").strip().lower() in _BULK:
        return Verdict(Kind.LIST, "precedence")
    return None
