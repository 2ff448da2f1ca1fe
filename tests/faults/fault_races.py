"""The same thing sent by many at the same instant, and the last of two: one of it in the end."""

from __future__ import annotations

import json
import threading
import uuid
from collections.abc import Callable
from functools import partial

from tests.faults.house import Fault, House, faults_main, verdict

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


def one_key_by_many(house: House) -> str:
    """A complaint sent by many under one key is one, and each is told its number."""
    wrong = 0
    for _ in range(ROUNDS):
        key = str(uuid.uuid4())
        said: list[tuple[int, str]] = []

        def send(key: str = key, said: list[tuple[int, str]] = said) -> None:
            said.append(house.record(key))

        with house.turn:
            at_once(*[send] * MANY)
            while all(status != 201 for status, _ in said):
                send()
            numbers = {json.loads(words)["number"] for status, words in said if status == 201}
            house.acknowledged[key] = numbers.pop()
        wrong += len(numbers) + sum(status not in (0, 201, 409, 503) for status, _ in said)
    return f"{verdict(not wrong)}{ROUNDS} times {MANY} senders, {wrong} wrong answers"


def one_new_customer_by_many(house: House) -> str:
    """First contacts of one new customer at the same instant make one customer."""
    doubled = 0
    for _ in range(ROUNDS):
        number = uuid.uuid4().hex[:12].upper()
        at_once(*[partial(record_alone, house, number)] * MANY)
        doubled += len(house.rows(CUSTOMERS, name=f"Budi {number}")) - 1
    return f"{verdict(not doubled)}{ROUNDS} customers by {MANY} at once, {doubled} doubled"


def record_alone(house: House, number: str) -> None:
    """Record beside the program, without waiting for its turn."""
    key, status, said = str(uuid.uuid4()), 0, ""
    while status in (0, 503):
        status, said = house.record(key, name=f"Budi {number}", number=number)
    house.acknowledged[key] = json.loads(said)["number"]


def last_administrators(house: House) -> str:
    """Of all administrators, each deactivated at the same instant, one is left."""
    left = []
    for _ in range(ROUNDS):
        email = f"{uuid.uuid4().hex}@tanggap.example"
        house.command("user", "add", "--email", email, "--role", "admin", "--name", "Satu Lagi")
        close = ("user", "close", "--to-tray", "--email")
        at_once(*[partial(house.run, *close, each) for each in house.rows(ADMINS)])
        left.append(len(house.rows(ADMINS)))
    return f"{verdict(set(left) == {1})}administrators left: {left}"


FAULTS: dict[str, Fault] = {
    "one key by many": one_key_by_many,
    "one new customer by many": one_new_customer_by_many,
    "the last administrators": last_administrators,
}


if __name__ == "__main__":
    raise SystemExit(faults_main(FAULTS))
