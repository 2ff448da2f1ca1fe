"""A hundred thousand complaints in seconds, made by PostgreSQL itself for the benchmarks.

The rows look like the product's own: customers, complaints in every status, four deadlines each
with their ledger, and timers for what still runs. They go round the steps on purpose; nothing
but the benchmarks may do that.
"""

from sqlalchemy import Connection, text

_WORDS = (
    "internet mati tagihan ganda modem lambat teknisi janji kabel putus pasang baru gangguan "
    "pembayaran deposit antrean aplikasi promo denda layanan sinyal hujan kantor rumah toko"
)

_STATEMENTS = (
    """
    INSERT INTO customers (name, name_key, salutation, phone, tier, needs, language,
                           no_contact_reason, created_at)
    SELECT 'Pelanggan ' || n, 'pelanggan ' || n, 'Ibu', '62812' || lpad(n::text, 8, '0'),
           'REGULER', '[]', 'id', '', now()
    FROM generate_series(CAST(:first AS int), CAST(:last AS int)) n
    """,
    """
    INSERT INTO complaints (year, source, branch_id, customer_id, received_by_id, handler_id,
        channel, category, story, summary, product, remedy_wanted, received_at, record_gaps,
        status, waiting_customer, cycle, severity, priority, priority_reason, outcome, closed_at,
        next_due_at, next_due_kind, escalation_level, follow_nonce, history_seq, history_hash,
        version)
    SELECT 2026, 'bench', (SELECT min(id) FROM branches) + n % 3,
        (SELECT max(id) FROM customers) - (CAST(:last AS int) - n), :user, :user, 'walk_in',
        (ARRAY['GGN_MATI','TAG_GANDA','PSB_BELUM','PTG_CSR'])[1 + n % 4],
        (SELECT string_agg(
             (string_to_array(CAST(:words AS text), ' '))[1 + (n * 7 + k * k * 13) % 24], ' ')
           FROM generate_series(1, 30) k) || ' perkara' || n,
        'Ringkasan ' || n, 'INTERNET_RUMAH', '', at, '{}',
        CASE WHEN is_open THEN (ARRAY['received','registered','in_handling','offered'])[1 + n % 4]
             ELSE 'closed' END,
        false, 1, 2, 'P' || (1 + n % 4), '{}',
        CASE WHEN is_open THEN NULL ELSE 'SETUJU' END,
        CASE WHEN is_open THEN NULL ELSE at + interval '2 days' END,
        CASE WHEN is_open THEN at + interval '3 days' END,
        CASE WHEN is_open THEN 'resolve' END, 0, '', 0, repeat('0', 64), 1
    FROM (SELECT n, n % 5 = 0 AS is_open,
                 now() - (n % 500) * interval '6 hours' - interval '1 hour' AS at
            FROM generate_series(CAST(:first AS int), CAST(:last AS int)) n) s
    """,
    """
    INSERT INTO deadlines (complaint_id, kind, cycle, policy, clause, policy_version_id,
        calendar_version_id, ladder_version_id, started_at, due_at, state, ended_at, fired)
    SELECT c.id, k.kind, 1, 'id-default-front-desk', k.clause, :policy, :calendar, :ladder,
        c.received_at, c.received_at + k.span,
        CASE WHEN c.closed_at IS NULL THEN 'running'
             WHEN c.closed_at > c.received_at + k.span THEN 'breached' ELSE 'met' END,
        c.closed_at, 0
    FROM complaints c,
         (VALUES ('ack', 'ack_oral', interval '30 minutes'), ('plan', 'plan', interval '1 day'),
                 ('progress', 'progress', interval '3 days'),
                 ('resolve', 'resolve_p2', interval '3 days')) AS k(kind, clause, span)
    WHERE c.id > :above
    """,
    """
    INSERT INTO deadline_entries (deadline_id, complaint_id, what, at, due_at, reason, detail)
    SELECT id, complaint_id, 'start', started_at, due_at, '', '{}' FROM deadlines
    WHERE complaint_id > :above
    """,
    """
    INSERT INTO timers (deadline_id, complaint_id, fire_at, firing, attempts, last_error)
    SELECT id, complaint_id, now() + interval '30 days', 'breach', 0, '' FROM deadlines
    WHERE complaint_id > :above AND ended_at IS NULL
    """,
    """
    INSERT INTO step_records (complaint_id, criterion, record, cycle, at, by_name, method, words,
                              is_unable, reason, detail)
    SELECT id, k, 'record', 1, received_at, 'Rina', 'spoken', 'kata-kata', false, '', '{}'
    FROM complaints, unnest(ARRAY['020-1.1','020-1.2','020-1.3','020-1.4','020-1.5','020-1.6']) k
    WHERE id > :above
    """,
    """
    INSERT INTO history (complaint_id, seq, what, at, by_name, detail, prev_hash, hash)
    SELECT id, k, 'attest', received_at, 'Rina', '{}', repeat('0', 64), repeat('0', 64)
    FROM complaints, generate_series(1, 6) k WHERE id > :above
    """,
)


def fill(connection: Connection, up_to: int, user_id: int) -> None:
    """Bring the database to `up_to` complaints and gather the planner's statistics."""
    have = connection.scalar(text("SELECT count(*) FROM complaints")) or 0
    above = connection.scalar(text("SELECT coalesce(max(id), 0) FROM complaints"))
    versions = {
        kind: connection.scalar(
            text("SELECT min(id) FROM rule_versions WHERE kind = :kind AND code = :code"),
            {"kind": kind, "code": code},
        )
        for kind, code in (
            ("policy", "id-default-front-desk"),
            ("calendar", "jakarta"),
            ("ladder", "default"),
        )
    }
    values = {
        "first": have + 1,
        "last": up_to,
        "above": above,
        "user": user_id,
        "words": _WORDS,
        **versions,
    }
    for statement in _STATEMENTS:
        connection.execute(text(statement), values)
    connection.commit()
    connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("VACUUM ANALYZE"))
