"""Pages that came by mail, made harmless: no script, no style, nothing fetched from elsewhere.

Plain text never comes through here: it is escaped where it is shown, and keeps every character.
"""

import re
from collections.abc import Mapping

import nh3

from complaints.domain.mail.html_text import text_of_html, text_without_tags

#: A longer page is cut, and one of more tags, or of tags deeper within each other, is read as text:
#: cleaning such pages takes seconds.
MOST_CHARACTERS = 300_000
MOST_TAGS = 20_000
DEEPEST = 200


def _names(told: str) -> frozenset[str]:
    return frozenset(told.split("|"))


_TAGS = _names(
    "a|abbr|address|article|b|blockquote|br|caption|center|code|col|colgroup|dd|del|div|dl|"
    "dt|em|font|h1|h2|h3|h4|h5|h6|hr|i|img|ins|li|ol|p|pre|q|s|section|small|span|strike|"
    "strong|sub|sup|table|tbody|td|tfoot|th|thead|tr|u|ul"
)
#: Gone with all that stands in them.
_CONTENTS = _names("head|title|style|script|noscript|template|svg|math|object|iframe")
_ATTRIBUTES = {
    "a": {"href"},
    "img": {"src", "alt"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
    "ol": {"start"},
}
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
_SINGLE = _names("area|base|br|col|embed|hr|img|input|link|meta|source|track|wbr")
_IMAGE = re.compile(r"<img\b[^>]*>")
_SOURCE = re.compile(r'\bsrc="([^"]*)"')
_LINK = re.compile(r"(<a\b[^>]*>|</a>)")
_HREF = re.compile(r'\bhref="([^"]*)"')
_ALT = re.compile(r'\balt="([^"]*)"')


def clean_page(page: str, pictures: Mapping[str, str], placeholder: str) -> str:
    """A page that may be shown: links are words, and pictures come from `pictures` only.

    `pictures` is Content-ID → the address of our file route; every other picture is replaced by
    `placeholder`, so that whoever looks at the page asks nobody else for anything.
    """
    if is_odd(page):
        return f"<pre>{nh3.clean_text(text_without_tags(page[:MOST_CHARACTERS]))}</pre>"
    cleaned = _cleaned(page)

    def picture(found: re.Match[str]) -> str:
        source = _SOURCE.search(found[0])
        told = source[1] if source else ""
        alt = _ALT.search(found[0])
        ours = pictures.get(told.removeprefix("cid:")) if told.startswith("cid:") else None
        if ours is not None:
            return f'<img src="{ours}" alt="{alt[1] if alt else ""}" loading="lazy">'
        return f"<span>[{placeholder}{': ' + alt[1] if alt and alt[1] else ''}]</span>"

    return _links_as_text(_IMAGE.sub(picture, cleaned))


def _links_as_text(cleaned: str) -> str:
    """Where a link leads stands behind its words, and nothing is opened by pressing them."""
    parts = _LINK.split(cleaned)
    out, leads = [parts[0]], [""]
    for tag, behind in zip(parts[1::2], parts[2::2], strict=True):
        if tag == "</a>":
            where = leads.pop() if len(leads) > 1 else ""
            out.append(f"</span>{f' [{where}]' if where else ''}{behind}")
        else:
            found = _HREF.search(tag)
            leads.append(found[1] if found else "")
            out.append(f"<span>{behind}")
    return "".join(out)


def words_of_page(page: str) -> str:
    """What a page says, as text."""
    if is_odd(page):
        return text_without_tags(page[:MOST_CHARACTERS])
    return text_of_html(_cleaned(page))


def is_odd(page: str) -> bool:
    """Whether a page is too large, or its tags too many or too deep, to be cleaned in time."""
    if len(page) > MOST_CHARACTERS or page.count("<") > MOST_TAGS:
        return True
    depth = deepest = 0
    for closing, tag in _TAG.findall(page):
        if tag.lower() not in _SINGLE:
            depth += -1 if closing else 1
            deepest = max(deepest, depth)
    return deepest > DEEPEST


def _cleaned(page: str) -> str:
    return nh3.clean(
        page,
        tags=set(_TAGS),
        clean_content_tags=set(_CONTENTS),
        attributes={tag: set(names) for tag, names in _ATTRIBUTES.items()},
        url_schemes={"http", "https", "mailto", "tel", "cid"},
        url_relative="deny",
        link_rel="noopener noreferrer nofollow",
        strip_comments=True,
    )
