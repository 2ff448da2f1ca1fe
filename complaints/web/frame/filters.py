"""What templates may say without importing anything: times, money and words.

Everything here is plain Python on strings: lists call it hundreds of times a page.
"""

import re
from collections.abc import Iterable
from datetime import date, datetime, tzinfo

from flask import Flask
from flask_babel import gettext
from markupsafe import Markup, escape

from complaints import clock as wall
from complaints import formatting
from complaints.documents.reporting.words import scope_said, share_said
from complaints.domain.config.currency import Currency
from complaints.domain.permissions import Actor, Permission
from complaints.extensions import db
from complaints.queries.due_status import DueStatus, due_status_of
from complaints.queries.reports.words import EXITS
from complaints.queries.rules.versions import MOST_CLOCKS
from complaints.rulebook import current_rules
from complaints.web.frame import layout, translations, words
from complaints.web.frame.translations import lang, translated

#: A complaint's number among other words; a line ends before or after it, not at a hyphen of it.
_NUMBER = re.compile(r"[A-Z][A-Z0-9]*-\d{4}-\d{4,}")


def init_app(app: Flask) -> None:
    """Give the filters and globals to every template, also to imported macros."""
    app.jinja_env.filters.update(
        instant=instant,
        instant_short=instant_short,
        until_when=until_when,
        clock=clock,
        date=say_date,
        date_short=say_date_short,
        month=month,
        duration=duration,
        number=number,
        size=size,
        clocks=clocks,
        money=money,
        percent=percent,
        ratio=ratio,
        unbroken=unbroken,
    )
    translations.init_app(app)
    app.jinja_env.globals.update(
        Permission=Permission,
        lang=lang,
        label=label,
        currency=currency,
        layout=layout.page_layout,
        time_tag=time_tag,
        due_by=due_by,
        due_left=due_left,
        status_word=status_word,
        status_icon=status_icon,
        priority_word=priority_word,
        priority_icon=priority_icon,
        due_word=due_word,
        due_icon=due_icon,
        deadline_state_word=deadline_state_word,
        kind_word=kind_word,
        figure_word=figure_word,
        exception_word=exception_word,
        share_words=share_words,
        role_word=role_word,
        target_word=target_word,
    )


def instant(at: datetime, tz: tzinfo) -> str:
    """`Kamis, 19 November 2026, pukul 14.30 WIB`."""
    return formatting.say_instant(at, tz, lang())


def instant_short(at: datetime, tz: tzinfo) -> str:
    """`Kamis, 19 Nov, 14.30 WIB`."""
    return formatting.say_instant_short(at, tz, lang())


def until_when(at: datetime, tz: tzinfo) -> str:
    """Until when: only the clock time when that is today, the day with it otherwise."""
    is_today = at.astimezone(tz).date() == wall.now().astimezone(tz).date()
    return clock(at, tz) if is_today else instant_short(at, tz)


def clock(at: datetime, tz: tzinfo) -> str:
    """`14.30 WIB`."""
    return formatting.say_clock(at, tz, lang())


def say_date(day: date) -> str:
    """`Kamis, 19 November 2026`."""
    return formatting.say_date(day, lang())


def say_date_short(day: date) -> str:
    """`19 Nov 2026`."""
    return formatting.say_date_short(day, lang())


def month(day: date) -> str:
    """`November 2026`."""
    return formatting.say_month(day, lang())


def duration(seconds: int, is_worktime: bool = True) -> str:
    """`3 jam kerja`."""
    return formatting.say_duration(seconds, lang(), is_worktime=is_worktime)


def number(value: int) -> str:
    """`1.234`."""
    return formatting.say_number(value, lang())


def unbroken(words: str) -> Markup:
    """Words in which no complaint's number is broken at its hyphens at the end of a line."""
    return Markup(_NUMBER.sub(r'<span class="nowrap">\g<0></span>', str(escape(words))))


def size(count: int) -> str:
    """How large a file is."""
    return formatting.say_size(count, lang())


def clocks(count: int) -> str:
    """`234`; `1.000+` where clocks were counted no further."""
    return f"{number(MOST_CLOCKS)}+" if count > MOST_CLOCKS else number(count)


def money(amount: int) -> str:
    """`Rp1.250.000`, in the organisation's currency."""
    return formatting.say_money(amount, currency(), lang())


def currency() -> Currency:
    """The organisation's currency."""
    return current_rules(db.session).organisation.currency


def percent(share: float | None) -> str:
    """`97,5%` of a share between 0 and 1."""
    return formatting.say_percent(share, lang())


def ratio(value: float) -> str:
    """`0,45`: how many times one number is another."""
    return formatting.say_ratio(value, lang())


def time_tag(at: datetime, tz: tzinfo, short: bool = False) -> Markup:
    """The instant in words inside `<time datetime=…>`."""
    said = instant_short(at, tz) if short else instant(at, tz)
    return Markup(f'<time datetime="{at.isoformat()}">{escape(said)}</time>')


def due_by(at: datetime, branch_id: int, short: bool = False) -> Markup:
    """A deadline of a branch's complaint: the instant in words, and how long still or how late."""
    calendar = current_rules(db.session).calendar_of(branch_id).value
    left = due_status_of(calendar, None, at, None, wall.now()).say_left(lang())
    return Markup("{} · <span class=nowrap>{}</span>").format(
        time_tag(at, calendar.tz, short), left
    )


def due_left(how: DueStatus) -> str:
    """`3 jam kerja lagi`, `terlambat 2 jam kerja`, that the clock is paused, or was met."""
    if how.state == "paused":
        return due_word("paused").lower()
    if how.state == "met":
        return gettext("On time").lower()
    return how.say_left(lang())


def label(item: object) -> str:
    """The words of anything with `label_id` and `label_en`, as a row or as a mapping."""
    name = "label_en" if lang() == formatting.ENGLISH else "label_id"
    if isinstance(item, dict):
        return str(item.get(name, ""))
    return str(getattr(item, name, ""))


def status_word(status: str) -> str:
    """`Dalam penanganan`."""
    return translated(words.STATUSES[status][0])


def status_icon(status: str) -> str:
    """The name of the icon beside the status."""
    return words.STATUSES[status][1]


def priority_word(priority: str) -> str:
    """`Tinggi` for P2."""
    return translated(words.PRIORITIES[priority][0])


def priority_icon(priority: str) -> str:
    """The name of the icon beside the priority."""
    return words.PRIORITIES[priority][1]


def due_word(state: str) -> str:
    """`Terlambat`, of safe, nearing, late and paused."""
    return translated(words.DUE_STATES[state][0])


def due_icon(state: str) -> str:
    """The name of the icon beside a deadline."""
    return words.DUE_STATES[state][1]


def deadline_state_word(state: str) -> str:
    """`Terpenuhi`, of a stored deadline's five states."""
    return translated(words.DEADLINE_STATES[state])


def kind_word(kind: str) -> str:
    """`Penyelesaian`, of a kind of clock."""
    return translated(words.KINDS[kind]) if kind in words.KINDS else kind


def exception_word(kind: str) -> str:
    """`Perpanjangan`, of a kind of exit."""
    return translated(EXITS[kind]) if kind in EXITS else kind


def figure_word(figure: str) -> str:
    """What a figure of a report is called; its code when it has no name."""
    return translated(words.FIGURES[figure]) if figure in words.FIGURES else figure


def role_word(role: str) -> str:
    """`Supervisor`, of a role."""
    return translated(words.ROLES[role])


def scope_words(actor: Actor) -> str:
    """Said behind a count of which the reader sees a part only; empty for whoever sees all."""
    said = scope_said(actor, gettext)
    return f" {said}" if said else ""


def share_words(some: int, others: int) -> str:
    """`97,3%`, or `1 dari 1` of so few that a share says nothing; a dash of none."""
    return share_said(some, others, gettext, lang())


def options_of(pairs: Iterable[tuple[str, str]]) -> Markup:
    """`<option>` elements of (value, words), none of them chosen."""
    # A list has two hundred of them: `Markup.format` would be a tenth of its page.
    return Markup(
        "".join(
            f'<option value="{escape(value)}">{escape(words)}</option>' for value, words in pairs
        )
    )


def choose(options: Markup, value: str) -> Markup:
    """The same options with the one of this value chosen."""
    mark = str(Markup('value="{}"').format(value))
    return Markup(str(options).replace(f"{mark}>", f"{mark} selected>", 1)) if value else options


def target_word(target: str) -> str:
    """`supervisor`, of whom a rung of the ladder reaches."""
    role = target.removeprefix("role:")
    return role_word(role) if role != target else translated(words.TARGETS[target])
