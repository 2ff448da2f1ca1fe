"""Whether a name has a web address in it; what we write begins with the name, wherever it goes."""

import re

_ADDRESS = re.compile(r"://|\bwww\.|\.[a-z]{2,24}/", re.IGNORECASE)


def names_web_address(name: str) -> bool:
    """Whether a mail program could make a link of something in this name.

    "Drs.Budi" and "PT.Maju" are names; what goes on behind a slash is none.
    """
    return _ADDRESS.search(name) is not None
