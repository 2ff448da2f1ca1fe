"""To whom a customer may go outside the organisation, as their page says it."""

from complaints.domain.policies.outside import outside_bodies
from complaints.rulebook import RuleBook


def outside_of(rules: RuleBook, language: str) -> list[str]:
    """The ways outside of `letters.toml`, then the bodies of the policies switched on, each once.

    Only what somebody has looked up; a pack that is from memory sends no customer anywhere.
    """
    phrases = rules.letters
    ways = [each[language] for each in phrases.routes if each not in phrases.inside_routes]
    bodies = [each[language] for each in outside_bodies(rules.policies)]
    return list(dict.fromkeys([*ways, *bodies]))
