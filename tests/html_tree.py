"""The tree of a page as the tests read it: selectors, attributes, words.

A thin reading view of what lexbor parsed, with the few words of it that tests use. Tests open some
ten thousand pages, and a parser written in Python was half of what each of them cost.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Self

from selectolax.lexbor import LexborHTMLParser, LexborNode


class Tag:
    """One element. `element["href"]` raises KeyError where there is none, `get` gives None."""

    __slots__ = ("_node", "attrs", "name")

    def __init__(self, node: LexborNode) -> None:
        self._node = node
        self.name = node.tag or ""
        #: An attribute without a value, such as `checked`, is the empty string.
        self.attrs: dict[str, str] = {key: value or "" for key, value in node.attributes.items()}

    def __getitem__(self, attribute: str) -> str:
        return self.attrs[attribute]

    def get(self, attribute: str, default: Any = None) -> Any:
        return self.attrs.get(attribute, default)

    def has_attr(self, attribute: str) -> bool:
        return attribute in self.attrs

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Tag) and self._node.mem_id == other._node.mem_id

    def __hash__(self) -> int:
        return hash(self._node.mem_id)

    def __str__(self) -> str:
        return self._node.html or ""

    __repr__ = __str__

    def select(self, selector: str) -> list[Tag]:
        """The elements within that fit, in the order of the page."""
        own = self._node.mem_id
        return [Tag(node) for node in self._node.css(selector) if node.mem_id != own]

    def select_one(self, selector: str) -> Tag | None:
        return next(iter(self.select(selector)), None)

    def find(self, selector: str) -> Tag | None:
        """The first element within of this name, or that fits this selector."""
        return self.select_one(selector)

    def everything(self) -> list[Tag]:
        """Every element within, in the order of the page."""
        own = self._node.mem_id
        return [
            Tag(node)
            for node in self._node.traverse()
            if node.is_element_node and node.mem_id != own
        ]

    def find_parent(self, name: str) -> Tag | None:
        """The nearest element around of this name."""
        around = self._node.parent
        while around is not None:
            if around.tag == name:
                return Tag(around)
            around = around.parent
        return None

    def texts(self) -> Iterator[str]:
        """Each piece of text within, as it stands; none of scripts, styles and comments."""
        for node in self._node.traverse(include_text=True):
            if node.is_text_node and node.parent.tag not in ("script", "style"):
                yield node.text_content or ""

    def get_text(self, separator: str = "", strip: bool = False) -> str:
        pieces = list(self.texts())
        if strip:
            pieces = [piece.strip() for piece in pieces if piece.strip()]
        return separator.join(pieces)

    @property
    def text(self) -> str:
        """All words within, as they stand."""
        return self.get_text()

    def without(self, *selectors: str) -> Self:
        """A copy from which what fits is taken out."""
        copied = type(self).of(str(self))
        for selector in selectors:
            for node in copied._node.css(selector):
                node.decompose()
        return copied

    @classmethod
    def of(cls, text: str | bytes) -> Self:
        """The element `html` of a page, or of a part of one."""
        return cls(LexborHTMLParser(text).root)
