"""What `complaints doctor` says of the mailboxes: whether each can be opened now."""

from collections.abc import Iterator

from complaints.channels.email.imap import TROUBLES, open_folder
from complaints.settings import Settings


def examine_mailboxes(settings: Settings) -> Iterator[tuple[bool, bool, str]]:
    """For each mailbox whether it is well, whether that is a warning, and what was seen.

    Nothing is read of the messages, and no password is told.
    """
    if not settings.mailboxes:
        what = "IMAP_URL names none; mail comes in by complaints intake alone"
        if settings.reply_address:
            what += f", and letters ask for answers at {settings.reply_address}"
        yield True, bool(settings.reply_address), what
        return
    for account in settings.mailboxes:
        try:
            with open_folder(account) as folder:
                how = "tells of new mail by itself" if folder.can_wait() else "is asked each minute"
            yield True, False, f"{account.name} can be read, and {how}"
        except TROUBLES as error:
            yield False, False, f"{account.name} cannot be read ({type(error).__name__})"
