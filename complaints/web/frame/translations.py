"""What pages say in the language of this request: `_` and `ngettext` of the templates.

A board says eight hundred texts. Jinja's own way asks the template's context three times for each
of them, and copies that context inside every loop; here each text is looked up once per language
and process.
"""

from flask import Flask, g
from flask_babel import get_domain, get_locale
from markupsafe import Markup

from complaints.formatting import INDONESIAN

_found: dict[tuple[str, str], Markup] = {}
_finished: dict[tuple[str, str], Markup] = {}


def init_app(app: Flask) -> None:
    """Give the words to every template, also to imported macros."""
    environment = app.jinja_env
    environment.newstyle_gettext = True  # type: ignore[attr-defined]
    environment.globals.update({"_": say, "gettext": say, "ngettext": say_number})


def lang() -> str:
    """`id` or `en`, the language of this page."""
    try:
        chosen = getattr(g._get_current_object().get("_flask_babel"), "babel_locale", None)
    except RuntimeError:
        return INDONESIAN
    # Asked a hundred times a page: what Flask-Babel has chosen already is read off.
    locale = chosen or get_locale()
    return locale.language if locale is not None else INDONESIAN


def translated(text: str) -> str:
    """The text in the language of this page, its placeholders as they stand."""
    return str(_look_up(lang(), text))


def say(text: str, /, **values: object) -> Markup:
    """The text with the values in its placeholders, escaped; `%%` is a percent sign."""
    language = lang()
    if values:
        return _look_up(language, text) % values
    finished = _finished.get((language, text))
    if finished is None:
        finished = _finished[language, text] = _look_up(language, text) % {}
    return finished


def say_number(one: str, many: str, num: int, /, **values: object) -> Markup:
    """The text that fits the count, which is `num` in it."""
    words = get_domain().get_translations().ungettext(one, many, num)
    return Markup(words) % {"num": num, **values}


def _look_up(language: str, text: str) -> Markup:
    found = _found.get((language, text))
    if found is None:
        found = Markup(get_domain().get_translations().ugettext(text))
        _found[language, text] = found
    return found
