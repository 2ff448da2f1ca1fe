"""What customers are compared by, written anew as it is read now: names, numbers and telephones.

One person written in two ways was two. A customer number gets a key of its own beside it; where two
customers have one number but for its case or spaces, the number stays with both and leads to the
one who came first. A telephone that was kept with its trunk zero or its call prefix between the
country and the number is the same line without them.
"""

import re
import unicodedata

import phonenumbers
import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

#: So many customers are read and written at once.
BATCH = 1_000
KEY = "ix_customers_number_key"

customers = sa.table(
    "customers",
    sa.column("id", sa.Integer),
    *(sa.column(name, sa.String) for name in ("number", "number_key", "name", "name_key", "phone")),
)

_UNSEEN = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)
_APOSTROPHES = re.compile(
    "[`\u00b4\u02b9\u02bb-\u02bf\u02c8\u02ca\u02cb\u05f3\u2018-\u201b\u2032\u2035\ua78b\ua78c\uff07]"
)
_HYPHENS = re.compile("[\u058a\u2010-\u2015\u2043\u2212\ufe58\ufe63\uff0d]")


def upgrade() -> None:
    op.add_column("customers", sa.Column("number_key", sa.String(60), nullable=True))
    connection = op.get_bind()
    for row in _every_customer(connection):
        name = clean(row.name) or row.name
        new = {
            "number_key": (fold(row.number)[:60] or None) if row.number else None,
            "name": name,
            "name_key": fold(name)[:200] or row.name_key,
            "phone": phone_of(row.phone) if row.phone else row.phone,
        }
        # A name that stays is not written: the search would index it again.
        changed = {key: value for key, value in new.items() if value != getattr(row, key)}
        if changed:
            connection.execute(customers.update().where(customers.c.id == row.id).values(changed))
    op.create_index("ix_customers_first", "customers", ["number_key", "id"])
    first = customers.alias("first")
    earlier = sa.exists().where(
        first.c.number_key == customers.c.number_key, first.c.id < customers.c.id
    )
    connection.execute(customers.update().where(earlier).values(number_key=None))
    op.drop_index("ix_customers_first", "customers")
    op.create_index(KEY, "customers", ["number_key"], unique=True)


def downgrade() -> None:
    op.drop_index(KEY, "customers")
    op.drop_column("customers", "number_key")
    connection = op.get_bind()
    for row in _every_customer(connection):
        name_key = row.name.casefold()[:200]
        if name_key != row.name_key:
            connection.execute(
                customers.update().where(customers.c.id == row.id).values(name_key=name_key)
            )


def _every_customer(connection):
    after = 0
    columns = [customers.c[name] for name in ("id", "number", "name", "name_key", "phone")]
    none_yet = sa.null().label("number_key")
    while True:
        rows = connection.execute(
            sa.select(*columns, none_yet)
            .where(customers.c.id > after)
            .order_by(customers.c.id)
            .limit(BATCH)
        ).all()
        yield from rows
        if len(rows) < BATCH:
            return
        after = rows[-1].id


def clean(text: str) -> str:
    seen = "".join(
        " " if each.isspace() else each
        for each in _UNSEEN.sub("", text).replace("\u2800", " ")
        if each.isspace() or unicodedata.category(each) not in ("Cc", "Cf", "Cs")
    )
    return unicodedata.normalize("NFC", " ".join(seen.split()))


def fold(text: str) -> str:
    text = unicodedata.normalize("NFKC", _HYPHENS.sub("-", _APOSTROPHES.sub("'", text)))
    return clean(unicodedata.normalize("NFKC", clean(text).casefold()))


def phone_of(stored: str) -> str:
    """The number as it is stored now; what cannot be read better stays as it is."""
    if stored.startswith("62062"):
        best = stored[3:]
    elif stored.startswith("620"):
        best = f"62{stored[3:]}"
    elif stored.startswith("8") and not _is_number(f"+{stored}") and _is_number(f"+62{stored}"):
        best = f"62{stored}"
    else:
        return stored
    return best if _is_number(f"+{best}") else stored


def _is_number(number: str) -> bool:
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(number, None))
    except phonenumbers.NumberParseException:
        return False
