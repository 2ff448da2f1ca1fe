"""`python -m complaints.learning`: lessons as JSON on standard input, a model on standard output.

It knows no database, no key and no setting: what it learns from is all it is told.
"""

import json
import os
import sys
from contextlib import suppress

from complaints.domain.suggestions import Synonyms
from complaints.learning.train import Lesson
from complaints.learning.trial import learn


def main() -> None:
    """Read, learn, answer."""
    with suppress(OSError):
        os.nice(10)  # whoever answers a page goes first
    told = json.load(sys.stdin)
    book = Synonyms.from_dict(told["synonyms"])
    lessons = [Lesson(text, code, str(who)) for text, code, who in told["lessons"]]
    json.dump(learn(book, lessons), sys.stdout)


if __name__ == "__main__":
    main()
