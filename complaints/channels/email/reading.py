"""A raw message read with all we have: its text whatever it was written as, its files, its kind."""

from collections.abc import Collection
from dataclasses import replace

from complaints.channels.email.cleaning import words_of_page
from complaints.domain.mail.charset import clean_text
from complaints.domain.mail.message import MailMessage, read_message

#: What is guessed where a message names no character set that fits: those that people mail with.
_LIKELY = [
    "cp1252",
    "cp1250",
    "cp1251",
    "koi8_r",
    "cp1253",
    "cp1254",
    "cp1255",
    "cp1256",
    "cp874",
    "gb18030",
    "big5",
    "shift_jis",
    "euc_jp",
    "euc_kr",
    "utf_16",
]
#: So many bytes tell enough, and more take long.
_LOOKED_AT = 4_000


def read_mail(raw: bytes, own: Collection[str]) -> MailMessage:
    """The message; where it has no plain text, its page's words stand in `text`."""
    mail = read_message(raw, own=own, guess=guess_charset)
    if not mail.text.strip() and mail.html.strip():
        return replace(mail, text=clean_text(words_of_page(mail.html)))
    return mail


def guess_charset(data: bytes) -> str | None:
    """The likely character set of bytes that say none, or a wrong one."""
    # Reads its tables as it is imported, which most messages never need.
    from charset_normalizer import from_bytes

    found = from_bytes(data[:_LOOKED_AT], cp_isolation=_LIKELY).best()
    return found.encoding if found is not None else None
