"""What templates say: in the language of the moment, values escaped, `%` a format."""

import pytest
from flask import Flask, render_template_string
from flask_babel import force_locale
from markupsafe import Markup

SAY = '{{ _("level %(level)s", level=level) }}'
COUNT = '{{ ngettext("%(num)d failed login", "%(num)d failed logins", count) }}'


@pytest.mark.parametrize(("language", "said"), [("id", "tingkat 2"), ("en", "level 2")])
def test_the_language_of_the_moment_is_spoken(app: Flask, language: str, said: str) -> None:
    with app.test_request_context(), force_locale(language):
        assert render_template_string(SAY, level=2) == said


def test_another_language_is_spoken_in_the_same_request(app: Flask) -> None:
    with app.test_request_context():
        for language, said in (("en", "Handler"), ("id", "Penanggung jawab"), ("en", "Handler")):
            with force_locale(language):
                assert render_template_string('{{ _("Handler") }}') == said


def test_values_are_escaped_and_markup_is_kept(app: Flask) -> None:
    with app.test_request_context(), force_locale("en"):
        assert render_template_string(SAY, level="<b>") == "level &lt;b&gt;"
        assert render_template_string(SAY, level=Markup("<b>")) == "level <b>"


def test_a_loop_says_each_value(app: Flask) -> None:
    loop = "{% for level in levels %}" + SAY + ";{% endfor %}"
    with app.test_request_context(), force_locale("en"):
        assert render_template_string(loop, levels=[1, 2]) == "level 1;level 2;"


def test_two_percent_signs_are_one(app: Flask) -> None:
    with app.test_request_context(), force_locale("en"):
        assert render_template_string('{{ _("100%% sure") }}') == "100% sure"
        assert render_template_string('{{ _("100%% sure") }}') == "100% sure"


@pytest.mark.parametrize(("count", "said"), [(1, "1 failed login"), (3, "3 failed logins")])
def test_a_count_chooses_its_text(app: Flask, count: int, said: str) -> None:
    with app.test_request_context(), force_locale("en"):
        assert render_template_string(COUNT, count=count) == said
