"""What hangs on the complaints of `life`: derived from them inside the database, on either one."""

#: Of so many complaints one is escalated to the supervisor and open: 20,000 of a million.
OF_ESCALATIONS = 50
#: Of so many complaints one has a notice that the supervisor has not read: 50,000 of a million.
OF_NOTICES = 20
LONG_HISTORY, SHORT_HISTORY = 5_000, 50

#: Kind, clause and minutes of the clocks that every complaint had, and those that may still run.
_SHORT_CLOCKS = "SELECT 'ack' AS kind, 'ack_oral' AS clause, 30 AS span UNION ALL"
_SHORT_CLOCKS += " SELECT 'plan', 'plan', 1440"
_LONG_CLOCKS = "SELECT 'progress' AS kind, 'progress' AS clause, 4320 AS span UNION ALL"
_LONG_CLOCKS += " SELECT 'resolve', 'resolve_p2', 4320"

_DEADLINE = """
    INSERT INTO deadlines (complaint_id, kind, cycle, policy, clause, policy_version_id,
        calendar_version_id, ladder_version_id, started_at, due_at, state, ended_at, breached_at,
        fired)"""
_ENTRY = """
    INSERT INTO deadline_entries (deadline_id, complaint_id, what, at, until, due_at, reason,
        detail)"""
_NOTE = """
    INSERT INTO notes (complaint_id, direction, text, method, at, by_name)"""
_HISTORY = """
    INSERT INTO history (complaint_id, seq, what, at, by_name, detail, prev_hash, hash)"""


def derived_rows(is_postgresql: bool) -> list[str]:
    """The statements, in their order; they take `now`, `supervisor`, `complaints`, `long`,
    `short`, and the ids of `policy`, `calendar` and `ladder`."""

    def later(column: str, minutes: str) -> str:
        if is_postgresql:
            return f"{column} + ({minutes}) * interval '1 minute'"
        return f"strftime('%Y-%m-%d %H:%M:%S.000000', {column}, '+' || ({minutes}) || ' minutes')"

    now = "CAST(:now AS timestamptz)" if is_postgresql else ":now"
    zeros = "repeat('0', 64)" if is_postgresql else f"'{'0' * 64}'"
    numbers = (
        "WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 5000)"
    )
    late = '{"clock": "resolve", "left": [-7200, true], "zone": "Asia/Jakarta"}'
    facts = f"CAST('{late}' AS jsonb)" if is_postgresql else f"'{late}'"
    json = "CAST('{}' AS jsonb)" if is_postgresql else "'{}'"
    return [
        # The first clocks of every complaint were kept.
        f"""{_DEADLINE}
        SELECT c.id, k.kind, 1, 'id-default-front-desk', k.clause, :policy, :calendar, :ladder,
            c.received_at, {later("c.received_at", "k.span")}, 'met',
            {later("c.received_at", "k.span / 2")}, NULL, 2
        FROM complaints c CROSS JOIN ({_SHORT_CLOCKS}) k""",
        # The others ended with the complaint: kept, or in one of nine missed.
        f"""{_DEADLINE}
        SELECT c.id, k.kind, 1, 'id-default-front-desk', k.clause, :policy, :calendar, :ladder,
            c.received_at,
            CASE WHEN c.id % 9 = 0 THEN {later("c.received_at", "k.span / 3")}
                 ELSE {later("c.received_at", "k.span")} END,
            CASE WHEN c.id % 9 = 0 THEN 'breached' ELSE 'met' END, c.closed_at,
            CASE WHEN c.id % 9 = 0 THEN {later("c.received_at", "k.span / 3")} END, 3
        FROM complaints c CROSS JOIN ({_LONG_CLOCKS}) k WHERE c.closed_at IS NOT NULL""",
        # Or run, stand still, or run late.
        f"""{_DEADLINE}
        SELECT c.id, k.kind, 1, 'id-default-front-desk', k.clause, :policy, :calendar, :ladder,
            c.received_at,
            CASE WHEN k.kind = 'resolve' THEN c.next_due_at
                 ELSE {later("c.next_due_at", "2880")} END,
            CASE WHEN c.waiting_customer THEN 'paused'
                 WHEN k.kind = 'resolve' AND c.next_due_at < {now} THEN 'breached'
                 ELSE 'running' END,
            NULL,
            CASE WHEN k.kind = 'resolve' AND c.next_due_at < {now} AND NOT c.waiting_customer
                 THEN c.next_due_at END,
            2
        FROM complaints c CROSS JOIN ({_LONG_CLOCKS}) k WHERE c.closed_at IS NULL""",
        f"""{_ENTRY}
        SELECT d.id, d.complaint_id, 'start', d.started_at, NULL, d.due_at, '',
            {_terms(is_postgresql)} FROM deadlines d""",
        f"""{_ENTRY}
        SELECT d.id, d.complaint_id, 'meet', d.ended_at, NULL, d.due_at, '', {json}
        FROM deadlines d WHERE d.ended_at IS NOT NULL""",
        f"""{_ENTRY}
        SELECT d.id, d.complaint_id, 'pause', d.started_at, {later("d.due_at", "14400")}, d.due_at,
            'menunggu pelanggan', {json} FROM deadlines d WHERE d.state = 'paused'""",
        f"""
        INSERT INTO timers (deadline_id, complaint_id, fire_at, firing, attempts, last_error)
        SELECT id, complaint_id, {later(now, "43200")}, 'breach', 0, '' FROM deadlines
        WHERE ended_at IS NULL""",
        f"""
        INSERT INTO step_records (complaint_id, criterion, record, cycle, at, by_name, method,
            words, is_unable, reason, detail, proof_rules)
        SELECT c.id, k.criterion, k.record, 1, c.received_at, 'Petugas', 'spoken', 'Baik.', false,
            '', {json}, 1
        FROM complaints c CROSS JOIN (SELECT '020-1.1' AS criterion, 'attestation' AS record
            UNION ALL SELECT '020-1.2', 'confirmation' UNION ALL SELECT '020-1.3', 'apology'
            UNION ALL SELECT '020-1.6', 'receipt') k""",
        f"""{_HISTORY}
        SELECT c.id, k.n, k.what, c.received_at, 'Petugas', {json}, {zeros}, {zeros}
        FROM complaints c CROSS JOIN (SELECT 1 AS n, 'receive' AS what UNION ALL
            SELECT 2, 'attest' UNION ALL SELECT 3, 'confirm' UNION ALL SELECT 4, 'apologise') k""",
        # One complaint that everybody has written about, and one with an ordinary long history.
        *(
            f"""{_NOTE}
            {numbers} SELECT c.id, 'internal', 'Pesan ' || n || ' dari petugas yang menangani.', '',
                {later("c.received_at", "n")}, 'Petugas'
            FROM complaints c CROSS JOIN numbers WHERE c.id = :{which} AND n <= {count}"""
            for which, count in (("long", LONG_HISTORY), ("short", SHORT_HISTORY))
        ),
        *(
            f"""{_HISTORY}
            {numbers} SELECT c.id, n + 4, 'note', {later("c.received_at", "n")}, 'Petugas', {json},
                {zeros}, {zeros}
            FROM complaints c CROSS JOIN numbers WHERE c.id = :{which} AND n <= {count}"""
            for which, count in (("long", LONG_HISTORY), ("short", SHORT_HISTORY))
        ),
        f"""{_NOTE}
        SELECT id, 'internal', 'Sudah diperiksa.', '', received_at, 'Petugas' FROM complaints
        WHERE id % 10 = 3 AND id NOT IN (:long, :short)""",
        f"""
        INSERT INTO parties (complaint_id, team_id, reason, sent_at, sent_by_id, answer,
            answered_at, answer_reason)
        SELECT id, coalesce(team_id, (SELECT min(id) FROM teams)), 'mohon diperiksa', received_at,
            handler_id, CASE WHEN closed_at IS NULL AND id % 2 = 0 THEN NULL ELSE 'accepted' END,
            CASE WHEN closed_at IS NULL AND id % 2 = 0 THEN NULL
                 ELSE {later("received_at", "45")} END, ''
        FROM complaints WHERE id % 3 = 0""",
        """
        INSERT INTO causes (complaint_id, cycle, stage, code, text, quote, at)
        SELECT id, 1, 'confirmed', confirmed_cause, 'Kabel putus.', '', closed_at
        FROM complaints WHERE confirmed_cause IS NOT NULL""",
        """
        INSERT INTO offers (complaint_id, cycle, remedy, description, amount, state, at, bound,
            decision_reason, method)
        SELECT id, 1, 'PERBAIKAN', 'Diperbaiki.', 0, 'accepted', closed_at, '', '', ''
        FROM complaints WHERE closed_at IS NOT NULL AND id % 2 = 1""",
        f"""
        INSERT INTO commitments (complaint_id, cycle, kind, revision, position, what, owner,
            owner_kind, owner_id, due_at, follows_promise, at, note, reference, drop_reason,
            is_earlier, done_at)
        SELECT id, 1, 'step', 1, 1, 'Menelepon pelanggan', 'Petugas', 'person', handler_id,
            {later("received_at", "1440")}, false, received_at, '', '', '', false, closed_at
        FROM complaints WHERE handler_id IS NOT NULL AND id % 4 = 0""",
        f"""
        INSERT INTO outbox (key, kind, complaint_id, to_address, language, facts, created_at, state,
            attempts, next_try_at, sent_at, last_error)
        SELECT 'bench:' || id, 'receipt', id, 'p' || id || '@pelanggan.example', 'id', {json},
            received_at, 'sent', 1, received_at, received_at, ''
        FROM complaints WHERE id % 2 = 0""",
        # The supervisor: escalations nobody has taken note of, notices nobody has read.
        f"""
        INSERT INTO escalations (key, complaint_id, level, reason, raised_at, to_id, instruction)
        SELECT 'bench:' || id, id, 2, 'terlambat', {later("received_at", "4320")}, :supervisor, ''
        FROM complaints WHERE closed_at IS NULL AND id % {OF_ESCALATIONS} = 0""",
        """
        INSERT INTO escalations (key, complaint_id, level, reason, raised_at, to_id, instruction,
            acknowledged_at, acknowledged_by_id, ack_expires_at, expiry_told_at)
        SELECT 'bench:' || id, id, 1, 'terlambat', closed_at, :supervisor, '', closed_at,
            :supervisor, closed_at, closed_at
        FROM complaints WHERE closed_at IS NOT NULL AND id % 25 = 1""",
        f"""
        INSERT INTO notices (key, user_id, complaint_id, kind, facts, at, read_at)
        SELECT 'bench:' || id, CASE WHEN id % {OF_NOTICES} = 0 THEN :supervisor ELSE handler_id END,
            id, 'breach', {facts}, received_at,
            CASE WHEN id % {OF_NOTICES} <> 0 AND id % 3 <> 0 THEN {later("received_at", "60")} END
        FROM complaints
        WHERE id % {OF_NOTICES} = 0 OR handler_id IS NOT NULL AND id > :complaints / 2
        ORDER BY id""",
        f"""
        UPDATE complaints
        SET history_seq = 4 + CASE id WHEN :long THEN {LONG_HISTORY} ELSE {SHORT_HISTORY} END
        WHERE id IN (:long, :short)""",
        f"""
        INSERT INTO heartbeats (job, at, lag_seconds, handled) VALUES ('fire', {now}, 0, 0)""",
    ]


def _terms(is_postgresql: bool) -> str:
    """What the first entry of a ledger keeps: under which rule it was counted."""
    pairs = "'clause', d.clause, 'policy_version', d.policy_version_id,"
    pairs += " 'calendar_version', d.calendar_version_id"
    return f"jsonb_build_object({pairs})" if is_postgresql else f"json_object({pairs})"
