"""The words of a cleaned page as plain text: paragraphs, lists and quotes as mail writes them.

Only for pages that were cleaned before: of others the parser of the standard library may take long.
"""

import re
from html.parser import HTMLParser


def _names(told: str) -> frozenset[str]:
    return frozenset(told.split("|"))


_BLOCKS = _names(
    "address|article|aside|blockquote|center|dd|div|dl|dt|fieldset|figure|footer|form|h1|"
    "h2|h3|h4|h5|h6|header|hr|li|main|nav|ol|p|pre|section|table|tbody|td|tfoot|th|thead|"
    "tr|ul"
)
_PARAGRAPHS = _names("p|blockquote|h1|h2|h3|h4|h5|h6|table|ul|ol")
_TAG = re.compile(r"<[^<>]{0,4000}>")


class _Text(HTMLParser):
    """Gathers the text; `depth` is how many quotes are open."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[str] = [""]
        self.depth = 0
        self.is_pre = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "br":
            self.lines.append(self._mark())
        elif tag in _BLOCKS:
            self._break(tag in _PARAGRAPHS)
        if tag == "blockquote":
            self.depth += 1
            self.lines[-1] = self._mark()
        elif tag == "li":
            self.lines[-1] += "- "
        elif tag == "pre":
            self.is_pre += 1
        elif tag == "img":
            alt = dict(attrs).get("alt") or ""
            self.handle_data(f"[{alt.strip()}]" if alt.strip() else "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "blockquote" and self.depth:
            self.depth -= 1
        if tag == "pre" and self.is_pre:
            self.is_pre -= 1
        if tag in _BLOCKS:
            self._break(tag in _PARAGRAPHS)

    def handle_data(self, data: str) -> None:
        if self.is_pre:
            first, *more = data.split("\n")
            self.lines[-1] += first
            self.lines += [self._mark() + each for each in more]
            return
        words = " ".join(data.replace("\xa0", " ").split())
        if not words:
            self._space(data)
            return
        if data[:1].isspace():
            self._space(data)
        self.lines[-1] += words
        if data[-1:].isspace():
            self._space(data)

    def _space(self, data: str) -> None:
        if data and self.lines[-1].strip("> ") and not self.lines[-1].endswith(" "):
            self.lines[-1] += " "

    def _mark(self) -> str:
        return f"{'>' * self.depth} " if self.depth else ""

    def _break(self, is_paragraph: bool) -> None:
        if self.lines[-1].strip("> "):
            self.lines.append("")
        self.lines[-1] = self._mark()
        if is_paragraph and len(self.lines) > 1 and self.lines[-2].strip("> "):
            self.lines.append(self._mark())


def text_of_html(cleaned: str) -> str:
    """The text of a page that was cleaned; no more than two line ends stand together."""
    reader = _Text()
    reader.feed(cleaned)
    reader.close()
    lines = [each.rstrip() for each in reader.lines]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def text_without_tags(page: str) -> str:
    """The words of a page too odd to be cleaned: everything between < and > is left out."""
    return re.sub(r"\s*\n\s*", "\n", _TAG.sub(" ", page)).strip()
