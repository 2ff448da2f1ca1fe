"""Setting pages with typst: a form of `templates/documents` and data become a PDF or pictures.

Data goes in beside the form and never into it, so that nothing anybody wrote is read as typst.
Neither the network nor anything outside the folder of the forms is read.
"""

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Literal

import typst

from complaints.places import TEMPLATES

_FORMS = TEMPLATES / "documents"

Form = Literal["competence", "letter", "receipt", "report"]


def set_pdf(form: Form, data: Mapping[str, Any]) -> bytes:
    """The pages as one PDF; the same data makes the same bytes."""
    made = typst.compile(str(_FORMS / f"{form}.typ"), format="pdf", **_given(data))
    assert isinstance(made, bytes)
    return made


def set_pictures(form: Form, data: Mapping[str, Any], *, dots_per_inch: float = 110) -> list[bytes]:
    """Each page as a PNG."""
    made = typst.compile(
        str(_FORMS / f"{form}.typ"), format="png", ppi=dots_per_inch, **_given(data)
    )
    return [made] if isinstance(made, bytes) else list(made)


def _given(data: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "root": str(_FORMS),
        "font_paths": _fonts(),
        "sys_inputs": {"data": _sent(data)},
        # Nothing is fetched: forms name no package, and there is no folder to keep one in.
        "package_path": str(_FORMS),
        "package_cache_path": str(_FORMS),
    }


def _sent(data: Mapping[str, Any]) -> str:
    """As JSON; half a pair of UTF-16, which is no character, becomes a question mark."""
    return json.dumps(data, ensure_ascii=False).encode("utf-8", "replace").decode("utf-8")


@lru_cache(1)
def _fonts() -> Any:
    """The fonts that typst brings, and behind them this machine's for scripts it has none for."""
    return typst.Fonts(include_system_fonts=True, include_embedded_fonts=True)
