"""Colleagues called by name in a note: they hear of it; who may not read it cannot be called."""

from collections.abc import Sequence

from complaints.domain.errors import N_, Invalid
from complaints.domain.words.mentions import MOST_NAMED, names_written, write_name
from complaints.models import User
from complaints.people.colleagues import active_user
from complaints.queries.people.readers import Reader, people_called
from complaints.steps.case import Case


def with_names(case: Case, text: str, chosen: Sequence[str]) -> str:
    """The text with the names of those chosen from the list behind it, where it names them not."""
    named = set(names_written(text))
    missing = []
    for address in chosen:
        person = active_user(case.session, address)
        if person is None:
            raise Invalid(
                N_("There is no colleague with this email address: %(email)s."),
                field="mention",
                email=address[:80],
            )
        name = _name_of(case, person)
        if not named.intersection((person.email, name.removeprefix("@"))):
            missing.append(name)
    return "\n\n".join(part for part in (text.strip(), " ".join(missing)) if part)


def people_named(case: Case, text: str) -> list[Reader]:
    """Everybody whom the text calls by name.

    Raises Invalid for a name that is nobody's, that is several people's, or whose person may not
    read the complaint: nobody is silently not told.
    """
    names = names_written(text)
    if len(names) > MOST_NAMED:
        raise Invalid(
            N_("A note can name at most %(most)d colleagues."), field="text", most=MOST_NAMED
        )
    found = {each.id: each for each in (_person_named(case, name) for name in names)}
    return list(found.values())


def _person_named(case: Case, name: str) -> Reader:
    people = people_called(case.session, case.complaint, name)
    readers = [person for person, may_read in people if may_read]
    if len(readers) == 1:
        return readers[0]
    if readers:
        raise Invalid(
            N_(
                "Several colleagues are called @%(name)s. Write the whole email address, such as "
                "@%(email)s."
            ),
            field="text",
            name=name,
            email=readers[0].email,
        )
    if people:
        raise Invalid(
            N_(
                "@%(name)s may not read this complaint and would not be told. Take the name out, "
                "or name somebody who may."
            ),
            field="text",
            name=name[:80],
        )
    raise Invalid(
        N_(
            "No colleague is called @%(name)s. Write the part of the email address before its "
            "@, or a space behind the @ if no colleague is meant."
        ),
        field="text",
        name=name[:80],
    )


def _name_of(case: Case, person: User) -> str:
    name = write_name(person.email)
    sharing = people_called(case.session, case.complaint, name.removeprefix("@"))
    return write_name(person.email, is_shared=len(sharing) > 1)
