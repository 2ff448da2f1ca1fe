"""The square code of a customer's link."""

import io

import segno


def code_of(link: str) -> str:
    """The drawing of a link, as SVG; empty for none."""
    if not link:
        return ""
    drawing = io.BytesIO()
    segno.make(link, error="m").save(drawing, kind="svg", scale=4, border=1, dark="#000")
    return drawing.getvalue().decode("utf-8")
