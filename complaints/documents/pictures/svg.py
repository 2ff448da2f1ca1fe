"""An SVG picture put together from shapes whose looks are named by class, never inline.

A page colours the classes by its theme. Whoever prints the picture alone gives it a stylesheet.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from xml.etree.ElementTree import Element, SubElement, tostring

#: Colours on paper, for pictures that stand on no page.
ON_PAPER = (
    "svg{font-family:'Libertinus Serif',serif}text{font-size:11px;fill:#222}.p-soft{fill:#555}"
    ".p-grid{stroke:#ddd}.p-axis{stroke:#888}.p-line{stroke:#0b5c5a;stroke-width:2;fill:none}"
    ".p-thin{stroke:#555;stroke-width:1.5;stroke-dasharray:4 3;fill:none}"
    ".p-target{stroke:#8a4b00;stroke-width:1.5;stroke-dasharray:1.5 3}.p-dot,.p-bar{fill:#0b5c5a}"
    ".p-few{fill:#fff;stroke:#0b5c5a;stroke-width:1.5}.p-track{fill:#eee}"
    ".p-touch{fill:none}.p-whisker{stroke:#0b5c5a;stroke-width:2}.p-bold{font-weight:bold}"
)


class Picture:
    """Shapes on a sheet of `width` × `height` units; a unit is a CSS pixel on a phone."""

    def __init__(self, width: float, height: float, title: str) -> None:
        self.root = Element(
            "svg",
            {
                "xmlns": "http://www.w3.org/2000/svg",
                "viewBox": f"0 0 {_short(width)} {_short(height)}",
                "role": "group",
                "aria-label": title,
                "class": "picture",
            },
        )
        self._into = self.root

    def line(self, x1: float, y1: float, x2: float, y2: float, look: str) -> None:
        """A straight line."""
        self._add("line", look, x1=x1, y1=y1, x2=x2, y2=y2)

    def rect(self, x: float, y: float, width: float, height: float, look: str) -> None:
        """A bar, slightly rounded."""
        self._add("rect", look, x=x, y=y, width=max(width, 0), height=height, rx=1.5)

    def dot(self, x: float, y: float, radius: float, look: str) -> None:
        """A round mark."""
        self._add("circle", look, cx=x, cy=y, r=radius)

    def path(self, points: list[tuple[float, float]], look: str) -> None:
        """Points joined by straight lines."""
        drawn = " ".join(f"{_short(x)},{_short(y)}" for x, y in points)
        SubElement(self._into, "polyline", {"points": drawn, "class": look})

    def words(self, x: float, y: float, said: str, look: str = "", anchor: str = "start") -> None:
        """A line of text from its base line."""
        attributes = {"x": _short(x), "y": _short(y), "text-anchor": anchor, "class": look}
        SubElement(self._into, "text", attributes).text = said

    @contextmanager
    def link(self, href: str, said: str) -> Iterator[None]:
        """What is drawn within leads there; `said` is read out and shown as a tip."""
        outer = self._into
        self._into = SubElement(outer, "a", {"href": href, "aria-label": said} if href else {})
        SubElement(self._into, "title").text = said
        yield
        self._into = outer

    def _add(self, name: str, look: str, **numbers: float) -> None:
        attributes = {key: _short(value) for key, value in numbers.items()}
        SubElement(self._into, name, {**attributes, "class": look})

    def __html__(self) -> str:
        """For templates; every text in it was escaped as it was put in."""
        return str(self)

    def __str__(self) -> str:
        return tostring(self.root, encoding="unicode")

    def on_paper(self) -> str:
        """The picture by itself, with the colours of paper and without its links."""
        alone = Element("svg", dict(self.root.attrib))
        SubElement(alone, "style").text = ON_PAPER
        alone.extend(list(self.root))
        return tostring(alone, encoding="unicode")


def _short(number: float) -> str:
    return f"{number:.2f}".rstrip("0").rstrip(".")
