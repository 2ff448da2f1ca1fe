"""The machine's clock is set, back and forwards, while complaints come in and a worker works."""

from __future__ import annotations

from functools import partial

from tests.faults.installation import CLOCKED, Fault, Site, faults_main, verdict

MINUTE, HOUR = 60, 3600
#: A worker that idles leaves a sign of life every ten seconds, and at once when a clock was set.
MOST_SECONDS = 8
SIGN = "SELECT at FROM heartbeats WHERE job = 'fire'"


def set_the_clock(site: Site, step: int) -> str:
    """The worker works on within seconds, and what was recorded before takes notes."""
    number = site.acknowledge()
    before = site.rows(SIGN)
    site.set_clock(step)
    beat = site.wait_until(lambda: site.rows(SIGN) != before, MOST_SECONDS)
    noted = site.act(number, "note", text="Pelanggan menelepon lagi")
    ready = site.ask("GET", "/readyz")[0]
    again = site.rows(SIGN)
    site.set_clock(0)
    back = site.wait_until(lambda: site.rows(SIGN) != again, MOST_SECONDS)
    is_good = None not in (beat, back) and noted == 200 and ready == 200
    beats = ["no beat" if each is None else f"a beat after {each:.1f} s" for each in (beat, back)]
    return f"{verdict(is_good)}{beats[0]}, noted {noted}, readyz {ready}; set right: {beats[1]}"


FAULTS: dict[str, Fault] = {
    "the clock an hour back": partial(set_the_clock, step=-HOUR),
    "the clock ten minutes back": partial(set_the_clock, step=-10 * MINUTE),
    "the clock ten minutes ahead": partial(set_the_clock, step=10 * MINUTE),
    "the clock an hour ahead": partial(set_the_clock, step=HOUR),
}


if __name__ == "__main__":
    raise SystemExit(faults_main(FAULTS, CLOCKED))
