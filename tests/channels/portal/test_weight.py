"""What the customer's page weighs on its way to a telephone, with all that it loads."""

from __future__ import annotations

import gzip

import pytest

from tests.channels.portal.test_pages import link_to
from tests.channels.portal.test_promises import STATES
from tests.html_tree import Tag

MOST_BYTES = 15_000
PACKED = {"Accept-Encoding": "gzip"}


def weigh(client, path: str) -> int:
    """The bytes of a page and of what it loads, as they are sent to whoever takes gzip."""
    response = client.get(path, headers=PACKED)
    is_packed = response.headers.get("Content-Encoding") == "gzip"
    text = gzip.decompress(response.data) if is_packed else response.data
    soup = Tag.of(text)
    named = {str(each["href"]) for each in soup.select("head link[href]")}
    named |= {str(each["src"]) for each in soup.select("script[src], img[src]")}
    assert named
    return len(response.data) + sum(len(got(client, each)) for each in sorted(named))


def got(client, path: str) -> bytes:
    with client.get(path, headers=PACKED) as response:
        return bytes(response.data)


@pytest.mark.parametrize("name", STATES)
@pytest.mark.parametrize("language", ["id", "en"])
def test_every_state_of_the_page_is_light(visitor, office, wall, name, language):
    number = STATES[name](office)
    wall.at = office.at
    weight = weigh(visitor.client, f"{link_to(office, number)}?lang={language}")
    assert weight <= MOST_BYTES, f"{weight} bytes"


def test_what_is_weighed_is_all_of_it(visitor, office, wall):
    """The page alone is lighter than with its stylesheet: both are counted."""
    number = STATES["closed"](office)
    wall.at = office.at
    path = link_to(office, number)
    alone = len(visitor.client.get(path, headers=PACKED).data)
    assert weigh(visitor.client, path) > alone + 1_000
