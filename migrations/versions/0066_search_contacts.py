"""The search knows who told a complaint, and any part of a customer's telephone number.

A complaint is found by its words together with a name or the last digits of a phone; a customer by
name, number, the part of the e-mail address before the @, and by every end of the phone that is
long enough, so that the beginning of an end is any part of it. Both databases index one text, told
here once but for two functions. The indexes are written anew.
"""

import unicodedata

from alembic import op

revision = "0066"
down_revision = "0065"
branch_labels = None
depends_on = None

#: A national number has up to twelve digits, and four of them tell enough.
ENDS = range(4, 13)
COMPLAINT_TEXTS = ("story", "summary", "product", "contact_name")
LAST_DIGITS = 4


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


def before_at(column: str) -> str:
    """The part of an address before the @."""
    if _is_postgresql():
        return f"split_part(coalesce({column}, ''), '@', 1)"
    return f"substr(coalesce({column}, ''), 1, instr(coalesce({column}, ''), '@') - 1)"


def end_of(column: str, digits: int) -> str:
    """The last digits of a telephone number, or all where it has fewer."""
    if _is_postgresql():
        return f"right(coalesce({column}, ''), {digits})"
    return f"substr(coalesce({column}, ''), -{digits})"


def texts(old_or_new: str = "") -> dict[str, str]:
    """Table → the text that is searched, of a row or of the row in a trigger."""
    at = f"{old_or_new}." if old_or_new else ""
    complaint = [*(f"{at}{each}" for each in COMPLAINT_TEXTS)]
    complaint.append(end_of(f"{at}contact_phone", LAST_DIGITS))
    customer = [f"{at}name", f"coalesce({at}number, '')", before_at(f"{at}email")]
    customer += [f"coalesce({at}phone, '')", *(end_of(f"{at}phone", n) for n in ENDS)]
    return {
        "complaints": " || ' ' || ".join(complaint),
        "customers": " || ' ' || ".join(customer),
    }


COLUMNS = {
    "complaints": (*COMPLAINT_TEXTS, "contact_phone"),
    "customers": ("name", "number", "email", "phone"),
}
OLD_COLUMNS = {"complaints": ("story", "summary", "product"), "customers": ("name",)}
WORDS = {"complaints": "words", "customers": "name_words"}


def upgrade() -> None:
    if _is_postgresql():
        _rewrite(texts())
        return
    for table, text in texts().items():
        _drop(table)
        op.execute(f"CREATE VIEW {table}_search_text AS SELECT id, {text} AS text FROM {table}")
        op.execute(
            f"CREATE VIRTUAL TABLE {table}_search USING fts5(text, content='{table}_search_text', "
            "content_rowid='id', tokenize='unicode61 remove_diacritics 2')"
        )
        op.execute(f"INSERT INTO {table}_search({table}_search) VALUES ('rebuild')")
        new, old = texts("new")[table], texts("old")[table]
        _follow(
            table,
            COLUMNS[table],
            f"INSERT INTO {table}_search(rowid, text) VALUES (new.id, {new});",
            f"INSERT INTO {table}_search({table}_search, rowid, text) "
            f"VALUES ('delete', old.id, {old});",
        )


def downgrade() -> None:
    if _is_postgresql():
        _rewrite({table: " || ' ' || ".join(names) for table, names in OLD_COLUMNS.items()})
        return
    for table, names in OLD_COLUMNS.items():
        _drop(table)
        op.execute(f"DROP VIEW {table}_search_text")
        listed = ", ".join(names)
        op.execute(
            f"CREATE VIRTUAL TABLE {table}_search USING fts5({listed}, content='{table}', "
            "content_rowid='id', tokenize='unicode61 remove_diacritics 2')"
        )
        op.execute(f"INSERT INTO {table}_search({table}_search) VALUES ('rebuild')")
        new, old = (", ".join(f"{at}.{name}" for name in names) for at in ("new", "old"))
        _follow(
            table,
            names,
            f"INSERT INTO {table}_search(rowid, {listed}) VALUES (new.id, {new});",
            f"INSERT INTO {table}_search({table}_search, rowid, {listed}) "
            f"VALUES ('delete', old.id, {old});",
        )


def _is_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def _drop(table: str) -> None:
    for event in ("insert", "update", "delete"):
        op.execute(f"DROP TRIGGER {table}_search_{event}")
    op.execute(f"DROP TABLE {table}_search")


def _follow(table: str, columns: tuple[str, ...], add: str, drop: str) -> None:
    """Only a change of the words themselves touches the index: a sweep updates many rows."""
    changed = f"UPDATE OF {', '.join(columns)}"
    for name, event, does in (
        ("insert", "INSERT", add),
        ("delete", "DELETE", drop),
        ("update", changed, f"{drop} {add}"),
    ):
        op.execute(
            f"CREATE TRIGGER {table}_search_{name} AFTER {event} ON {table} BEGIN {does} END"
        )


def _rewrite(of_tables: dict[str, str]) -> None:
    """The words are cut as before (0037): at every mark, and without accents."""
    letters, plain = accented()
    # What has no counterpart is left out: the accents that stand beside their letter.
    everything = _translated(f"{MARKS}{letters}{COMBINING}", f"{' ' * len(MARKS)}{plain}")
    marks = "".join(filter(str.isascii, MARKS))
    simple = _translated(marks, " " * len(marks))
    # Each letter is looked for among all that are told: nearly every text needs only the few.
    plainly = (
        f"CASE WHEN octet_length({{text}}) = length({{text}}) THEN {simple} ELSE {everything} END"
    )
    connection = op.get_bind()
    for table, text in of_tables.items():
        name, cut = WORDS[table], plainly.replace("{text}", text)
        connection.exec_driver_sql(f"ALTER TABLE {table} DROP COLUMN {name}")
        # The driver takes a per cent sign for a place to fill.
        connection.exec_driver_sql(
            f"ALTER TABLE {table} ADD COLUMN {name} tsvector "
            f"GENERATED ALWAYS AS (to_tsvector('simple', {cut})) STORED".replace("%", "%%")
        )
        connection.exec_driver_sql(f"CREATE INDEX ix_{table}_{name} ON {table} USING gin ({name})")


def _translated(old: str, new: str) -> str:
    return "translate({text}, '" + old.replace("'", "''") + f"', '{new}')"
