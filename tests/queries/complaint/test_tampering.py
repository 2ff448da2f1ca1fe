"""Whatever is changed past the programme, with SQL and without the key, is named by verifying."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, select, text
from sqlalchemy.orm import Session, sessionmaker

from complaints.commands import verify, verify_processes
from complaints.commands.verify import verify_all, verify_files
from complaints.db import make_engine
from complaints.domain.history import HistoryHead, chain_hash, entry_hash
from complaints.domain.permissions import Actor, Role
from complaints.history import note_heads, open_seals
from complaints.models import (
    Attachment,
    ChannelMessage,
    Customer,
    HistorySeal,
    ImportRun,
    InboundMessage,
    InboundSource,
    Note,
    Spike,
    StepRecord,
)
from complaints.queries.complaint.seals.history import verify_history
from complaints.signing import HistoryKey, use_history_keys
from complaints.steps.casework.converse import write_note
from complaints.steps.casework.escalate import escalate_by_hand
from complaints.steps.files.see import note_opened
from complaints.worker.day_seals import write_seals
from tests.conftest import HISTORY_KEY, NOW
from tests.databases import Databases, onward_from
from tests.office import Office, staff

FIRST = "KLH-2026-000001"


@onward_from(staff)
def handled(url: str) -> None:
    """Two complaints: one from receipt to its end, one just received; letters have left."""
    engine = make_engine(url)
    with Session(engine, expire_on_commit=False) as session:
        office = Office(engine, session)
        number = office.receive()
        office.walk(number, to="020-1.6")
        office.take(number, write_note, text="Pelanggan menelepon lagi")
        office.take(number, escalate_by_hand, reason="Pelanggan menunggu terlalu lama")
        office.walk(number, after="020-1.6")
        office.post(number)
        office.receive()
        _beside(session)
    engine.dispose()


def _beside(session: Session) -> None:
    """What comes in and is noted beside complaints, a row of each kind."""
    raw = b"From: x@y.example\n\nIklan"
    message = InboundMessage(
        source="pipe", fingerprint="f" * 64, sha256=hashlib.sha256(raw).hexdigest(), size=len(raw),
        from_address="x@y.example", subject="Iklan", text="Iklan", received_at=NOW, taken_at=NOW,
        kind="person", action="quarantined", reason="no_match", reviewed_at=NOW,
        reviewed_by_name="Csr", decision="ignored", decision_reason="Iklan jasa",
    )  # fmt: skip
    file = Attachment(
        complaint_id=2, sha256="a" * 64, size=3, type="text/plain", name="a.txt", kind="other",
        shown_to_customer=True, at=NOW, by_name="Csr",
    )  # fmt: skip
    session.add_all([message, file])
    session.flush()
    by = Actor(id=3, name="Csr", role=Role.CSR)
    session.add_all(
        [
            InboundSource(message_id=message.id, packed=zlib.compress(raw)),
            ChannelMessage(
                channel="wa", external_id="1", sender_mark="m", action="created",
                complaint_id=2, taken_at=NOW,
            ),
            Spike(
                category="GGN_LAMBAT", first_at=NOW, last_at=NOW, count=40, usual=3.25,
                chance=1e-9, settled_at=NOW, settled_by_name="Supervisor",
            ),
            ImportRun(
                file_name="lama.csv", content="a", state="done", by_id=1, by_name="Admin",
                uploaded_at=NOW, changed_at=NOW, total=9, read=9, created=7, rejected=2,
            ),
        ]
    )  # fmt: skip
    note_opened(session, file.id, by=by, at=NOW)
    session.commit()


@pytest.fixture
def database_url(databases: Databases) -> Iterator[str]:
    url = databases.fresh(handled)
    yield url
    databases.drop(url)


def faults(engine: Engine) -> list[dict[str, Any]]:
    with Session(engine) as session:
        return list(verify_history(session)["bad"])


def tamper(engine: Engine, *statements: str) -> None:
    with engine.begin() as connection:
        for statement in statements:
            assert connection.execute(text(statement)).rowcount, statement


def test_what_nobody_touched_fits(engine: Engine):
    assert faults(engine) == []


#: Kind, what is done, and what is named: the table and the column, or the words.
KINDS: list[tuple[str, list[str], str, str]] = [
    (
        "words of a step record",
        ["UPDATE step_records SET words = 'Kami tidak minta maaf' WHERE criterion = '020-1.3'"],
        "step_records",
        "words",
    ),
    (
        "when a step was taken",
        ["UPDATE step_records SET at = '2026-11-19 02:16:00' WHERE criterion = '020-1.6'"],
        "step_records",
        "at",
    ),
    (
        "who took a step",
        ["UPDATE step_records SET by_name = 'Orang Lain' WHERE criterion = '020-1.1'"],
        "step_records",
        "by_name",
    ),
    (
        "a step record removed",
        ["DELETE FROM step_records WHERE criterion = '020-3.7'"],
        "step_records",
        "missing",
    ),
    (
        "a step record added",
        [
            "INSERT INTO step_records (complaint_id, criterion, record, cycle, at, by_name, method,"
            " words, is_unable, reason, detail) VALUES (2, '020-1.3', 'apology', 1,"
            " '2026-11-19 02:20:00', 'Csr', 'spoken', 'Maaf', false, '', '{}')"
        ],
        "step_records",
        "no seal",
    ),
    (
        "a rating that nobody gave",
        [
            "INSERT INTO ratings (complaint_id, cycle, overall, comment, suggestion, at) VALUES"
            " (2, 1, 5, '', '', '2026-11-19 02:20:00')"
        ],
        "ratings",
        "no seal",
    ),
    ("the amount of an offer", ["UPDATE offers SET amount = 5000000"], "offers", "amount"),
    ("the state of an offer", ["UPDATE offers SET state = 'refused'"], "offers", "state"),
    (
        "a due time",
        ["UPDATE deadlines SET due_at = '2026-12-24 02:00:00' WHERE kind = 'resolve'"],
        "deadlines",
        "due_at",
    ),
    (
        "a missed deadline made kept",
        ["UPDATE deadlines SET state = 'breached' WHERE kind = 'resolve'"],
        "deadlines",
        "state",
    ),
    (
        "the date told",
        ["UPDATE deadlines SET told_at = '2026-12-24 02:00:00' WHERE told_at IS NOT NULL"],
        "deadlines",
        "told_at",
    ),
    (
        "the date told first",
        ["UPDATE complaints SET first_told_at = '2026-12-24 02:00:00' WHERE id = 1"],
        "complaints",
        "first_told_at",
    ),
    (
        "the ledger",
        ["UPDATE deadline_entries SET until = '2026-12-24 02:00:00' WHERE what = 'tell'"],
        "deadline_entries",
        "until",
    ),
    (
        "a row of the ledger removed",
        ["DELETE FROM deadline_entries WHERE what = 'tell'"],
        "deadline_entries",
        "missing",
    ),
    (
        "the story",
        ["UPDATE complaints SET story = 'Tidak ada apa-apa' WHERE id = 1"],
        "complaints",
        "story",
    ),
    (
        "the status",
        ["UPDATE complaints SET status = 'closed' WHERE id = 2"],
        "complaints",
        "status",
    ),
    (
        "when it was closed",
        ["UPDATE complaints SET closed_at = '2026-11-19 03:00:00' WHERE id = 1"],
        "complaints",
        "closed_at",
    ),
    (
        "to whom a letter went",
        ["UPDATE outbox SET to_address = 'orang@lain.example' WHERE complaint_id = 1"],
        "outbox",
        "to_address",
    ),
    (
        "whether a letter went",
        ["UPDATE outbox SET state = 'queued', sent_at = NULL WHERE complaint_id = 1"],
        "outbox",
        "sent_at",
    ),
    ("a letter removed", ["DELETE FROM outbox WHERE complaint_id = 1"], "outbox", "missing"),
    (
        "the name in an entry",
        ["UPDATE history SET by_name = 'Orang Lain' WHERE complaint_id = 1 AND seq = 2"],
        "history",
        "changed",
    ),
    (
        "what an entry says",
        ['UPDATE history SET detail = \'{"reason": "lain"}\' WHERE complaint_id = 1 AND seq = 9'],
        "history",
        "changed",
    ),
    (
        "an entry removed",
        ["DELETE FROM history WHERE complaint_id = 1 AND seq = 5"],
        "history",
        "missing",
    ),
    (
        "what was promised to be done",
        ["UPDATE commitments SET dropped_at = done_at, done_at = NULL WHERE done_at IS NOT NULL"],
        "commitments",
        "done_at",
    ),
    ("the cause", ["UPDATE causes SET code = 'PETUGAS'"], "causes", "code"),
    ("what the customer said", ["UPDATE answers SET answer = 'refused'"], "answers", "answer"),
    ("a note", ["UPDATE notes SET text = 'Semua baik'"], "notes", "text"),
    (
        "an escalation",
        ["UPDATE escalations SET level = 9"],
        "escalations",
        "level",
    ),
    (
        "which unit it was passed to",
        ["UPDATE parties SET answer = 'returned'"],
        "parties",
        "answer",
    ),
    (
        "a seal",
        ["UPDATE history_seals SET content = '{}' WHERE complaint_id = 1"],
        "history_seals",
        "changed",
    ),
    (
        "a seal removed",
        [
            "DELETE FROM history_seals WHERE id = (SELECT max(id) FROM history_seals"
            " WHERE complaint_id = 1 AND prev_hash <> '')"
        ],
        "history",
        "end of the history",
    ),
    (
        "the opening",
        ["UPDATE history_seals SET complaint_id = 999 WHERE complaint_id = 0"],
        "history_seals",
        "missing",
    ),
]


@pytest.mark.first_row_on_postgresql
@pytest.mark.parametrize(
    ("statements", "table", "said"),
    [each[1:] for each in KINDS],
    ids=[each[0] for each in KINDS],
)
def test_tampering_is_named(engine: Engine, statements: list[str], table: str, said: str):
    tamper(engine, *statements)
    named = [each for each in faults(engine) if each["table"] == table]
    assert named
    assert any(said in each["what"] for each in named)
    assert any(
        said in each["fields"] or (each["fields"] == [] and said in each["what"]) for each in named
    )


@pytest.mark.parametrize("state", ["sent", "replaced"])
def test_a_letter_that_never_left_is_named(engine: Engine, state: str):
    """Whatever is written over its state so that the worker passes it over."""
    with Session(engine, expire_on_commit=False) as session:
        office = Office(engine, session, at=NOW + timedelta(days=1))
        office.walk("KLH-2026-000002", to="020-1.6")
    assert faults(engine) == []
    tamper(
        engine,
        f"UPDATE outbox SET state = '{state}', sent_at = '2026-11-19 03:00:00'"
        " WHERE complaint_id = 2 AND state = 'queued'",
    )
    named = [each for each in faults(engine) if each["table"] == "outbox"]
    assert named
    assert all({"state", "sent_at"} == set(each["fields"]) for each in named)


def cut(connection: Connection, seq: int) -> None:
    """Cut a history behind an entry, and make the complaint's row fit."""
    head = connection.execute(
        text("SELECT hash FROM history WHERE complaint_id = 1 AND seq = :seq"), {"seq": seq}
    ).scalar_one()
    connection.execute(
        text("DELETE FROM history WHERE complaint_id = 1 AND seq > :seq"), {"seq": seq}
    )
    connection.execute(
        text("UPDATE complaints SET history_seq = :seq, history_hash = :head WHERE id = 1"),
        {"seq": seq, "head": head},
    )


def test_a_cut_tail_is_named(engine: Engine):
    with engine.begin() as connection:
        cut(connection, 12)
    named = faults(engine)
    assert any("the history ends at entry 12" in each["what"] for each in named)
    assert {each["number"] for each in named} == {FIRST}


TABLES = (
    "answers", "commitments", "offers", "exits", "step_records", "parties", "causes", "notes",
    "escalations", "extensions", "timers", "deadline_entries", "deadlines", "outbox", "notices",
    "history",
)  # fmt: skip


def remove(engine: Engine, complaint_id: int, *more: str) -> None:
    with engine.begin() as connection:
        for table in (*TABLES, *more):
            connection.execute(
                text(f"DELETE FROM {table} WHERE complaint_id = :id"), {"id": complaint_id}
            )
        connection.execute(text("DELETE FROM complaints WHERE id = :id"), {"id": complaint_id})


def test_a_whole_complaint_removed_with_its_history_is_named(engine: Engine):
    remove(engine, 1)
    assert "the complaint is missing" in {each["what"] for each in faults(engine)}


def test_what_a_savepoint_takes_back_is_in_no_seal_and_the_rest_is(engine: Engine):
    with Session(engine, expire_on_commit=False) as session:
        office = Office(engine, session, at=NOW + timedelta(days=1))
        write_note(office.open("KLH-2026-000002"), text="Pelanggan menelepon")
        savepoint = session.begin_nested()
        write_note(office.open("KLH-2026-000001"), text="Tidak jadi")
        session.flush()
        savepoint.rollback()
        with session.begin_nested():
            write_note(office.open("KLH-2026-000002"), text="Sekali lagi")
        session.commit()
        assert [each.text for each in office.rows(Note, "KLH-2026-000002")] == [
            "Pelanggan menelepon",
            "Sekali lagi",
        ]
    assert faults(engine) == []


def test_an_end_of_a_history_that_a_savepoint_takes_back_is_forgotten(engine: Engine):
    with Session(engine, expire_on_commit=False) as session:
        savepoint = session.begin_nested()
        note_heads(session, {2: HistoryHead(99, "f" * 64)})
        savepoint.rollback()
        session.add(
            Note(complaint_id=2, direction="internal", text="Catatan", at=NOW, by_name="Csr")
        )
        session.commit()
    assert faults(engine) == []


def test_what_takes_its_seals_along_is_named_by_the_file_kept_elsewhere(
    engine: Engine, tmp_path: Path
):
    sessions = sessionmaker(engine)
    assert write_seals(sessions, tmp_path, NOW) == 2
    (kept,) = tmp_path.iterdir()
    assert kept.stat().st_mode & 0o777 == 0o600
    assert verify_all(sessions, None, tmp_path)["bad"] == []
    remove(engine, 1, "history_seals")
    assert verify_all(sessions, None, tmp_path / "nowhere")["bad"] == []
    found = verify_all(sessions, kept, tmp_path)
    counted, gone = found["bad"]
    assert (counted["record"], "seals that were counted" in counted["what"]) == (str(kept), True)
    assert gone["record"] == "complaints 1"
    assert "the seal of 2026-11-19 had" in gone["what"]


def test_a_record_put_back_to_what_it_was_is_named_by_the_file(
    engine: Engine, database_url: str, databases: Databases, tmp_path: Path
):
    """Everything of a complaint as it was before: each line fits, and the file knows better."""
    sessions = sessionmaker(engine)
    with Session(engine, expire_on_commit=False) as session:
        office = Office(engine, session, at=NOW + timedelta(days=1))
        office.take("KLH-2026-000002", write_note, text="Pelanggan menelepon")
    write_seals(sessions, tmp_path, NOW + timedelta(days=1))
    (kept,) = tmp_path.iterdir()
    earlier = databases.fresh(handled)
    other = make_engine(earlier)
    # The same keys and the same opening, as in a copy that was put back.
    with other.begin() as connection, engine.connect() as newer:
        query = text("SELECT content, hash FROM history_seals WHERE complaint_id = 0 ORDER BY id")
        opening = newer.execute(query).all()
        assert len(opening) == 2
        assert opening == connection.execute(query).all()
    found = verify_all(sessionmaker(other), kept, tmp_path)
    other.dispose()
    databases.drop(earlier)
    counted, moved_on = found["bad"]
    assert "1 of the seals that were counted on 2026-11-20 are missing" in counted["what"]
    assert moved_on["number"] == "KLH-2026-000002"
    assert "it is not the history that was sealed on 2026-11-20" in moved_on["what"]


def test_the_file_grows_by_what_grew_and_once_a_day(engine: Engine, tmp_path: Path):
    sessions = sessionmaker(engine)
    assert write_seals(sessions, tmp_path, NOW, is_daily=True) == 2
    assert write_seals(sessions, tmp_path, NOW + timedelta(hours=3), is_daily=True) is None
    with Session(engine, expire_on_commit=False) as session:
        office = Office(engine, session, at=NOW + timedelta(days=1))
        office.take("KLH-2026-000002", write_note, text="Pelanggan menelepon")
    assert write_seals(sessions, tmp_path, NOW + timedelta(days=1), is_daily=True) == 1
    assert verify_all(sessions, None, tmp_path)["sealed_on"] == "2026-11-20"


@pytest.mark.parametrize("kind", ["changed", "a line removed"])
def test_a_file_of_seals_that_was_changed_says_so(engine: Engine, tmp_path: Path, kind: str):
    sessions = sessionmaker(engine)
    write_seals(sessions, tmp_path, NOW)
    (kept,) = tmp_path.iterdir()
    lines = kept.read_text().splitlines()
    if kind == "changed":
        lines[0] = lines[0].replace('"1": [', '"1": [1')
    else:
        del lines[0]
    kept.write_text("\n".join(lines))
    (first, *_) = verify_all(sessions, None, tmp_path)["bad"]
    assert first["record"] == str(kept)
    assert ("line 1 was changed" if kind == "changed" else "does not follow") in first["what"]


def test_a_line_that_was_cut_off_as_its_process_died_is_no_fault(engine: Engine, tmp_path: Path):
    sessions = sessionmaker(engine)
    write_seals(sessions, tmp_path, NOW)
    (kept,) = tmp_path.iterdir()
    with kept.open("a") as file:
        file.write('{"at": "2026-11-2')
    assert write_seals(sessions, tmp_path, NOW + timedelta(days=1)) == 0
    found = verify_all(sessions, None, tmp_path)
    assert found["bad"] == []
    assert found["sealed_on"] == "2026-11-20"


def test_a_key_that_was_used_earlier_still_reads_what_it_signed(engine: Engine):
    try:
        use_history_keys(["the key that follows it", HISTORY_KEY])
        with Session(engine, expire_on_commit=False) as session:
            office = Office(engine, session, at=NOW + timedelta(days=1))
            office.take("KLH-2026-000002", write_note, text="Pelanggan menelepon")
            keys = {each.key_id for each in office.history("KLH-2026-000002")}
        assert len(keys) == 2
        assert faults(engine) == []
        use_history_keys(["the key that follows it"])
        assert any("a key that is not set here" in each["what"] for each in faults(engine))
    finally:
        use_history_keys([HISTORY_KEY])


def test_what_is_older_than_the_seals_is_counted_and_held_against_the_history(engine: Engine):
    """A database from before the history was signed, its opening written by `complaints init`."""
    tamper(engine, "DELETE FROM history_seals")
    for complaint_id in (1, 2):
        recompute(engine, None, complaint_id)
    with Session(engine) as session, session.begin():
        open_seals(session)
    with Session(engine) as session:
        found = verify_history(session)
    assert found["bad"] == []
    assert found["old"] > found["checked"] > 20
    with Session(engine, expire_on_commit=False) as session:
        office = Office(engine, session, at=NOW + timedelta(days=1))
        office.take("KLH-2026-000002", write_note, text="Pelanggan menelepon")
    assert faults(engine) == []
    tamper(engine, "UPDATE complaints SET status = 'offered' WHERE id = 1")
    assert ["status"] in [each["fields"] for each in faults(engine)]
    tamper(
        engine,
        "UPDATE deadlines SET due_at = '2026-12-24 02:00:00' WHERE kind = 'resolve' AND id < 20",
    )
    assert ["due_at"] in [each["fields"] for each in faults(engine)]


@pytest.mark.parametrize("how", ["with another key", "with no key at all"])
def test_a_recomputed_chain_is_named(engine: Engine, how: str):
    """All entries and the end written anew, every hash fitting the one before it."""
    key = HistoryKey.made_of("what somebody else thought of") if "another" in how else None
    rows = recompute(engine, key)
    tamper(engine, "DELETE FROM history_seals WHERE complaint_id = 1")
    named = [each for each in faults(engine) if each["table"] == "history"]
    assert len(named) == rows
    why = "a key that is not set" if key else "not signed"
    assert all(why in each["what"] for each in named)


def recompute(engine: Engine, key: HistoryKey | None, complaint_id: int = 1) -> int:
    """Write every entry and the end anew, with this key or of the old kind; how many there are."""
    with engine.begin() as connection:
        query = "SELECT * FROM history WHERE complaint_id = :id ORDER BY seq"
        rows = connection.execute(text(query), {"id": complaint_id}).mappings().all()
        end = "0" * 64
        for row in rows:
            detail = row["detail"]
            said = {
                "complaint_id": complaint_id,
                "seq": row["seq"],
                "what": row["what"],
                "at": _instant(row["at"]),
                "by_id": row["by_id"],
                "detail": json.loads(detail) if isinstance(detail, str) else detail,
            }
            before = end
            if key:
                end = entry_hash(key.key, end, by_name="Saya", recorded_at=None, **said)
            else:
                end = chain_hash(end, **said)
            connection.execute(
                text(
                    "UPDATE history SET prev_hash = :before, hash = :end, by_name = 'Saya',"
                    " key_id = :key WHERE id = :id"
                ),
                {"before": before, "end": end, "key": key and key.id, "id": row["id"]},
            )
        connection.execute(
            text("UPDATE complaints SET history_hash = :end WHERE id = :id"),
            {"end": end, "id": complaint_id},
        )
        return len(rows)


def _instant(value: Any) -> Any:
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value


#: Kind, what is done, and what is named: the table and the column, or the words.
BESIDE_COMPLAINTS: list[tuple[str, list[str], str, str]] = [
    (
        "a customer's address",
        ["UPDATE customers SET email = 'x@lain.example'"],
        "customers",
        "email",
    ),
    ("a customer's name", ["UPDATE customers SET name = 'Orang Lain'"], "customers", "name"),
    ("a customer's telephone", ["UPDATE customers SET phone = '628'"], "customers", "phone"),
    ("a customer's type", ["UPDATE customers SET tier = 'UMUM'"], "customers", "tier"),
    (
        "a customer added",
        [
            "INSERT INTO customers (name, name_key, salutation, tier, needs, language,"
            " no_contact_reason, created_at) VALUES ('Lain', 'lain', '', 'REGULER', '[]', 'id', '',"
            " '2026-11-19 02:20:00')"
        ],
        "customers",
        "no seal",
    ),
    ("a role", ["UPDATE users SET role = 'admin' WHERE id = 3"], "users", "role"),
    ("a closed account", ["UPDATE users SET is_active = false WHERE id = 3"], "users", "is_active"),
    ("a staff address", ["UPDATE users SET email = 'x@y.example' WHERE id = 3"], "users", "email"),
    ("a password", ["UPDATE users SET password_hash = 'x' WHERE id = 3"], "users", "password_hash"),
    (
        "a line manager",
        ["UPDATE users SET supervisor_id = 1 WHERE id = 3"],
        "users",
        "supervisor_id",
    ),
    (
        "an account added",
        [
            "INSERT INTO users (email, name, role, password_hash, language, is_active,"
            " session_number) VALUES ('x@y.example', 'X', 'admin', '', 'id', true, 1)"
        ],
        "users",
        "no seal",
    ),
    (
        "an API key",
        ["UPDATE api_tokens SET user_id = 1 WHERE user_id = 3"],
        "api_tokens",
        "user_id",
    ),
    ("an API key removed", ["DELETE FROM api_tokens WHERE user_id = 3"], "api_tokens", "missing"),
    (
        "a rule",
        ["UPDATE rule_versions SET body = '{}' WHERE kind = 'policy'"],
        "rule_versions",
        "body",
    ),
    (
        "a rule of another date",
        ["UPDATE rule_versions SET loaded_at = '2026-01-01 00:00:00' WHERE kind = 'ladder'"],
        "rule_versions",
        "loaded_at",
    ),
    (
        "the name of a category in the rules",
        ["UPDATE rule_versions SET body = '{}' WHERE kind = 'taxonomy'"],
        "rule_versions",
        "body",
    ),
    (
        "the name of a category",
        ["UPDATE categories SET label_id = 'Lain' WHERE code = 'GGN_LAMBAT'"],
        "categories",
        "label_id",
    ),
    (
        "how grave a category is",
        ["UPDATE categories SET severity = 1 WHERE severity = 4"],
        "categories",
        "severity",
    ),
    (
        "a category added",
        [
            "INSERT INTO categories (code, label_id, label_en, severity, position, is_active)"
            " VALUES ('LAIN', 'Lain', 'Other', 1, 99, true)"
        ],
        "categories",
        "no rule knows it",
    ),
    (
        "the cause by which a complaint is listed",
        ["UPDATE complaints SET confirmed_cause = 'VANDAL'"],
        "complaints",
        "confirmed_cause",
    ),
    (
        "what a message said",
        ["UPDATE inbound_messages SET text = 'Terima kasih'"],
        "inbound_messages",
        "text",
    ),
    (
        "who wrote a message",
        ["UPDATE inbound_messages SET from_address = 'lain@y.example'"],
        "inbound_messages",
        "from_address",
    ),
    (
        "who left a message alone",
        ["UPDATE inbound_messages SET reviewed_by_name = 'Orang Lain'"],
        "inbound_messages",
        "reviewed_by_name",
    ),
    (
        "why a message was left alone",
        ["UPDATE inbound_messages SET decision_reason = 'Sudah dijawab'"],
        "inbound_messages",
        "decision_reason",
    ),
    (
        "a message removed",
        ["DELETE FROM inbound_sources", "DELETE FROM inbound_messages"],
        "inbound_messages",
        "missing",
    ),
    (
        "a message that looks as if its time was over",
        ["DELETE FROM inbound_sources", "UPDATE inbound_messages SET emptied_at = taken_at"],
        "inbound_messages",
        "emptied_at",
    ),
    ("the raw bytes of a message", ["DELETE FROM inbound_sources"], "inbound_sources", "missing"),
    (
        "what a messenger's message became",
        ["UPDATE channel_messages SET complaint_id = 1"],
        "channel_messages",
        "complaint_id",
    ),
    (
        "a messenger's message removed",
        ["DELETE FROM channel_messages"],
        "channel_messages",
        "missing",
    ),
    (
        "who opened a file",
        ["UPDATE attachment_views SET user_id = 2"],
        "attachment_views",
        "user_id",
    ),
    (
        "that somebody opened a file",
        ["DELETE FROM attachment_views"],
        "attachment_views",
        "missing",
    ),
    (
        "who settled an alarm",
        ["UPDATE spikes SET settled_by_name = 'Orang Lain'"],
        "spikes",
        "settled_by_name",
    ),
    ("the count of an alarm", ["UPDATE spikes SET count = 4"], "spikes", "count"),
    (
        "how many rows of a file were rejected",
        ["UPDATE import_runs SET rejected = 0"],
        "import_runs",
        "rejected",
    ),
    ("an import removed", ["DELETE FROM import_runs"], "import_runs", "missing"),
    (
        "which registers are sealed",
        [
            "DELETE FROM history_seals WHERE id ="
            " (SELECT max(id) FROM history_seals WHERE complaint_id = 0)"
        ],
        "history_seals",
        "not said to be sealed",
    ),
    ("a branch's calendar", ["UPDATE branches SET calendar = 'x'"], "branches", "calendar"),
    ("a unit's lead", ["UPDATE teams SET lead_id = 1"], "teams", "lead_id"),
    (
        "a timer put off",
        ["UPDATE timers SET fire_at = '2027-11-19 02:20:00'"],
        "timers",
        "fire_at",
    ),
    (
        "a timer that looks as if it could not be fired",
        ["UPDATE timers SET fire_at = '2037-11-19 02:20:00', attempts = 1"],
        "timers",
        "fire_at",
    ),
    ("a timer removed", ["DELETE FROM timers"], "timers", "has no timer"),
    (
        "the seals of what belongs to no complaint",
        ["DELETE FROM history_seals WHERE complaint_id < 0"],
        "history_seals",
        "not sealed",
    ),
    (
        "a seal of a customer",
        ["UPDATE history_seals SET content = '{}' WHERE complaint_id < 0"],
        "history_seals",
        "changed",
    ),
    (
        "a seal moved elsewhere",
        ["UPDATE history_seals SET complaint_id = -2 WHERE complaint_id = -1"],
        "history_seals",
        "changed",
    ),
]


@pytest.mark.first_row_on_postgresql
@pytest.mark.parametrize(
    ("statements", "table", "said"),
    [each[1:] for each in BESIDE_COMPLAINTS],
    ids=[each[0] for each in BESIDE_COMPLAINTS],
)
def test_tampering_beside_complaints_is_named(
    engine: Engine, tmp_path: Path, statements: list[str], table: str, said: str
):
    assert verify_all(sessionmaker(engine), None, tmp_path)["bad"] == []
    tamper(engine, *statements)
    bad = verify_all(sessionmaker(engine), None, tmp_path)["bad"]
    named = [each for each in bad if each["table"] == table]
    assert any(said in each["what"] for each in named)
    assert any(
        said in each["fields"] or (each["fields"] == [] and said in each["what"]) for each in named
    )


@pytest.mark.parametrize(
    ("statement", "table", "field"),
    [
        ("UPDATE customers SET since = 'x'", "customers", "since"),
        ("UPDATE deadlines SET due_at = 'x'", "deadlines", "due_at"),
        # Of entries that may count as exceptions an index reads the detail, and refuses it.
        ("UPDATE history SET detail = '{x' WHERE what = 'register'", "history", "detail"),
        ("UPDATE history_seals SET content = '{x'", "history_seals", "content"),
        ("UPDATE notes SET text = x'ff00'", "notes", "text"),
        ("UPDATE notes SET text = CAST(x'ff00' AS TEXT)", "notes", "text"),
        ("UPDATE rule_versions SET body = 'x'", "rule_versions", "body"),
        ("UPDATE timers SET fire_at = 'x'", "timers", "fire_at"),
    ],
)
def test_a_value_that_cannot_be_read_is_named_and_stops_nobody(
    engine: Engine, tmp_path: Path, statement: str, table: str, field: str
):
    if engine.dialect.name != "sqlite":
        pytest.skip("this database refuses such a value")
    tamper(engine, statement)
    found = verify_all(sessionmaker(engine), None, tmp_path)
    assert {(each["table"], *each["fields"]) for each in found["bad"]} == {(table, field)}
    assert "cannot be read; nothing else was compared" in found["bad"][0]["what"]


def test_an_instant_that_is_none_is_named_beside_what_else_was_changed(engine: Engine):
    if engine.dialect.name != "sqlite":
        pytest.skip("this database refuses such a value")
    tamper(
        engine,
        "UPDATE complaints SET received_at = 'x' WHERE id = 1",
        "UPDATE notes SET text = 'Semua baik', at = substr(at, 1, 19) || '+07:00'",
    )
    assert {(each["table"], each["what"]) for each in faults(engine)} == {
        ("complaints", "received_at changed"),
        ("notes", "at, text changed"),
    }


def test_what_stood_at_the_update_is_sealed_as_it_stands(engine: Engine):
    """A database from before customers, accounts and rules were sealed."""
    tamper(engine, "DELETE FROM history_seals WHERE complaint_id < 0")
    with Session(engine) as session:
        open_seals(session)
        session.commit()
    assert faults(engine) == []
    tamper(engine, "UPDATE users SET role = 'admin' WHERE role = 'csr'")
    assert {each["record"] for each in faults(engine)} == {"users 3", "users 4"}


def test_several_processes_find_what_one_finds(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Each checks some of the complaints, one of which was removed after the day was sealed."""
    sessions = sessionmaker(engine)
    write_seals(sessions, tmp_path, NOW)
    tamper(engine, "UPDATE complaints SET story = 'Semua baik' WHERE id = 2")
    remove(engine, 1)
    alone = verify_all(sessions, None, tmp_path)
    said = {each["what"] for each in alone["bad"]}
    assert {"the complaint is missing", "story changed"} <= said
    monkeypatch.setattr(verify, "LEAST", 1)
    monkeypatch.setattr(verify_processes, "_AT_ONCE", 1)
    assert verify_all(sessions, None, tmp_path, processes=2) == alone


def test_what_is_sealed_since_an_update_is_sealed_as_it_stands(engine: Engine):
    """A database from before mail, views, alarms and imports were sealed; nothing else is."""
    since = ("inbound_messages", "channel_messages", "attachment_views", "spikes", "import_runs")
    with Session(engine) as session, session.begin():
        for seal in session.scalars(select(HistorySeal).where(HistorySeal.complaint_id <= 0)):
            if "registers" in seal.content or seal.content.keys() & {*since}:
                session.delete(seal)
    assert {each["what"] for each in faults(engine) if each["table"] == "history_seals"} == {
        "it is not said to be sealed; run `complaints init`"
    }
    tamper(
        engine,
        "UPDATE users SET role = 'admin' WHERE id = 3",
        "UPDATE inbound_messages SET text = 'Lain'",
    )
    for _ in range(2):
        with Session(engine) as session, session.begin():
            open_seals(session)
    assert {each["record"] for each in faults(engine)} == {"users 3"}


def test_other_bytes_of_a_message_are_named_by_the_check_of_files(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
):
    sessions = sessionmaker(engine)
    found = [each for each in verify_files(sessions)[1] if each["table"] == "inbound_sources"]
    assert found == []
    with engine.begin() as connection:
        packed = zlib.compress(b"From: x@y.example\n\nLain")
        connection.execute(text("UPDATE inbound_sources SET packed = :packed"), {"packed": packed})
    (found,) = [each for each in verify_files(sessions)[1] if each["table"] == "inbound_sources"]
    assert (found["record"], found["what"]) == (
        "inbound_sources 1",
        "the stored message has other bytes",
    )


def test_seals_that_hang_on_nothing_are_counted_by_the_file(engine: Engine, tmp_path: Path):
    """An address changed by us, put back with SQL, and the seal of the change removed."""
    sessions = sessionmaker(engine)
    with sessions.begin() as session:
        customer = session.get_one(Customer, 1)
        before = customer.email
        customer.email = "baru@pelanggan.example"
    write_seals(sessions, tmp_path, NOW)
    assert verify_all(sessions, None, tmp_path)["bad"] == []
    tamper(
        engine,
        f"UPDATE customers SET email = '{before}'",
        "DELETE FROM history_seals WHERE id = (SELECT max(id) FROM history_seals)",
    )
    assert verify_all(sessions, None, tmp_path / "nowhere")["bad"] == []
    bad = verify_all(sessions, None, tmp_path)["bad"]
    assert [each["what"] for each in bad] == [
        "1 of the seals that were counted on 2026-11-19 are missing"
    ]


def test_what_a_migration_wrote_into_a_sealed_record_is_no_tampering(engine: Engine):
    """0046 marks silence as recorded under the rules of then; nothing else may be marked so."""
    sessions = sessionmaker(engine)
    with sessions.begin() as session:
        session.add(
            StepRecord(
                complaint_id=1, criterion="020-3.4", record="answer", cycle=1, at=NOW,
                by_name="Csr", method="", is_unable=True, reason="silent",
            )
        )  # fmt: skip
    silence = "criterion = '020-3.4' AND is_unable"
    tamper(engine, f"UPDATE step_records SET proof_rules = 1 WHERE {silence}")
    assert faults(engine) == []
    tamper(engine, f"UPDATE step_records SET proof_rules = 1 WHERE NOT ({silence})")
    assert {each["what"] for each in faults(engine)} == {"proof_rules changed"}
