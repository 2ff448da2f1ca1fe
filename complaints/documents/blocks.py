"""What stands in a letter, read from its page: paragraphs, lists and rows with their text.

A letter is written once, in `templates/letters`; on paper stands the same.
"""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

#: Elements that begin and end a block, a cell or an item.
_BLOCKS = ("p", "li", "th", "td", "ul", "ol", "table", "tr", "div", "body", "h1", "h2")
_PASSED_OVER = ("head", "style", "script", "title")


@dataclass
class _Run:
    text: str
    bold: bool
    link: str


@dataclass
class _Reader(HTMLParser):
    """Collects blocks; knows the elements that our own letters use, and takes others for text."""

    blocks: list[dict[str, Any]] = field(default_factory=list)
    _runs: list[_Run] = field(default_factory=list)
    _bold: int = 0
    _kept: bool = False
    _hidden: int = 0
    _link: str = ""

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a block, or note how the text that follows is to look."""
        given = {name: value or "" for name, value in attrs}
        if tag in _PASSED_OVER:
            self._hidden += 1
        elif tag in ("strong", "b"):
            self._bold += 1
        elif tag == "a":
            self._link = given.get("href", "")
        elif tag == "br":
            self._runs.append(_Run("\n", False, ""))
        elif tag in ("ul", "ol"):
            kind = "numbered" if tag == "ol" else "list"
            self.blocks.append({"kind": kind, "items": []})
        elif tag == "table":
            self.blocks.append({"kind": "rows", "rows": []})
        if tag in _BLOCKS:
            self._runs = []
            self._kept = "pre-line" in given.get("style", "")

    def handle_endtag(self, tag: str) -> None:
        """End a block: what was collected goes where it belongs."""
        if tag in _PASSED_OVER:
            self._hidden -= 1
        elif tag in ("strong", "b"):
            self._bold -= 1
        elif tag == "a":
            self._link = ""
        elif tag in ("p", "h1", "h2"):
            runs = self._take()
            if runs:
                is_heading = all(each["bold"] for each in runs)
                self.blocks.append({"kind": "text", "runs": runs, "sticky": is_heading})
        elif tag == "li":
            self.blocks[-1]["items"].append(self._take())
        elif tag == "th":
            self.blocks[-1]["rows"].append([self._take(), []])
        elif tag == "td":
            self.blocks[-1]["rows"][-1][1] = self._take()

    def handle_data(self, data: str) -> None:
        """Text; its line breaks count where the page keeps them."""
        if self._hidden:
            return
        said = data if self._kept else _single_spaced(data)
        self._runs.append(_Run(said, self._bold > 0, self._link))

    def _take(self) -> list[dict[str, Any]]:
        runs, self._runs = self._runs, []
        while runs and not runs[0].text.strip():
            runs.pop(0)
        while runs and not runs[-1].text.strip():
            runs.pop()
        if runs:
            runs[0].text = runs[0].text.lstrip()
            runs[-1].text = runs[-1].text.rstrip()
        return [{"text": each.text, "bold": each.bold, "link": each.link} for each in runs]


def blocks_of(html: str) -> list[dict[str, Any]]:
    """The blocks of a letter's page in their order, as the forms of typst take them."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.blocks


def _single_spaced(text: str) -> str:
    words = " ".join(text.split())
    before = " " if text[:1].isspace() and words else ""
    after = " " if text[-1:].isspace() and words else ""
    return f"{before}{words}{after}"
