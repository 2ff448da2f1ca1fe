"""The same thing sent by many at the same instant, and the last of two: one of it in the end."""

from __future__ import annotations

import json
import threading
import uuid
from collections.abc import Callable
from functools import partial

from tests.faults.installation import Fault, Site, faults_main, verdict

MANY = 12
ROUNDS = 3
ADMINS = "SELECT email FROM users WHERE role = 'admin' AND is_active"
CUSTOMERS = "SELECT id FROM customers WHERE name = :name"


def at_once(*acts: Callable[[], object]) -> None:
    """Do all of it at the same instant."""
    start = threading.Barrier(len(acts))

    def run(act: Callable[[], object]) -> None:
        start.wait()
        act()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for each in threads:
        each.start()
    for each in threads:
        each.join()


def one_key_by_many(site: Site) -> str:
    """A complaint sent by many under one key is one, and each is told its number."""
    wrong = 0
    for _ in range(ROUNDS):
        key = str(uuid.uuid4())
        said: list[tuple[int, str]] = []

        def send(key: str = key, said: list[tuple[int, str]] = said) -> None:
            said.append(site.record(key))

        with site.turn:
            at_once(*[send] * MANY)
            while all(status != 201 for status, _ in said):
                send()
            numbers = {json.loads(words)["number"] for status, words in said if status == 201}
            site.acknowledged[key] = numbers.pop()
        wrong += len(numbers) + sum(status not in (0, 201, 409, 503) for status, _ in said)
    return f"{verdict(not wrong)}{ROUNDS} times {MANY} senders, {wrong} wrong answers"


def one_new_customer_by_many(site: Site) -> str:
    """First contacts of one new customer at the same instant make one customer."""
    doubled = 0
    for _ in range(ROUNDS):
        number = uuid.uuid4().hex[:12].upper()
        at_once(*[partial(record_alone, site, number)] * MANY)
        doubled += len(site.rows(CUSTOMERS, name=f"Budi {number}")) - 1
    return f"{verdict(not doubled)}{ROUNDS} customers by {MANY} at once, {doubled} doubled"


def record_alone(site: Site, number: str) -> None:
    """Record beside the program, without waiting for its turn."""
    key, status, said = str(uuid.uuid4()), 0, ""
    while status in (0, 503):
        status, said = site.record(key, name=f"Budi {number}", number=number)
    site.acknowledged[key] = json.loads(said)["number"]


def last_administrators(site: Site) -> str:
    """Of all administrators, each deactivated at the same instant, one is left."""
    left = []
    for _ in range(ROUNDS):
        email = f"{uuid.uuid4().hex}@tanggap.example"
        site.command("user", "add", "--email", email, "--role", "admin", "--name", "Satu Lagi")
        close = ("user", "close", "--to-tray", "--email")
        at_once(*[partial(site.run, *close, each) for each in site.rows(ADMINS)])
        left.append(len(site.rows(ADMINS)))
    return f"{verdict(set(left) == {1})}administrators left: {left}"


FAULTS: dict[str, Fault] = {
    "one key by many": one_key_by_many,
    "one new customer by many": one_new_customer_by_many,
    "the last administrators": last_administrators,
}


if __name__ == "__main__":
    raise SystemExit(faults_main(FAULTS))
