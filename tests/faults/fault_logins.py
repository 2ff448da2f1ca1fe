"""Fifty people log in at the same moment: in bounded time, with bounded memory."""

from __future__ import annotations

import http.client
import re
import threading
import time
from collections import Counter
from pathlib import Path
from urllib.parse import urlencode

from tests.faults.installation import Fault, Site, faults_main, verdict

PEOPLE = 50
#: Five seconds in the queue for a check, and what the check itself takes on a busy machine.
MOST_SECONDS = 10
#: Each of two web processes checks one password at a time, which takes 64 MiB; the rest is slack.
MOST_MEBIBYTES = 2 * 64 + 72
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def log_in_together(site: Site) -> str:
    """Everybody with a wrong password of their own, so that each is checked and none is known."""
    before = memory(site)
    answers: list[tuple[int, float]] = []
    logins = [open_login(site, number) for number in range(PEOPLE)]
    start = threading.Barrier(PEOPLE)

    def log_in(opened: tuple[http.client.HTTPConnection, str, dict[str, str]]) -> None:
        client, body, headers = opened
        start.wait()
        began = time.monotonic()
        client.request("POST", "/login", body, headers)
        status = client.getresponse().status
        answers.append((status, time.monotonic() - began))

    people = [threading.Thread(target=log_in, args=(each,)) for each in logins]
    for each in people:
        each.start()
    most = before
    while any(each.is_alive() for each in people):
        most = max(most, memory(site))
        time.sleep(0.05)
    for client, _, _ in logins:
        client.close()
    statuses = Counter(status for status, _ in answers)
    longest = max(took for _, took in answers)
    grown = most - before
    is_good = (
        len(answers) == PEOPLE
        and set(statuses) <= {200, 401, 422, 429, 503}
        and longest < MOST_SECONDS
        and grown < MOST_MEBIBYTES
    )
    return (
        f"{verdict(is_good)}{dict(statuses)} within {longest:.1f} s, {grown:.0f} MiB more than "
        f"the {before:.0f} before"
    )


def open_login(site: Site, number: int) -> tuple[http.client.HTTPConnection, str, dict[str, str]]:
    """A connection that has read the form, and what is to be sent with it."""
    client = http.client.HTTPConnection("127.0.0.1", site.port, timeout=60)
    client.request("GET", "/login")
    answer = client.getresponse()
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', answer.read().decode())
    cookie = (answer.getheader("Set-Cookie") or "").partition(";")[0]
    given = {
        "csrf_token": token[1] if token else "",
        "email": f"orang{number}@tanggap.example",
        "password": "bukan kata sandi siapa pun",
    }
    return client, urlencode(given), {**FORM, "Cookie": cookie}


def memory(site: Site) -> float:
    """MiB that the site's processes hold, what they share counted once."""
    kibibytes = 0
    for pid in site.processes():
        try:
            told = Path(f"/proc/{pid}/smaps_rollup").read_text()
        except OSError:
            continue
        found = re.search(r"^Pss:\s+(\d+)", told, re.MULTILINE)
        kibibytes += int(found[1]) if found else 0
    return kibibytes / 1024


FAULTS: dict[str, Fault] = {"fifty logins at once": log_in_together}


if __name__ == "__main__":
    raise SystemExit(faults_main(FAULTS))
