"""The square code of a customer's link, where that link leads anywhere but to this machine."""

import io
from ipaddress import ip_address
from urllib.parse import urlsplit

import segno


def leads_out(base_url: str) -> bool:
    """Whether a telephone elsewhere can open what begins with this address."""
    host = urlsplit(base_url).hostname or ""
    try:
        address = ip_address(host)
    except ValueError:
        return bool(host) and host != "localhost" and not host.endswith(".localhost")
    return not (address.is_loopback or address.is_unspecified)


def code_of(link: str) -> str:
    """The drawing of a link; empty where nobody could open it."""
    if not leads_out(link):
        return ""
    drawing = io.BytesIO()
    segno.make(link, error="m").save(drawing, kind="svg", scale=4, border=1, dark="#000")
    return drawing.getvalue().decode("utf-8")
