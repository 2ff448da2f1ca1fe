"""The money that amounts are in: whole units of one currency, as `organisation.toml` names it."""

import re
from dataclasses import dataclass

from complaints.domain.config_fields import Table, both, typed


@dataclass(frozen=True, slots=True)
class Currency:
    """A currency without cents: `code` is ISO 4217's, `symbol` stands before a sum."""

    code: str
    symbol: str
    label_id: str
    label_en: str

    @classmethod
    def from_dict(cls, data: Table) -> "Currency":
        """Read `[currency]` of `config/organisation.toml`; ValueError says what is wrong."""
        where = "organisation, currency"
        code = typed(where, data, "code", str)
        if not re.fullmatch("[A-Z]{3}", code):
            raise ValueError(f"{where}: code {code!r} is not three capital letters such as IDR")
        labels = both(where, data, "label")
        symbol = typed(where, data, "symbol", str)
        if not re.fullmatch(r"[^\d\s.,-]+", symbol):
            raise ValueError(f"{where}: symbol {symbol!r} contains a figure, space or separator")
        return cls(code, symbol, labels["id"], labels["en"])

    @property
    def labels(self) -> dict[str, str]:
        """The currency's name by language, as a refusal takes it."""
        return {"id": self.label_id, "en": self.label_en}

    @property
    def marks(self) -> str:
        """A pattern for what people write before a sum: the symbol or the code, perhaps a dot."""
        return rf"(?:{re.escape(self.symbol)}|{self.code})\.?"
