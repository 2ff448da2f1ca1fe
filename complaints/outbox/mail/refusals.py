"""What a mail server's refusal means: never, or not now; and how the log may call it."""

import smtplib

from complaints.outbox.mail.envelope import BadAddress


def is_refused_receiver(error: Exception) -> bool:
    """Whether the server said of every receiver that there will never be such an address."""
    if isinstance(error, BadAddress):
        return True
    codes = _receiver_codes(error)
    return bool(codes) and all(code >= 500 for code in codes)


def is_refused_for_good(error: Exception) -> bool:
    """Whether the server will never take this message (5xx)."""
    return isinstance(error, smtplib.SMTPResponseException) and error.smtp_code >= 500


def reason_of(error: Exception) -> str:
    """The kind of error and the server's code; its words may hold an address."""
    codes = _receiver_codes(error)
    if codes:
        return f"{type(error).__name__} {min(codes)}"
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{type(error).__name__} {error.smtp_code}"
    return type(error).__name__


def _receiver_codes(error: Exception) -> list[int]:
    if not isinstance(error, smtplib.SMTPRecipientsRefused):
        return []
    return [code for code, _ in error.recipients.values()]
