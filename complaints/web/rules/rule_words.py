"""The rules in words: what a clause counts, what starts it, whom it is for, how sure its source is.

Labels of the organisation's own codes come from the rule book; nothing is decided here.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from flask_babel import get_locale, gettext, ngettext

from complaints.domain.clauses import Clause
from complaints.domain.config.policy_about import Body, PolicyAbout
from complaints.domain.errors import N_
from complaints.domain.escalation import Rung, TopReminder
from complaints.domain.worktime.durations import Counting
from complaints.domain.worktime.opening import Reason
from complaints.domain.worktime.walltime import WEEKDAYS, parse_wall
from complaints.formatting import ENGLISH, say_date, weekday_names
from complaints.rulebook import RuleBook
from complaints.web.frame.filters import kind_word, label, priority_word, target_word
from complaints.web.frame.translations import lang

#: evidence → (word, what it means)
EVIDENCE: Mapping[str, tuple[str, str]] = {
    "sourced": (N_("from a source"), N_("Found in a public source.")),
    "partly": (N_("partly from a source"), N_("A part of it was found in a public source.")),
    "memory": (N_("not verified"), N_("Check it before you rely on it.")),
    "ours": (N_("default"), N_("A default of this product or of your organisation.")),
}

STATUSES: Mapping[str, str] = {
    "in_force": N_("in force"),
    "voluntary": N_("voluntary"),
    "practice": N_("practice in the field"),
    "superseded": N_("replaced by a newer rule"),
}

#: What starts a clock; rules name starting points of their own beside ours.
STARTS: Mapping[str, str] = {
    "received": N_("when the complaint is received"),
    "registered": N_("when the complaint is registered"),
    "routed": N_("when it is sent to a unit"),
    "last_contact": N_("at each answer of ours to the customer"),
    "solution_accepted": N_("when the customer accepts the solution"),
    "reopened": N_("when it is reopened"),
    "documents_complete": N_("when the documents are complete"),
    "documents_requested": N_("when documents are asked for"),
    "response_uploaded": N_("when the answer is uploaded"),
    "provider_outcome_given": N_("when the provider has given the outcome"),
    "transaction_date": N_("on the date of the transaction"),
    "suit_received": N_("when the suit is received"),
    "decision_notified": N_("when the decision is communicated"),
    "breach_known": N_("when the breach becomes known"),
    "request_received": N_("when the request is received"),
    "replied": N_("when we have replied"),
    "reply_given": N_("when we have replied"),
    "appointment": N_("at the hour agreed for the visit"),
    "call_arrived": N_("when the call arrives"),
    "approved": N_("when the application is approved"),
    "final_sent": N_("when the final answer is sent"),
    "sent_to_company": N_("when it is sent to the company"),
    "response_given": N_("when the company has answered"),
    "administration_finished": N_("when the provider's own administration is finished"),
    "authority_letter": N_("from the authority's letter"),
    "event_happened": N_("when the event itself happened"),
    "objection_period_ended": N_("when the time for objections has ended"),
    "objection_received": N_("when the objection is received"),
}

#: start_evidence → how sure it is from when a time limit counts.
START_EVIDENCE: Mapping[str, str] = {
    "ours": N_("The rule names no starting moment; this one is our reading of it."),
    "disputed": N_("The sources differ on the starting moment; check it before you rely on it."),
    "unknown": N_("No source was found for the starting moment; this one is assumed."),
}

#: The letters of which a rule says what they must contain.
LETTERS: Mapping[str, str] = {
    "receipt": N_("Receipt"),
    "acknowledgement": N_("Written acknowledgement"),
    "documents_asked": N_("Request for documents"),
    "summary_resolution": N_("Summary of a quick resolution"),
    "final": N_("Final answer"),
    "extension": N_("Extension"),
    "refusal": N_("Refusal"),
    "adr": N_("Letter on the dispute body"),
    "breach": N_("Notification of a data breach"),
}

#: unit → (Indonesian, one in English, several in English)
_UNITS: Mapping[str, tuple[str, str, str]] = {
    "working_day": ("hari kerja", "working day", "working days"),
    "working_hour": ("jam kerja", "working hour", "working hours"),
    "working_minute": ("menit kerja", "working minute", "working minutes"),
    "calendar_day": ("hari kalender", "calendar day", "calendar days"),
    "second": ("detik", "second", "seconds"),
    "minute": ("menit", "minute", "minutes"),
    "hour": ("jam", "hour", "hours"),
    "week": ("minggu", "week", "weeks"),
    "month": ("bulan", "month", "months"),
}

#: sectors as the policies name them → words
SECTORS: Mapping[str, str] = {
    "airlines": N_("airlines"),
    "any": N_("every sector"),
    "consumer finance": N_("consumer finance"),
    "financial services": N_("financial services"),
    "payment services": N_("payment services"),
    "payment systems, money changers": N_("payment systems and money changers"),
    "hospital": N_("hospitals"),
    "hospital and referral clinics": N_("hospitals and referral clinics"),
    "public service": N_("public services"),
    "telecom": N_("telecommunications"),
    "telecom, fixed broadband": N_("telecommunications, fixed broadband"),
    "telecom, fixed network": N_("telecommunications, fixed network"),
    "telecom, fixed network and internet access": N_(
        "telecommunications, fixed network and internet access"
    ),
    "telecom, internet access": N_("telecommunications, internet access"),
}

REASONS: Mapping[Reason, str] = {
    Reason.HOLIDAY: N_("holiday"),
    Reason.WEEKLY: N_("closed every week on this day"),
    Reason.SHIFT: N_("special hours on this date"),
    Reason.BREAK: N_("with a closure on this date"),
    Reason.CLOCK_CHANGE: N_("the clocks change on this date"),
    Reason.OUTSIDE_HOURS: N_("after closing time"),
}


def say_amount(count: int, unit: str) -> str:
    """`3 hari kerja`, `1 working day`."""
    indonesian, one, several = _UNITS[unit]
    if lang() == ENGLISH:
        return f"{count} {one if count == 1 else several}"
    return f"{count} {indonesian}"


def say_exact(seconds: int, is_worktime: bool = True) -> str:
    """`6 jam 45 menit kerja`: to the second, for people who add up."""
    hours, rest = divmod(seconds, 3600)
    amounts = [(hours, "hour"), (rest // 60, "minute"), (rest % 60, "second")]
    said = [say_amount(count, unit) for count, unit in amounts if count]
    words = " ".join(said or [say_amount(0, "minute")])
    return f"{words} kerja" if is_worktime and lang() != ENGLISH else words


def unit_choice(unit: str) -> str:
    """`hari kerja`, as a choice in a list."""
    return _UNITS[unit][2 if lang() == ENGLISH else 0]


def say_clause(clause: Clause) -> str:
    """`3 hari kerja, sampai tutup hari itu`."""
    amount = say_amount(clause.duration, clause.unit)
    if clause.counting is Counting.DAY_AFTER_RECEIPT:
        return gettext(
            "%(amount)s from the next day on, until closing of the last day", amount=amount
        )
    if clause.end_of_day:
        return gettext("%(amount)s, until closing of that day", amount=amount)
    return amount


def say_counting(clause: Clause) -> str:
    """What the day of receipt is to the count, and whether it stands still while we are closed."""
    if clause.counting is Counting.DAY_AFTER_RECEIPT:
        return gettext("The day it starts does not count; day 1 is the next working day.")
    if clause.unit in ("working_day", "working_hour", "working_minute"):
        return gettext("Runs in opening hours only, from the first open moment on.")
    return gettext("Runs on at night, on weekends and on holidays.")


def say_validity(about: PolicyAbout) -> str:
    """From which day of receipt to which a policy holds; empty when it names neither."""
    days = ((about.valid_from, N_("from %(day)s")), (about.valid_to, N_("until %(day)s")))
    return ", ".join(gettext(words, day=say_date(day, lang())) for day, words in days if day)


def say_letter(kind: str) -> str:
    """What a letter is called that a rule writes about."""
    known = LETTERS.get(kind)
    return gettext(known) if known else kind.replace("_", " ")


def say_sector(sector: str) -> str:
    """The sector a policy is for; one nobody has words for stays as it is written."""
    known = SECTORS.get(sector)
    return gettext(known) if known else sector


def say_start(start: str) -> str:
    """What starts a clock; a starting point nobody has words for stays as it is written."""
    known = STARTS.get(start)
    return gettext(known) if known else start.replace("_", " ")


def say_extension(clause: Clause) -> str:
    """`dapat diperpanjang 10 hari kerja, paling banyak 1 kali`, empty when there is none."""
    if clause.extension is None:
        return ""
    return ngettext(
        "can be extended by %(amount)s, at most %(num)d time",
        "can be extended by %(amount)s, at most %(num)d times",
        clause.extension.max_count,
        amount=say_amount(clause.extension.duration, clause.extension.unit),
    )


def say_condition(rules: RuleBook, words: str) -> str:
    """A condition for an extension in the language of this page, by its words in any version."""
    for policy in rules.policy_versions.values():
        for clause in policy.clauses:
            found = clause.extension.called(words) if clause.extension and words else None
            if found is not None:
                return label(found)
    return words


def conditions_of(clause: Clause) -> tuple[str, ...]:
    """On which conditions a clause may be extended, in the language of this page."""
    if clause.extension is None:
        return ()
    if lang() != ENGLISH and clause.extension.conditions_id:
        return clause.extension.conditions_id
    return clause.extension.conditions


def note_of(item: Clause | PolicyAbout | Body) -> str:
    """The note of a clause, a policy or an authority in the language of this page."""
    here, there = item.note_id, item.note
    return (there or here) if lang() == ENGLISH else (here or there)


def body_name(body: Body | None) -> str:
    """An authority's name: the Indonesian one on Indonesian pages where the policy gives one."""
    if body is None:
        return ""
    return body.name if lang() == ENGLISH else body.name_id or body.name


def say_selectors(rules: RuleBook, clause: Clause) -> list[tuple[str, str]]:
    """For which complaints a clause is, as pairs (what, which); empty means all."""
    found = []
    for name, values in clause.selectors.items():
        word, say = SELECTORS[name]
        found.append((gettext(word), ", ".join(say(rules, value) for value in values)))
    if clause.valid_from > date.min:
        day = say_date(clause.valid_from, lang())
        found.append((gettext("day it started"), gettext("from %(day)s", day=day)))
    if clause.valid_to < date.max:
        day = say_date(clause.valid_to, lang())
        found.append((gettext("day it started"), gettext("until %(day)s", day=day)))
    return found


def say_rung(rung: Rung) -> str:
    """When a rung is called: `setelah 80% waktu terpakai`, `15 menit kerja setelah tenggat`."""
    if rung.before_percent is not None:
        return gettext("when %(percent)s%% of the time is used up", percent=rung.before_percent)
    if rung.before is not None:
        amount = say_amount(rung.before, rung.unit)
        return gettext("%(amount)s before the deadline", amount=amount)
    if not rung.after:
        return gettext("at the deadline")
    amount = say_amount(rung.after, rung.unit)
    return gettext("%(amount)s after the deadline", amount=amount)


def say_repeats(rung: Rung) -> str:
    """`lagi setiap 2 jam kerja, paling banyak 3 kali`, empty when the rung calls once."""
    if rung.repeat_every is None:
        return ""
    return ngettext(
        "again every %(amount)s until acknowledged, at most %(num)d time",
        "again every %(amount)s until acknowledged, at most %(num)d times",
        rung.repeat_max,
        amount=say_amount(rung.repeat_every, rung.repeat_unit),
    )


def say_reminder(reminder: TopReminder) -> str:
    """How often the top hears again: `setiap 1 hari kerja, saat buka`."""
    amount = say_amount(reminder.every, reminder.unit)
    if reminder.unit == "working_day":
        return gettext("then every %(amount)s, at opening", amount=amount)
    return gettext("then every %(amount)s", amount=amount)


def say_kinds(rung: Rung) -> str:
    """The kinds of clock a rung serves; empty when it serves all."""
    if "*" in rung.kinds:
        return ""
    return ", ".join(kind_word(kind) for kind in rung.kinds)


def say_rung_target(rung: Rung) -> str:
    """Whom a rung reaches."""
    return target_word(rung.target)


def say_weekdays() -> list[tuple[str, str]]:
    """The days of a week as calendars name them, each with its name: `("mon", "Senin")`."""
    return list(zip(WEEKDAYS, weekday_names(lang()), strict=True))


def say_hours(hours: Iterable[Iterable[str]]) -> str:
    """`08.00–12.00, 13.00–16.00` of a calendar's intervals; empty when closed."""
    separator = ":" if lang() == ENGLISH else "."
    return ", ".join("–".join(_wall(each, separator) for each in interval) for interval in hours)


def country_name(code: str) -> str:
    """The name of a country by its two-letter code, in the language of this page."""
    locale = get_locale()
    names = locale.territories if locale is not None else {}
    return str(names.get({"UK": "GB"}.get(code, code), code))


def jurisdiction_name(code: str) -> str:
    """The name of a country or of a body above countries."""
    above = {"INT": gettext("International"), "EU": gettext("European Union")}
    return above.get(code) or country_name(code)


def _wall(text: str, separator: str) -> str:
    return _clock(parse_wall(text)).replace(":", separator)


def _clock(seconds: int) -> str:
    hours, rest = divmod(seconds, 3600)
    return f"{hours:02}:{rest // 60:02}" + (f":{rest % 60:02}" if rest % 60 else "")


def _label_in(table: str) -> Any:
    def say(rules: RuleBook, value: object) -> str:
        item = getattr(rules.taxonomy, table).get(str(value))
        return label(item) if item is not None else str(value)

    return say


def _product(rules: RuleBook, value: object) -> str:
    product = rules.organisation.products.get(str(value))
    return label(product) if product else str(value)


def _branch(rules: RuleBook, value: object) -> str:
    branch = rules.branches_by_code.get(str(value))
    return branch.name if branch else str(value)


SELECTORS: Mapping[str, tuple[str, Any]] = {
    "category": (N_("Category"), _label_in("categories")),
    "category_group": (N_("Group"), _label_in("groups")),
    "priority": (N_("Priority"), lambda rules, value: f"{value} {priority_word(str(value))}"),
    "tier": (N_("Customer type"), _label_in("tiers")),
    "channel": (N_("Channel"), _label_in("channels")),
    "oral": (
        N_("Form"),
        lambda rules, value: gettext("spoken") if value else gettext("written"),
    ),
    "branch": (N_("Branch"), _branch),
    "product": (N_("Product"), _product),
}
