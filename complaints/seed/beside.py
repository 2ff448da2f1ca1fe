"""What the demonstration has beside complaints: other contacts, public posts, notes of coaching."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session

from complaints.models import Notice
from complaints.people.customers import CustomerGiven
from complaints.people.observations import ObservationGiven, record_observation
from complaints.rulebook import RuleBook
from complaints.seed.people import Cast
from complaints.steps.other_contacts.end import Ending, hand_over
from complaints.steps.other_contacts.take import ContactGiven, take_contact
from complaints.steps.public_posts.aside import set_aside
from complaints.steps.public_posts.reply import reply_to_post
from complaints.steps.public_posts.take import PostGiven, take_post

#: What is older than this many working hours has been read.
_READ_AFTER = 6


@dataclass(frozen=True, slots=True)
class _Contact:
    """A contact so many working hours ago; without an end it is still open.

    `team` has it, ended or not.
    """

    desk: str
    kind: str
    channel: str
    hours: float
    words: str
    name: str = ""
    salutation: str = ""
    phone: str = ""
    answer: str = ""
    method: str = ""
    team: str = ""
    person: str = ""


_CONTACTS = (
    _Contact(
        "csr",
        "INFORMASI",
        "call",
        52,
        "Apakah paket 50 Mbps sudah tersedia di Jalan Melati, Tebet?",
        *("Wulan Anggraini", "Ibu", "0812 5550 9001"),
        answer="Sudah tersedia. Biaya pemasangan dan syaratnya dijelaskan lewat telepon.",
        method="phone",
    ),
    _Contact(
        "csr2",
        "INFORMASI",
        "walk_in",
        30,
        "Dokumen apa yang harus dibawa untuk balik nama karena orang tua meninggal?",
        *("Ramli Saputro", "Bapak", "0812 5550 9002"),
        answer="KTP ahli waris, kartu keluarga, dan surat kematian; daftarnya diberikan tertulis.",
        method="spoken",
    ),
    _Contact(
        "csr",
        "PERMINTAAN",
        "whatsapp",
        20,
        "Minta salinan tagihan bulan September sampai November untuk laporan kantor.",
        *("Heru Susilo", "Bapak", "0812 5550 9003"),
        answer="Salinan tiga tagihan dikirim lewat WhatsApp",
        method="message",
    ),
    _Contact(
        "csr",
        "PERMINTAAN",
        "call",
        3,
        "Mau pindah alamat bulan depan ke Depok, minta jadwal pemasangan di rumah baru.",
        *("Fitri Maharani", "Ibu", "0812 5550 9004"),
        team="PASANG",
    ),
    _Contact(
        "csr",
        "INFORMASI",
        "walk_in",
        1,
        "Apakah denda keterlambatan bisa dicicil? Minta ditelepon kalau sudah ada jawabannya.",
        *("Agung Hartanto", "Bapak", "0812 5550 9005"),
        team="TAGIHAN",
    ),
    _Contact(
        "csr",
        "SARAN",
        "box",
        44,
        "Sebaiknya ada kursi khusus lansia di dekat loket, antreannya panjang.",
        team="RETENSI",
        answer="Diteruskan; kursi ditambah saat penataan ruang berikutnya",
    ),
    _Contact(
        "csr2",
        "SARAN",
        "app",
        12,
        "Tolong tampilkan sisa kuota di halaman depan aplikasi, sekarang harus tiga kali klik.",
    ),
    _Contact(
        "csr",
        "PUJIAN",
        "call",
        9,
        "Terima kasih untuk Pak Hendra, datang hujan-hujan dan internet langsung menyala.",
        *("Yanti Kusuma", "Ibu", "0812 5550 9006"),
        answer="Ucapan terima kasih sudah disampaikan kepada Hendra",
        method="phone",
        person="Hendra",
    ),
)


@dataclass(frozen=True, slots=True)
class _Post:
    """A post so many working hours ago, with what became of it within how many."""

    desk: str
    channel: str
    place: str
    author: str
    hours: float
    text: str
    reply: str = ""
    within: float = 0.0
    aside: str = ""


_POSTS = (
    _Post(
        "csr",
        "x",
        "https://x.com/warga_tebet/status/1830000000000000001",
        "@warga_tebet",
        26,
        "Internet Tebet hilang tiap hujan. @layanan.nusantara ini kabelnya dari benang ya?",
        reply="Mohon maaf atas gangguannya. Kirimkan nomor pelanggan lewat pesan langsung agar "
        "segera kami periksa.",
        within=1.5,
    ),
    _Post(
        "csr2",
        "facebook",
        "https://www.facebook.com/groups/info.makassar/posts/740000000000001",
        "Mariani R.",
        14,
        "Ada yang sama? Sudah dua hari tagihan di aplikasi tidak bisa dibuka.",
        reply="Mohon maaf, halaman tagihan sudah pulih. Jika masih terkendala, balas pesan kami.",
        within=2.5,
    ),
    _Post(
        "csr",
        "instagram",
        "https://www.instagram.com/p/CxDemoTanggap1/",
        "@kopi.kalimalang",
        10,
        "Promo kuota gratis klik di sini: kuota-hadiah.example",
        aside="Bukan tentang layanan kami: iklan penipuan, sudah dilaporkan ke Instagram",
    ),
    _Post(
        "csr",
        "x",
        "https://x.com/nia_pasarminggu/status/1830000000000000002",
        "@nia_pasarminggu",
        0.6,
        "Pasar Minggu mati lagi dari siang. Ada kabar kapan normal? @layanan.nusantara",
    ),
    _Post(
        "csr2",
        "instagram",
        "https://www.instagram.com/p/CxDemoTanggap2/",
        "@rahmatia.mks",
        1.2,
        "Teknisi janji datang jam 9, sampai sekarang tidak ada. Nomor kantor tidak diangkat.",
    ),
)

#: Who was observed, by whom, how many working hours ago, and what was seen.
_SEEN = (
    (
        ("csr", "supervisor", 40, "std2-menyimak", 4),
        "Cerita didengar sampai selesai, baru bertanya. Bagus untuk dicontoh.",
    ),
    (
        ("csr", "supervisor", 18, "std3-meninggalkan", 2),
        "Dua kali meninggalkan pelanggan tanpa menyebut berapa lama. Disepakati: sebut menitnya.",
    ),
    (
        ("csr2", "supervisor.mks", 25, "std7-penutup", 3),
        "Penutup lengkap, ucapan terima kasih agak tergesa. Dicoba lebih pelan.",
    ),
)


def happen_beside(session: Session, rules: RuleBook, cast: Cast, now: datetime) -> None:
    """Let all of it happen, each at its own time before `now`."""
    for contact in _CONTACTS:
        _contact(session, rules, cast, contact, now)
    for post in _POSTS:
        _post(session, rules, cast, post, now)
    for (seen, observer, hours, standard, score), words in _SEEN:
        by = cast.by_login[observer].actor
        calendar = rules.own_calendar(by.branch_id)
        at = calendar.add(now, -hours * 3600)
        today = at.astimezone(calendar.tz).date()
        follow_up = calendar.add_days(today, 10) if score < 3 else None
        given = ObservationGiven(standard, score, words, follow_up)
        person = cast.by_login[seen].actor.id
        assert person is not None
        record_observation(session, person, given, by=by, at=at, today=today)
    session.flush()
    since = rules.own_calendar(None).add(now, -_READ_AFTER * 3600)
    session.execute(
        update(Notice)
        .where(Notice.complaint_id.is_(None), Notice.read_at.is_(None), Notice.at < since)
        .values(read_at=since)
        .execution_options(synchronize_session=False)
    )


def _contact(session: Session, rules: RuleBook, cast: Cast, told: _Contact, now: datetime) -> None:
    desk = cast.by_login[told.desk]
    at = rules.own_calendar(desk.actor.branch_id).add(now, -int(told.hours * 3600))
    is_ended = bool(told.answer)
    end = Ending(words=told.answer, method=told.method, team=told.team, person=told.person)
    given = ContactGiven(
        kind=told.kind,
        channel=told.channel,
        words=told.words,
        branch=desk.member.branch or "",
        received_at=at,
        customer=CustomerGiven(name=told.name, salutation=told.salutation, phone=told.phone),
        end=end if is_ended else None,
    )
    case = take_contact(session, rules, given, by=desk.actor, at=at)
    if told.team and not is_ended:
        case.at = min(at + timedelta(minutes=4), now)
        hand_over(case, team=told.team, note="Pelanggan menunggu kabar")


def _post(session: Session, rules: RuleBook, cast: Cast, told: _Post, now: datetime) -> None:
    desk = cast.by_login[told.desk]
    calendar = rules.own_calendar(desk.actor.branch_id)
    posted_at = calendar.add(now, -int(told.hours * 3600))
    given = PostGiven(
        channel=told.channel,
        link=told.place,
        author=told.author,
        text=told.text,
        posted_at=posted_at,
        branch=desk.member.branch or "",
    )
    case = take_post(session, rules, given, by=desk.actor, at=posted_at + timedelta(minutes=9)).case
    if told.reply:
        case.at = calendar.add(posted_at, int(told.within * 3600))
        reply_to_post(case, text=told.reply)
    if told.aside:
        case.at += timedelta(minutes=6)
        set_aside(case, reason=told.aside)
