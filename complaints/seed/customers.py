"""Invented customers: names put together from common ones, numbers and addresses that lead nowhere.

Phones lie in 0812-5550-xxxx and its neighbours, e-mail ends in pelanggan.example.
"""

from collections.abc import Mapping, Sequence
from random import Random

from complaints.people.customers import CustomerGiven
from complaints.seed.pools import fair_pool

#: By region; a name given to women, and one given to men.
_WOMEN: Mapping[str, Sequence[str]] = {
    "JKT": ("Ratih", "Wulan", "Nining", "Sulastri", "Fitri", "Yanti", "Melani", "Tuti", "Astuti"),
    "MKS": ("Hasmiah", "Rosdiana", "Nurhayati", "Hamsiah", "Jumriah", "Mariani", "Rahmatia"),
    "JYP": ("Yosefina", "Marlina", "Agustina", "Naomi", "Paulina", "Dorkas", "Ester"),
}
_MEN: Mapping[str, Sequence[str]] = {
    "JKT": ("Agung", "Suryadi", "Yusuf", "Hadi", "Rudi", "Sugeng", "Heru", "Darmawan", "Iwan"),
    "MKS": ("Baharuddin", "Abdullah", "Ramli", "Kaharuddin", "Mustari", "Saharuddin", "Arifin"),
    "JYP": ("Yakobus", "Petrus", "Lukas", "Simon", "Matius", "Elias", "Hengky"),
}
_SECOND = (
    ("Kurniasih", "Puspita", "Anggraini", "Maharani", "Kusuma", "Amelia", "Novita", "Safitri"),
    ("Kurniawan", "Saputro", "Hartanto", "Gunawan", "Purnomo", "Susilo", "Firmansyah", "Setiadi"),
)
_ENGLISH = (("Ms", "Hannah K."), ("Mr", "Oliver T."), ("Ms", "Grace L."), ("Mr", "Daniel P."))
_FIRMS = ("CV Melati Timur", "CV Cahaya Muara", "Toko Sinar Pagi", "CV Rimba Kencana")

_TIERS = {
    "REGULER": 70,
    "HVC_GOLD": 10,
    "HVC_PLATINUM": 5,
    "HVC_DIAMOND": 3,
    "BISNIS": 7,
    "VVIP": 1,
    "BUKAN_PELANGGAN": 4,
}
_NEEDS = {
    "": 84,
    "lansia": 6,
    "hamil": 3,
    "disabilitas": 2,
    "perwakilan": 2,
    "bahasa": 2,
    "anak": 1,
}


class CustomerBook:
    """Makes customers one after the other; no two share a phone number."""

    def __init__(self, rng: Random, complaints: int) -> None:
        self._rng = rng
        self._made = 0
        # Not everybody draws: smaller pools are used to the end, so that nothing is missing.
        self._tiers = fair_pool(_TIERS, round(complaints * 0.6), rng)
        self._needs = fair_pool(_NEEDS, round(complaints * 0.6), rng)

    def next_customer(
        self,
        branch: str,
        *,
        language: str = "id",
        tier: str = "",
        needs: Sequence[str] = (),
        needs_email: bool = False,
        is_plain: bool = False,
    ) -> CustomerGiven:
        """A customer of the branch nobody has met yet; `tier` and `needs` as the story has them.

        A plain one has nothing beyond that, so that the priority can be foretold.
        """
        rng = self._rng
        self._made += 1
        salutation, name = self._name(branch, language)
        tier = tier or ("REGULER" if is_plain else self._tiers.draw())
        if tier == "BISNIS":
            name = f"{name} ({rng.choice(_FIRMS)})"
        is_stranger = tier == "BUKAN_PELANGGAN"
        login = "".join(letter for letter in name.split()[0].casefold() if letter.isalpha())
        has_email = needs_email or rng.random() < 0.6
        return CustomerGiven(
            name=name,
            salutation=salutation,
            phone=self._phone(),
            email=f"{login}.{self._made}@pelanggan.example" if has_email else "",
            number="" if is_stranger else f"15550{self._made:07d}",
            tier=tier,
            needs=tuple(needs) or self._drawn_needs(is_plain),
            language=language,
        )

    def _drawn_needs(self, is_plain: bool) -> tuple[str, ...]:
        need = "" if is_plain else self._needs.draw()
        return (need,) if need else ()

    def _name(self, branch: str, language: str) -> tuple[str, str]:
        rng = self._rng
        if language == "en":
            return rng.choice(_ENGLISH)
        is_woman = rng.random() < 0.55
        firsts = (_WOMEN if is_woman else _MEN).get(branch) or _WOMEN["JKT"]
        second = rng.choice(_SECOND[0 if is_woman else 1])
        return ("Ibu" if is_woman else "Bapak"), f"{rng.choice(firsts)} {second}"

    def _phone(self) -> str:
        # Numbers are spread over the block so that neighbours in the list differ at a glance.
        block, place = divmod(self._made, 10_000)
        return f"08{12 + block:02d}-5550-{place * 7919 % 10_000:04d}"
