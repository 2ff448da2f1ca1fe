"""A mail server that refuses, hangs up or says nothing: no letter lost, none twice but as told.

Letters are written by the API; a letter that was acknowledged is lost when the server has not got
it in the end, and doubled when it got more copies than docs/operating.md says.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Callable

from tests.faults.installation import (
    CLOCKED,
    Site,
    database_in,
    go_through,
    on_each_database,
    scratch,
    verdict,
)
from tests.outbox.post import Post, mail_server

LETTERS = 3
MINUTE, HOUR, DAY = 60, 3600, 86400
#: The programme hears nothing for so long before it gives a whole letter up.
SILENCE_SECONDS = 140
STATE = "SELECT state FROM outbox WHERE to_address = :address"


class Mail:
    """The faults of one mail server, told to one site; each sets the clock further ahead."""

    def __init__(self, post: Post) -> None:
        self.post, self.ahead = post, 0.0

    def later(self, site: Site, seconds: float) -> None:
        self.ahead += seconds
        site.set_clock(self.ahead)

    def new_addresses(self, count: int = LETTERS) -> list[str]:
        return [f"{uuid.uuid4()}@pelanggan.example" for _ in range(count)]

    def write(self, site: Site, addresses: list[str]) -> None:
        """A letter to a customer of each address."""
        for address in addresses:
            number = site.acknowledge(email=address)
            status = site.act(number, "apology", stage="intake", method="email")
            if status != 200:
                raise RuntimeError(f"the letter is refused with {status}")

    def copies(self, addresses: list[str]) -> Counter[str]:
        """Address → how many whole letters the server has got for it."""
        got = (each for _, recipients in list(self.post.envelopes) for each in recipients)
        return Counter(each for each in got if each in addresses)

    def wait_for(self, site: Site, addresses: list[str], count: int, seconds: float = 20) -> None:
        site.wait_until(
            lambda: all(self.copies(addresses)[each] >= count for each in addresses), seconds
        )

    def states(self, site: Site, addresses: list[str]) -> set[str]:
        return {state for each in addresses for state in site.rows(STATE, address=each)}

    def refused_for_now(self, site: Site) -> str:
        """4xx to whole letters: they wait, and leave once when the server takes them."""
        self.post.says_to_message = "451 not now"
        addresses = self.new_addresses()
        self.write(site, addresses)
        self.wait_for(site, addresses, 1)
        tried = self.copies(addresses)
        self.post.says_to_message = "250 taken"
        self.post.envelopes.clear()
        self.later(site, 2 * MINUTE)
        self.wait_for(site, addresses, 1)
        return self.told(site, addresses, expected=1, state="sent", tried=len(tried))

    def refused_for_good(self, site: Site) -> str:
        """5xx to receivers: once, and never again."""
        addresses = self.new_addresses()
        self.post.refusals.update(dict.fromkeys(addresses, "550 nobody here"))
        self.write(site, addresses)
        site.wait_until(lambda: self.states(site, addresses) == {"bounced"})
        self.post.refusals.clear()
        self.later(site, DAY)
        site.wait_until(lambda: False, 3)
        return self.told(site, addresses, expected=0, state="bounced")

    def hangs_up(self, site: Site) -> str:
        """Hangs up after the final dot: one copy more after an hour, under the same Message-ID."""
        return self.unanswered(site, "hangs up", 20)

    def says_nothing(self, site: Site) -> str:
        """Says nothing after the final dot until the programme has waited long enough."""
        return self.unanswered(site, "says nothing", SILENCE_SECONDS)

    def unanswered(self, site: Site, how: str, seconds: float) -> str:
        """Only this letter goes unanswered: whatever else the day brings would hold it up."""
        addresses = self.new_addresses(1)
        self.post.after_message, self.post.after_message_to = how, frozenset(addresses)
        self.write(site, addresses)
        self.wait_for(site, addresses, 1)
        asked = "SELECT attempts FROM outbox WHERE to_address = :address"
        site.wait_until(lambda: site.rows(asked, address=addresses[0]) == [1], seconds)
        self.post.after_message = ""
        self.later(site, HOUR + MINUTE)
        self.wait_for(site, addresses, 2)
        self.later(site, DAY)
        site.wait_until(lambda: False, 3)
        letters = [each for each in self.post.messages if addresses[0] in each["To"]]
        names = {each["Message-ID"] for each in letters}
        said = self.told(site, addresses, expected=2, state="sent")
        return f"{verdict(len(names) == 1)}{said}, {len(names)} Message-ID"

    def told(
        self, site: Site, addresses: list[str], *, expected: int, state: str, tried: int = 0
    ) -> str:
        site.wait_until(lambda: self.states(site, addresses) == {state}, 5)
        copies = self.copies(addresses)
        states = self.states(site, addresses)
        lost = sum(copies[each] < expected for each in addresses)
        doubled = sum(max(0, copies[each] - expected) for each in addresses)
        is_good = lost == doubled == 0 and states == {state}
        refused = f", {tried} refused first" if tried else ""
        return (
            f"{verdict(is_good)}{len(addresses)} letters{refused}: {sum(copies.values())} got, "
            f"{lost} lost, {doubled} doubled, {', '.join(sorted(states))}"
        )


def run(kind: str) -> bool:
    with scratch() as folder, database_in(kind, folder) as url, mail_server() as post:
        smtp = f"smtp://127.0.0.1:{post.port}"
        mail = Mail(post)
        faults: dict[str, Callable[[Site], str]] = {
            "letters refused for now": mail.refused_for_now,
            "letters refused for good": mail.refused_for_good,
            "hung up after the dot": mail.hangs_up,
            "silence after the dot": mail.says_nothing,
        }
        return go_through(faults, Site(folder, url, CLOCKED, SMTP_URL=smtp))


if __name__ == "__main__":
    raise SystemExit(on_each_database(run))
