"""What the demonstration does against its causes: one action verified, one done, two open."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session

from complaints.models import Notice
from complaints.rulebook import RuleBook
from complaints.sealing import seal_written
from complaints.seed.people import Cast
from complaints.steps.improvement.change import set_whys
from complaints.steps.improvement.finish import finish_action, verify_action
from complaints.steps.improvement.raise_action import ActionGiven, raise_action
from complaints.steps.improvement.record import ActionCase
from complaints.steps.improvement.remind import remind_of_actions

#: What is older than this has been read.
_READ_AFTER = timedelta(days=3)
#: How soon a worker notices that a day is over.
_NOTICED_AFTER = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class _Story:
    """An action with how many days ago it was raised, done and verified, where it was."""

    subject: str
    code: str
    what: str
    why: str
    owner: str
    raised: int
    #: Working days that were given.
    given: int
    done: int | None = None
    verified: int | None = None
    cause: str = ""
    whys: tuple[str, ...] = ()
    evidence: str = ""
    judged: str = ""


_STORIES = (
    _Story(
        "category",
        "GGN_MATI",
        "Beri tanda jalur kabel di lokasi galian",
        "Kabel sering putus karena penggali tidak tahu letaknya",
        "officer",
        raised=66,
        given=12,
        done=52,
        verified=20,
        cause="JARINGAN_KABEL",
        whys=(
            "Penggali tidak tahu letak kabel",
            "Peta jalur tidak dibagikan kepada kontraktor",
            "Tidak ada yang ditugaskan membagikannya",
        ),
        evidence="Tanda terpasang di 14 lokasi; foto dan daftar lokasi ada pada Unit Teknik",
        judged="Jumlah keluhan belum berubah; kabel utama perlu dipindahkan",
    ),
    _Story(
        "cause",
        "SISTEM_TAGIHAN",
        "Uji hitung tagihan sebelum dikirim",
        "Salah hitung baru diketahui dari keluhan pelanggan",
        "officer.tagihan",
        raised=33,
        given=10,
        done=21,
        whys=("Tarif baru belum dimasukkan", "Tidak ada uji sebelum pengiriman"),
        evidence="Laporan uji 400 tagihan, semuanya cocok",
    ),
    _Story(
        "cause",
        "MITRA_TEKNISI",
        "Wajibkan teknisi menelepon satu jam sebelum datang",
        "Pelanggan menunggu tanpa kabar dan teknisi tidak menemukan orang di rumah",
        "officer.pasang",
        raised=20,
        given=7,
    ),
    _Story(
        "channel",
        "whatsapp",
        "Balasan pertama pesan WhatsApp dalam satu jam kerja",
        "Pesan yang lama tidak dibalas menjadi keluhan kedua",
        "csr",
        raised=6,
        given=20,
    ),
)


def improve(session: Session, rules: RuleBook, cast: Cast, now: datetime) -> None:
    """Let the supervisor of Jakarta raise them, their owners carry them out, as days go by."""
    # What changed in this transaction is noted for the figures, which an effect is read from.
    seal_written(session)
    for told in _STORIES:
        _play(session, rules, cast, told, now)
    session.flush()
    session.execute(
        update(Notice)
        .where(Notice.kind.like("action%"), Notice.at < now - _READ_AFTER)
        .values(read_at=now - _READ_AFTER)
        .execution_options(synchronize_session=False)
    )


def _play(session: Session, rules: RuleBook, cast: Cast, told: _Story, now: datetime) -> None:
    lead, owner = cast.by_login["supervisor"], cast.by_login[told.owner]
    calendar = rules.own_calendar(lead.actor.branch_id)
    at = calendar.next_opening(now - timedelta(days=told.raised))
    given = ActionGiven(
        subject=told.subject,
        code=told.code,
        what=told.what,
        why=told.why,
        owner=owner.email,
        due_on=calendar.add_days(at.astimezone(calendar.tz).date(), told.given),
    )
    action = raise_action(session, rules, given, by=lead.actor, at=at).action
    if told.whys:
        case = ActionCase(session, rules, action, lead.actor, at)
        set_whys(case, cause=told.cause, whys=told.whys)
    if told.done is not None:
        at = calendar.next_opening(now - timedelta(days=told.done))
        case = ActionCase(session, rules, action, owner.actor, at)
        finish_action(case, evidence=told.evidence)
    elif action.due_at < now:
        remind_of_actions(session, at=action.due_at + _NOTICED_AFTER)
    if told.verified is not None:
        at = calendar.next_opening(now - timedelta(days=told.verified))
        case = ActionCase(session, rules, action, lead.actor, at)
        verify_action(case, is_effective=False, reason=told.judged)
