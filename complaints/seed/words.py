"""What staff and customers say in the demonstration whatever the matter is; Indonesian first.

Words of the trade's own scripts are not repeated here: the steps take them from `config/`.
"""

from collections.abc import Mapping, Sequence

#: Reasons why a step could not be done.
UNHEARD = "Sambungan terputus sebelum pelanggan selesai bercerita; pelanggan dihubungi kembali"
ALONE = (
    "Ditangani meja layanan bersama supervisor; tidak ada unit lain yang terlibat",
    "Dapat diselesaikan langsung di meja layanan tanpa unit lain",
)
NO_POWER_OF_ATTORNEY = "Surat kuasa menyusul; wakil menunjukkan kartu keluarga"
NO_ANSWER = (
    "Tiga kali dihubungi pada hari yang berbeda, tidak ada jawaban; pesan sudah ditinggalkan"
)
NOT_PICKED_UP = "Berdering lama, tidak diangkat; dicoba lagi nanti"
NOTHING_MORE = "Semua yang diizinkan ketentuan sudah ditawarkan; penjelasan tertulis diberikan"

#: What is noted when a step has been done, and why one is given up.
KEPT = (
    "Sudah dikerjakan dan dicek kembali",
    "Selesai, pelanggan sudah dikabari",
    "Hasil dicatat di catatan internal",
)
REPORTED = (
    "Dilaporkan petugas unit lewat telepon",
    "Petugas unit melapor di grup kerja",
)
NOT_NEEDED = (
    "Tidak perlu lagi, penyebabnya sudah ditemukan lebih dahulu",
    "Pelanggan meminta langkah ini tidak dilakukan",
)

CORRECTIONS: Mapping[str, Sequence[str]] = {
    "id": (
        "Pelanggan menambahkan bahwa kejadian ini bukan yang pertama",
        "Pelanggan meluruskan bahwa yang paling mengganggu adalah tidak adanya kabar",
        "Pelanggan menambahkan nomor lain yang dapat dihubungi pada malam hari",
    ),
    "en": ("The customer adds that the worst part was having no news",),
}
LATE: Mapping[str, str] = {
    "id": "{you}, kami mohon maaf. Waktu yang kami janjikan sudah terlewat. Penanganannya masih "
    "berjalan dan saya pantau sendiri sampai selesai.",
    "en": "{you}, we are sorry. The time we promised has passed. The work goes on and I am "
    "following it myself until it is finished.",
}
STILL_WORKING: Mapping[str, Sequence[str]] = {
    "id": (
        "{you}, kabar dari kami: penanganannya masih berjalan sesuai rencana.",
        "{you}, kami masih menunggu hasil dari unit terkait dan akan mengabari lagi.",
    ),
    "en": (
        "{you}, a short update: the work goes on as planned.",
        "{you}, we are still waiting for the unit concerned and will let you know.",
    ),
}
WE_NEED: Mapping[str, str] = {
    "id": "{you}, untuk melanjutkan kami menunggu satu hal: {waits}.",
    "en": "{you}, to go on we are waiting for one thing from you. Please call us when it suits.",
}
HERE_IT_IS: Mapping[str, Sequence[str]] = {
    "id": ("Ini sudah saya kirim, mohon dilanjutkan.", "Silakan besok pagi saya ada di rumah."),
    "en": ("I have sent it. Please go on.",),
}
THINKING: Mapping[str, str] = {
    "id": "Ingin membicarakannya dengan keluarga dahulu",
    "en": "Wants to sleep on it",
}
#: What a customer writes back who accepts.
YES: Mapping[str, str] = {
    "id": "Baik, saya terima solusinya. Terima kasih.",
    "en": "That is fine, I accept. Thank you.",
}
STILL_NO: Mapping[str, str] = {
    "id": "Pelanggan tetap pada tuntutannya",
    "en": "The customer stands by the demand",
}
THANKS_ALL_THE_SAME: Mapping[str, str] = {
    "id": "Terima kasih, {you}, atas waktu dan keterusterangannya. Jalur berikutnya tetap ada.",
    "en": "Thank you, {you}, for your time and for speaking frankly. The next way stays open.",
}
#: What a second inquiry finds when a complaint has come back.
LEFT_UNDONE = "Penyelesaian pertama belum tuntas: langkah terakhir tidak dijalankan"
TOLD_AGAIN: Mapping[str, str] = {
    "id": "{you}, penyelesaian pertama belum tuntas karena langkah terakhir tidak kami jalankan. "
    "Kali ini hasilnya kami periksa bersama.",
    "en": "{you}, the first solution was left unfinished because we missed the last step. This "
    "time we checked the result together.",
}
OFFERED_AGAIN: Mapping[str, str] = {
    "id": "Penyelesaian pertama dituntaskan dan hasilnya diperiksa bersama pelanggan",
    "en": "The first solution completed, and the result checked together with you",
}
REFERRAL: Mapping[str, str] = {
    "id": "Surat pengantar ke instansi yang berwenang dan pendampingan sampai laporannya diterima",
    "en": "A letter of introduction to the competent body, and help until the report is accepted",
}
APPROVED = ("Wajar, sesuai kerugian pelanggan", "Setuju, sampaikan hari ini")
NOT_APPROVED = "Jumlahnya melebihi kerugian yang tercatat; tawarkan yang wajar dahulu"
EXTENSION_APPROVED = "Alasannya dapat diterima; kabari pelanggan hari ini"
EXTENSION_REJECTED = "Masih dapat selesai dalam tenggat jika didahulukan"
OVERRIDE = "Pelanggan sudah beberapa kali dirugikan; didahulukan atas pertimbangan supervisor"
TAKES_NOTE = (
    "Sudah saya baca. Tolong kabari saya begitu ada hasil.",
    "Saya bantu hubungi unit terkait.",
    "Dahulukan perkara ini, saya pantau sampai sore.",
)
TIERS: Mapping[str, str] = {
    "HVC_GOLD": "Pelanggan HVC Gold",
    "HVC_PLATINUM": "Pelanggan HVC Platinum",
    "HVC_DIAMOND": "Pelanggan HVC Diamond",
    "BISNIS": "Pelanggan bisnis",
    "VVIP": "Pelanggan VVIP",
}
NEEDS: Mapping[str, str] = {
    "lansia": "Lanjut usia: bicara perlahan, hubungi lewat telepon",
    "disabilitas": "Penyandang disabilitas: tanyakan kebutuhan sebelum kunjungan",
    "hamil": "Hamil atau membawa balita: dahulukan kunjungan",
    "anak": "Anak di bawah umur: hubungi orang tua",
    "bahasa": "Kendala bahasa: gunakan bahasa yang sederhana",
    "perwakilan": "Diwakili: pastikan surat kuasa",
}

#: Why a letter by e-mail came back.
MAILBOX_FULL = "Kotak surat pelanggan penuh; server mengembalikan email kami"
