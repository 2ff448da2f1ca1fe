"""Templates compiled once per language: what is known is put in, what is not is escaped."""

import pytest
from flask import Flask, render_template, render_template_string
from flask_babel import force_locale
from jinja2 import DictLoader
from markupsafe import Markup, escape
from werkzeug.local import LocalProxy

from complaints.web.frame.templates import plain


class Worded:
    """Something that says of itself how it is shown."""

    def __html__(self) -> str:
        return "<i>kata</i>"

    def __str__(self) -> str:
        return "other"


@pytest.mark.parametrize("value", ["a < b & 'c' \"d\"", Markup("<b>"), Worded(), None, 7, 1.5, "é"])
def test_a_value_is_shown_as_escape_says(value: object) -> None:
    assert plain(value) == escape(value)


def compiled(app: Flask, source: str) -> str:
    return app.jinja_env.compile(source, raw=True)


def test_what_is_known_stands_in_the_template(app: Flask) -> None:
    source = '<b>{{ _("Handler") }}</b>{{ icon("bell") }}{{ lang() }}'
    with app.test_request_context(), force_locale("id"):
        code = compiled(app, source)
        assert "<b>Penanggung jawab</b><svg" in code
        assert "environment.plain" not in code
        assert render_template_string(source).endswith("</svg>id")


def test_a_text_with_values_is_its_pieces(app: Flask) -> None:
    source = '{{ _("Open %(number)s", number=number) }}'
    with app.test_request_context(), force_locale("en"):
        assert "'Open '" in compiled(app, source)
        assert render_template_string(source, number="<1>") == "Open &lt;1&gt;"
        assert render_template_string("{% set x = " + source[3:-3] + " %}{{ x }}", number="<") == (
            "Open &lt;"
        )


def test_the_same_template_speaks_both_languages(app: Flask) -> None:
    app.jinja_env.loader = DictLoader(
        {
            "page": '{% extends "frame" %}{% block main %}{{ _("Handler") }}{% endblock %}',
            "frame": '{% import "macros" as m %}{{ m.say() }} {% block main %}{% endblock %}',
            "macros": '{% macro say() %}{{ _("Status") }}{% endmacro %}',
        }
    )
    with app.test_request_context():
        for _ in range(2):
            for language, handler in (("id", "Penanggung jawab"), ("en", "Handler")):
                with force_locale(language):
                    assert render_template("page") == f"Status {handler}"


def test_a_word_is_chosen_while_the_page_is_shown(app: Flask) -> None:
    source = '{{ _("Handler") if is_one else _("Status") }}{{ icon(name) }}'
    with app.test_request_context(), force_locale("en"):
        for is_one, said in ((True, "Handler"), (False, "Status")):
            shown = render_template_string(source, is_one=is_one, name="bell")
            assert shown.startswith(said + "<svg")


def test_nothing_that_pages_call_wants_the_context_of_a_template(app):
    """What is called is called plainly, without asking each time what it wants to know."""
    wanting = [
        name
        for name, each in app.jinja_env.globals.items()
        if type(each) is not LocalProxy and hasattr(each, "jinja_pass_arg")
    ]
    # Jinja's own words with a context, which no page says.
    assert set(wanting) == {"pgettext", "npgettext"}
