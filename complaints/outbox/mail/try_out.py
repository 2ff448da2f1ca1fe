"""One short mail to somebody at work, to see whether mail leaves at all."""

from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, formataddr, make_msgid

from complaints.outbox.mail.envelope import one_line
from complaints.outbox.mail.transports import transport_for


def send_test_mail(
    smtp_url: str, *, sender: tuple[str, str], to: str, subject: str, text: str, at: datetime
) -> str:
    """Send it by the settings as they are; empty where it left, else what went wrong, in short.

    No password and no address of a server stands in what is said.
    """
    message = EmailMessage()
    message["From"] = formataddr((one_line(sender[0]), sender[1]))
    message["To"] = one_line(to)
    message["Subject"] = one_line(subject)
    message["Date"] = format_datetime(at)
    message["Message-ID"] = make_msgid(domain=sender[1].rpartition("@")[2] or "localhost")
    message.set_content(text)
    try:
        transport = transport_for(smtp_url)
        try:
            transport.send(message)
        finally:
            transport.close()
    except Exception as error:
        # Whatever a mail server may do wrong, whoever asked wants to know that it was that.
        return type(error).__name__
    return ""
