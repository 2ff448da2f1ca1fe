"""What is no complaint is found by what somebody types, as complaints are (0066).

By its words, name, number and reference, by the part of the e-mail address before the @, and by
every end of the phone that is long enough.
"""

import unicodedata

from alembic import op

revision = "0093"
down_revision = "0092"
branch_labels = None
depends_on = None

TABLE = "other_contacts"
#: A national number has up to twelve digits, and four of them tell enough.
ENDS = range(4, 13)
COLUMNS = (
    "words",
    "customer_name",
    "customer_number",
    "reference",
    "customer_email",
    "customer_phone",
)
EMAIL = f"ix_{TABLE}_email"


#: Every mark of ASCII, and those that are written between words elsewhere.
MARKS = "".join(chr(code) for code in range(33, 127) if not chr(code).isalnum())
MARKS += (
    "\u00a0\u00b7\u00d7\u2010\u2011\u2012\u2013\u2014\u2015\u2018\u2019\u201c\u201d\u2022\u2026"
)
COMBINING = "".join(chr(code) for code in range(0x300, 0x370))


def accented() -> tuple[str, str]:
    """Letters with an accent of their own, and the plain letter of each."""
    letters = [
        (letter, unicodedata.normalize("NFD", letter)[0])
        for letter in map(chr, (*range(0xC0, 0x250), *range(0x1E00, 0x1F00)))
        if len(unicodedata.normalize("NFD", letter)) > 1
    ]
    return "".join(each for each, _ in letters), "".join(plain for _, plain in letters)


def text_of(row: str = "") -> str:
    """The text that is searched, of a row or of the row in a trigger."""
    at = f"{row}." if row else ""
    phone, email = f"coalesce({at}customer_phone, '')", f"coalesce({at}customer_email, '')"
    if _is_postgresql():
        ends = [f"right({phone}, {n})" for n in ENDS]
        name = f"split_part({email}, '@', 1)"
    else:
        ends = [f"substr({phone}, -{n})" for n in ENDS]
        name = f"substr({email}, 1, instr({email}, '@') - 1)"
    plain = [f"{at}{each}" for each in COLUMNS[:4]]
    return " || ' ' || ".join([*plain, name, phone, *ends])


def upgrade() -> None:
    op.create_index(EMAIL, TABLE, ["customer_email", "id"])
    if _is_postgresql():
        _on_postgresql()
        return
    index = f"{TABLE}_search"
    op.execute(f"CREATE VIEW {index}_text AS SELECT id, {text_of()} AS text FROM {TABLE}")
    op.execute(
        f"CREATE VIRTUAL TABLE {index} USING fts5(text, content='{index}_text', "
        "content_rowid='id', tokenize='unicode61 remove_diacritics 2')"
    )
    op.execute(f"INSERT INTO {index}({index}) VALUES ('rebuild')")
    add = f"INSERT INTO {index}(rowid, text) VALUES (new.id, {text_of('new')});"
    drop = f"INSERT INTO {index}({index}, rowid, text) VALUES ('delete', old.id, {text_of('old')});"
    for name, event, does in (
        ("insert", "INSERT", add),
        ("delete", "DELETE", drop),
        ("update", f"UPDATE OF {', '.join(COLUMNS)}", f"{drop} {add}"),
    ):
        op.execute(f"CREATE TRIGGER {index}_{name} AFTER {event} ON {TABLE} BEGIN {does} END")


def downgrade() -> None:
    op.drop_index(EMAIL, TABLE)
    if _is_postgresql():
        op.execute(f"ALTER TABLE {TABLE} DROP COLUMN search_words")
        return
    for event in ("insert", "update", "delete"):
        op.execute(f"DROP TRIGGER {TABLE}_search_{event}")
    op.execute(f"DROP TABLE {TABLE}_search")
    op.execute(f"DROP VIEW {TABLE}_search_text")


def _is_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def _on_postgresql() -> None:
    """The words are cut as those of complaints: at every mark, and without accents."""
    letters, plain = accented()
    everything = _translated(f"{MARKS}{letters}{COMBINING}", f"{' ' * len(MARKS)}{plain}")
    marks = "".join(filter(str.isascii, MARKS))
    simple = _translated(marks, " " * len(marks))
    text = text_of()
    cut = (
        f"CASE WHEN octet_length({text}) = length({text}) THEN {simple} ELSE {everything} END"
    ).replace("{text}", text)
    connection = op.get_bind()
    # The driver takes a per cent sign for a place to fill.
    connection.exec_driver_sql(
        f"ALTER TABLE {TABLE} ADD COLUMN search_words tsvector "
        f"GENERATED ALWAYS AS (to_tsvector('simple', {cut})) STORED".replace("%", "%%")
    )
    connection.exec_driver_sql(
        f"CREATE INDEX ix_{TABLE}_search_words ON {TABLE} USING gin (search_words)"
    )


def _translated(old: str, new: str) -> str:
    return "translate({text}, '" + old.replace("'", "''") + f"', '{new}')"
