"""What the stored rules say, each version read once: a version never changes.

A change of the rules makes one version more, so everything else that was read of the rules still
stands, and a process reads only what is new.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache
from json import loads
from typing import Any

from complaints.domain.clauses import Policy
from complaints.domain.commitments.config import CommitmentRules
from complaints.domain.config.authority import Authority
from complaints.domain.config.exits import ExitBook
from complaints.domain.config.leaflet import Leaflet
from complaints.domain.config.letter_phrases import LetterPhrases
from complaints.domain.config.mailboxes import Mailboxes
from complaints.domain.config.organisation import Organisation
from complaints.domain.config.written_record import WrittenRecord
from complaints.domain.escalation import Ladder
from complaints.domain.priority import PriorityMatrix
from complaints.domain.scripts import ScriptBook
from complaints.domain.suggestions import Synonyms
from complaints.domain.taxonomy import Taxonomy
from complaints.domain.worktime import WorkCalendar

#: What each kind of rule is read as.
_READ: Mapping[str, Callable[[Any], Any]] = {
    "organisation": Organisation.from_dict,
    "taxonomy": Taxonomy.from_dict,
    "priority": PriorityMatrix.from_dict,
    "authority": Authority.from_dict,
    "record": WrittenRecord.from_dict,
    "standard_information": Leaflet.from_dict,
    "scripts": ScriptBook.from_dict,
    "letters": LetterPhrases.from_dict,
    "exits": ExitBook.from_dict,
    "mailboxes": Mailboxes.from_dict,
    "synonyms": Synonyms.from_dict,
    "calendar": WorkCalendar.from_dict,
}
#: Those that know which version they are.
_READ_WITH_ID: Mapping[str, Callable[[Any, int], Any]] = {
    "policy": Policy.from_dict,
    "commitments": CommitmentRules.from_dict,
    "ladder": Ladder.from_dict,
}


@lru_cache(maxsize=2048)
def read_rules(kind: str, version_id: int, text: str) -> Any:
    """What a version says, as the value of its kind; ValueError where it says something else."""
    body = loads(text)
    if kind in _READ_WITH_ID:
        return _READ_WITH_ID[kind](body, version_id)
    return _READ[kind](body)
