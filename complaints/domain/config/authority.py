"""How much a role may offer without asking (020-3.3): typed from `authority.toml`."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from complaints.domain.taxonomy import REMEDY_KINDS, Remedy


@dataclass(frozen=True, slots=True)
class Authority:
    """Limits by role in whole rupiah per offer; they bind remedies of these kinds."""

    limits: Mapping[str, int]
    kinds: frozenset[str]

    @classmethod
    def from_dict(cls, data: Mapping[str, object]) -> "Authority":
        """Read the form of `config/authority.toml`; ValueError says what is wrong."""
        limits, kinds = data.get("limits"), data.get("kinds")
        if not isinstance(limits, Mapping) or not isinstance(kinds, list):
            raise ValueError("authority: a [limits] table and a list of kinds are needed")
        for role, limit in limits.items():
            if not isinstance(limit, int) or isinstance(limit, bool) or limit < 0:
                raise ValueError(f"authority: the limit of {role} must be a whole number of rupiah")
        for kind in kinds:
            if kind not in REMEDY_KINDS:
                raise ValueError(f"authority: kinds must be of {', '.join(REMEDY_KINDS)}")
        return cls(MappingProxyType(dict(limits)), frozenset(kinds))

    def limit_of(self, role: str) -> int:
        """The highest amount in rupiah this role may offer without approval."""
        return self.limits.get(role, 0)

    def binds(self, remedy: Remedy) -> bool:
        """Whether a remedy costs money, so that the limits count."""
        return remedy.kind in self.kinds
