"""Both databases cut texts into the same words: at every mark, and without accents.

PostgreSQL's own parser keeps what looks like a path, a host or a signed number together, so that
"INV/2026/0042" was found by neither of its parts nor, cut into words, by itself. SQLite kept the
second accent of a letter that has two. The databases write their indexes anew.
"""

import unicodedata

from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

COLUMNS = (
    ("complaints", "words", ("story", "summary", "product")),
    ("customers", "name_words", ("name",)),
)
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


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        letters, plain = accented()
        # What has no counterpart is left out: the accents that stand beside their letter.
        everything = _translated(f"{MARKS}{letters}{COMBINING}", f"{' ' * len(MARKS)}{plain}")
        marks = "".join(filter(str.isascii, MARKS))
        simple = _translated(marks, " " * len(marks))
        # Each letter is looked for among all that are told: nearly every text needs only the few.
        _rewrite(
            "CASE WHEN octet_length({text}) = length({text}) "
            f"THEN {simple} ELSE {everything} END"
        )
    else:
        _index_again("unicode61 remove_diacritics 2")


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        _rewrite("{text}")
    else:
        _index_again("unicode61")


def _translated(old: str, new: str) -> str:
    return "translate({text}, '" + old.replace("'", "''") + f"', '{new}')"


def _index_again(tokenize: str) -> None:
    """The triggers go by the name of the index, and stay."""
    for table, _, columns in COLUMNS:
        op.execute(f"DROP TABLE {table}_search")
        op.execute(
            f"CREATE VIRTUAL TABLE {table}_search USING fts5({', '.join(columns)}, "
            f"content='{table}', content_rowid='id', tokenize='{tokenize}')"
        )
        op.execute(f"INSERT INTO {table}_search({table}_search) VALUES ('rebuild')")


def _rewrite(plainly: str) -> None:
    connection = op.get_bind()
    for table, name, columns in COLUMNS:
        text = plainly.replace("{text}", " || ' ' || ".join(columns))
        connection.exec_driver_sql(f"ALTER TABLE {table} DROP COLUMN {name}")
        # The driver takes a per cent sign for a place to fill.
        connection.exec_driver_sql(
            f"ALTER TABLE {table} ADD COLUMN {name} tsvector "
            f"GENERATED ALWAYS AS (to_tsvector('simple', {text})) STORED".replace("%", "%%")
        )
        connection.exec_driver_sql(f"CREATE INDEX ix_{table}_{name} ON {table} USING gin ({name})")
