"""A message shown to staff: its text, what it quotes folded, its page cleaned, its files named."""

from dataclasses import dataclass

from complaints.channels.email.cleaning import clean_page
from complaints.channels.email.reading import read_mail
from complaints.domain.mail.quoting import Folded, fold_quoted
from complaints.files.sniff import sniff

#: Pictures that browsers show and that hold no script; larger ones are not shown.
_PICTURES = ("image/png", "image/jpeg", "image/gif", "image/webp")
_MOST_BYTES = 5 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Shown:
    """What a page shows of a message; `page` is safe to be written into one."""

    text: str
    folded: Folded
    page: str
    files: tuple[str, ...]
    recipients: tuple[str, ...]


def show_message(raw: bytes, *, pictures_at: str, placeholder: str) -> Shown:
    """Read a message to be shown; its pictures lie behind `pictures_at` and their place.

    Plain text is left as it is, to be escaped by the page; a page is cleaned, and asks no other
    machine for anything.
    """
    mail = read_mail(raw, ())
    pictures = {
        each.content_id: f"{pictures_at}{place}"
        for place, each in enumerate(mail.attachments)
        if each.content_id and each.content_type in _PICTURES
    }
    page = clean_page(mail.html, pictures, placeholder) if mail.html.strip() else ""
    names = tuple(each.name for each in mail.attachments)
    return Shown(mail.text, fold_quoted(mail.text), page, names, mail.recipients[:20])


def picture_of(raw: bytes, place: int) -> tuple[str, bytes] | None:
    """A picture of a message: what its bytes say it is, and they; None for anything else."""
    files = read_mail(raw, ()).attachments
    if not 0 <= place < len(files) or not files[place].content_id:
        return None
    data = files[place].data()
    kind = sniff(data[:65_536], "")
    return (kind, data) if kind in _PICTURES and len(data) <= _MOST_BYTES else None
