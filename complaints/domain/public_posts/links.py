"""Whether two links lead to the same post, however they were copied."""

import hashlib
from urllib.parse import parse_qsl, urlencode, urlsplit

from complaints.domain.errors import N_, Invalid
from complaints.domain.words.folding import clean

LONGEST = 2_000
_UNUSABLE = N_("This is no link to a post. Copy its address from the browser: https://…")
#: The same site under another name, or for another screen.
_SAME_SITE = {"twitter.com": "x.com", "fb.com": "facebook.com"}
_SCREENS = ("www.", "m.", "mobile.", "mbasic.", "touch.", "web.")
#: What sites and browsers add to a link to see who passed it on.
_TRACKING = frozenset({"fbclid", "gclid", "igsh", "igshid", "mibextid", "ref_src", "ref_url"})
#: The same by names that say which post it is on other sites.
_TRACKING_OF = {
    "x.com": frozenset({"ref", "s", "share", "t"}),
    "facebook.com": frozenset({"rdid", "ref", "share"}),
    "instagram.com": frozenset({"rdid", "ref", "share"}),
}
_DEFAULT_PORTS = {"http": 80, "https": 443}


def read_link(typed: str) -> str:
    """The link as it is kept: a whole http(s) address without blanks; Invalid for anything else."""
    link = clean(typed)
    try:
        parts = urlsplit(link)
        host = parts.hostname or ""
        _ = parts.port
    except ValueError:
        raise Invalid(_UNUSABLE, field="link") from None
    is_whole = parts.scheme.lower() in ("http", "https") and "." in host
    leads_somewhere = parts.path.strip("/") or parts.query
    if not is_whole or not leads_somewhere or any(each.isspace() for each in link):
        raise Invalid(_UNUSABLE, field="link")
    if parts.username or parts.password:
        raise Invalid(_UNUSABLE, field="link")
    if len(link) > LONGEST:
        raise Invalid(
            N_("This text is too long (%(length)d characters; at most %(most)d). Shorten it."),
            field="link",
            length=len(link),
            most=LONGEST,
        )
    return link


def link_key(link: str) -> str:
    """What two links to the same post share, as 64 hex digits.

    Scheme, www, the part behind # where it is no address of its own and what only tells who passed
    it on make no difference; upper and lower case of the path, and a port of its own, do.
    """
    parts = urlsplit(link)
    host = (parts.hostname or "").rstrip(".")
    for screen in _SCREENS:
        if host.startswith(screen) and host.count(".") > 1:
            host = host.removeprefix(screen)
            break
    host = _SAME_SITE.get(host, host)
    dropped = _TRACKING | _TRACKING_OF.get(host, frozenset())
    named = (
        (name, value)
        for name, value in parse_qsl(parts.query, keep_blank_values=True)
        if name.lower() not in dropped and not name.lower().startswith("utm_")
    )
    # Values of the same name keep their order.
    kept = sorted(named, key=lambda pair: pair[0])
    is_own = parts.port not in (None, _DEFAULT_PORTS.get(parts.scheme.lower()))
    port = f":{parts.port}" if is_own else ""
    route = f"#{parts.fragment}" if parts.fragment.startswith(("/", "!")) else ""
    same = f"{host}{port}{parts.path.rstrip('/')}?{urlencode(kept)}{route}"
    return hashlib.sha256(same.encode()).hexdigest()
