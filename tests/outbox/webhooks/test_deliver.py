"""Calling endpoints: what is signed and sent, when again, when never, and who is held up."""

from __future__ import annotations

import json
import socket
import threading
import time
from datetime import timedelta

import pytest

from complaints.domain.webhooks.retries import MOST_ATTEMPTS, Why
from complaints.outbox.webhooks import post
from complaints.outbox.webhooks.callers import Callers
from complaints.outbox.webhooks.deliver import endpoints_waiting
from complaints.outbox.webhooks.endpoints import edit_webhook, replay, rotate_secret
from tests.outbox.webhooks.conftest import Hooks
from tests.outbox.webhooks.endpoint import listening

SECOND, MINUTE, HOUR, DAY = (
    timedelta(**{name: 1}) for name in ("seconds", "minutes", "hours", "days")
)


def test_what_happens_is_told_signed_in_the_standard_form(hooks: Hooks) -> None:
    with listening() as endpoint:
        _, secret = hooks.add(endpoint.url)
        number = hooks.receive()
        hooks.office.walk(number, to="020-1.1")
        hooks.office.session.commit()
        hooks.deliver(after=HOUR)
    first, second = endpoint.calls
    assert first.path == "/hook?from=tanggap"
    assert first.told == {
        "type": "complaint.receive",
        "timestamp": first.told["timestamp"],
        "data": {
            "number": number,
            "seq": 1,
            "what": "receive",
            "at": first.told["data"]["at"],
            "by": "staff",
            "status": "received",
            "version": 1,
        },
    }
    assert (second.told["type"], second.told["data"]["seq"]) == ("complaint.attest", 2)
    assert first.id != second.id
    assert all(each.is_signed_by(secret) for each in endpoint.calls)
    assert not first.is_signed_by(secret.replace("whsec_", "whsec_AAAA"))
    assert [each.state for each in hooks.deliveries()] == ["sent", "sent"]


def test_the_stored_words_are_what_is_sent_also_outside_ascii(hooks: Hooks) -> None:
    """T41: nothing between the row and the wire writes the JSON anew."""
    with listening() as endpoint:
        _, secret = hooks.add(endpoint.url)
        hooks.receive()
        told = '{"type":"complaint.receive", "data":{"ü":"Keluhan — “mati”"}}'
        with hooks.sessions.begin() as session:
            session.merge(hooks.events()[0]).body = told
        hooks.deliver()
    assert endpoint.calls[0].body == told.encode()
    assert endpoint.calls[0].is_signed_by(secret)


def test_each_attempt_has_the_same_id_a_new_time_and_a_new_signature(hooks: Hooks) -> None:
    """T40."""
    with listening(statuses=[503, 200]) as endpoint:
        _, secret = hooks.add(endpoint.url)
        hooks.receive()
        hooks.deliver()
        hooks.deliver(after=HOUR)
    first, second = endpoint.calls
    assert first.id == second.id
    assert first.body == second.body
    times = [int(each.headers["webhook-timestamp"]) for each in endpoint.calls]
    assert times[1] - times[0] == 3600
    assert first.headers["webhook-signature"] != second.headers["webhook-signature"]
    assert first.is_signed_by(secret)
    assert second.is_signed_by(secret)


def test_while_a_secret_is_renewed_both_sign_and_then_the_new_one_alone(hooks: Hooks) -> None:
    with listening() as endpoint:
        webhook_id, old = hooks.add(endpoint.url)
        with hooks.sessions.begin() as session:
            _, new = rotate_secret(session, hooks.settings, webhook_id, by=hooks.admin, at=hooks.at)
        hooks.receive()
        hooks.deliver()
        hooks.receive()
        hooks.deliver(after=DAY)
    within, after = endpoint.calls
    assert within.is_signed_by(old)
    assert within.is_signed_by(new)
    assert after.is_signed_by(new)
    assert not after.is_signed_by(old)


@pytest.mark.parametrize(
    ("status", "state", "why"),
    [
        (200, "sent", Why.DELIVERED),
        (302, "queued", Why.REDIRECT),
        (400, "failed", Why.STATUS),
        (404, "failed", Why.STATUS),
        (410, "failed", Why.STATUS),
        (429, "queued", Why.STATUS),
        (500, "queued", Why.STATUS),
        (503, "queued", Why.STATUS),
    ],
)
def test_what_an_answer_means(hooks: Hooks, status: int, state: str, why: Why) -> None:
    """T39: the log says the true cause, and a redirect is followed by nobody (T37)."""
    with listening() as other, listening(statuses=[status], text=b"no\x00 more\r\n") as endpoint:
        endpoint.headers["Location"] = other.url
        webhook_id, _ = hooks.add(endpoint.url)
        hooks.receive()
        hooks.deliver()
    (delivery,), (attempt,) = hooks.deliveries(), hooks.attempts()
    assert (delivery.state, attempt.why, attempt.status) == (state, why, status)
    assert attempt.said == ("" if status == 200 else "no more")
    assert not other.calls
    webhook = hooks.webhook(webhook_id)
    assert (webhook.is_active, webhook.off_because) == (
        (False, "gone") if status == 410 else (True, "")
    )


def test_an_endpoint_that_is_gone_is_told_nothing_more(hooks: Hooks) -> None:
    with listening(statuses=[410]) as endpoint:
        webhook_id, _ = hooks.add(endpoint.url)
        hooks.receive()
        hooks.receive()
        hooks.deliver()
        hooks.receive()
        hooks.deliver(after=DAY)
        assert len(endpoint.calls) == 1
        assert [each.state for each in hooks.deliveries()] == ["failed", "failed"]
        with hooks.sessions.begin() as session:
            edit_webhook(
                session, hooks.settings, webhook_id, is_active=True, by=hooks.admin, at=hooks.at
            )
        endpoint.statuses = [200]
        hooks.receive()
        hooks.deliver()
    assert len(endpoint.calls) == 2


def test_it_is_tried_for_more_than_a_day_and_then_given_up(hooks: Hooks) -> None:
    with listening(statuses=[500]) as endpoint:
        hooks.add(endpoint.url)
        hooks.receive()
        began = hooks.at
        while hooks.deliveries()[0].state == "queued":
            hooks.deliver(after=MINUTE * 5)
        assert len(endpoint.calls) == MOST_ATTEMPTS
    assert DAY < hooks.at - began < 5 * DAY


def test_nobody_there_and_somebody_who_speaks_no_http_are_told_apart(hooks: Hooks) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        hooks.add(f"http://127.0.0.1:{server.getsockname()[1]}/")
        hooks.receive()

        def greet() -> None:
            with server.accept()[0] as taken:
                taken.sendall(b"220 post.example ESMTP\r\n")
                taken.recv(4096)

        greeting = threading.Thread(target=greet, daemon=True)
        greeting.start()
        hooks.deliver()
        greeting.join()
    hooks.deliver(after=MINUTE)
    assert [each.why for each in hooks.attempts()] == [Why.NO_ANSWER, Why.NO_CONNECTION]
    assert hooks.deliveries()[0].state == "queued"


@pytest.mark.parametrize("misbehaving", [{"sleeps": 5.0}, {"drips": 0.2}])
def test_an_endpoint_that_hangs_or_drips_is_cut_off(
    hooks: Hooks, misbehaving: dict[str, float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(post, "ANSWER_SECONDS", 0.5)
    monkeypatch.setattr(post, "WHOLE_SECONDS", 1)
    with listening(**misbehaving) as endpoint:
        hooks.add(endpoint.url)
        hooks.receive()
        began = time.monotonic()
        hooks.deliver()
    assert time.monotonic() - began < 3
    (attempt,) = hooks.attempts()
    assert (attempt.why, attempt.status) == (Why.TIMEOUT, None)
    assert 400 < attempt.milliseconds < 3000


@pytest.mark.parametrize("asked", ["7200", "Thu, 19 Nov 2026 04:15:00 GMT"])
def test_how_long_an_endpoint_asks_us_to_wait_is_honoured(hooks: Hooks, asked: str) -> None:
    with listening(statuses=[429, 200], headers={"Retry-After": asked}) as endpoint:
        hooks.add(endpoint.url)
        hooks.receive()
        hooks.deliver()
        hooks.deliver(after=2 * HOUR - SECOND)
        assert len(endpoint.calls) == 1
        hooks.deliver(after=SECOND)
    assert len(endpoint.calls) == 2


@pytest.mark.both_databases
def test_one_hanging_endpoint_holds_up_no_other_and_is_called_once_at_a_time(
    hooks: Hooks, monkeypatch: pytest.MonkeyPatch
) -> None:
    """T45: fifty events wait for an endpoint that hangs."""
    monkeypatch.setattr(post, "ANSWER_SECONDS", 1.5)
    with listening(sleeps=5.0) as hanging, listening() as other:
        hooks.add(hanging.url)
        for _ in range(50):
            hooks.receive()
        hooks.add(other.url)
        hooks.receive()
        callers = Callers(hooks.settings)
        for _ in range(3):
            with hooks.sessions() as session:
                waiting = endpoints_waiting(session, hooks.at)
            began = time.monotonic()
            callers.call(hooks.sessions, waiting, now=lambda: hooks.at)
            assert time.monotonic() - began < 0.5, "a round waits for nobody"
            until = time.monotonic() + 5
            while not other.calls and time.monotonic() < until:
                time.sleep(0.02)
        assert other.calls
        assert hanging.most_at_once <= 1
        callers.wait()
        callers.close()
        assert callers.take_count() == 2
        # It rests now, and the other forty-nine do not call one after another.
        assert len(hanging.calls) == 1


@pytest.mark.both_databases
def test_one_event_that_cannot_be_borne_keeps_the_others_only_for_minutes(hooks: Hooks) -> None:
    with listening(statuses=[500, 200]) as endpoint:
        hooks.add(endpoint.url)
        hooks.receive()
        hooks.receive()
        hooks.deliver()
        assert [each.state for each in hooks.deliveries()] == ["queued", "queued"]
        hooks.deliver(after=5 * SECOND)
        assert [each.state for each in hooks.deliveries()] == ["queued", "sent"]
        hooks.deliver(after=MINUTE)
    assert [each.state for each in hooks.deliveries()] == ["sent", "sent"]


@pytest.mark.both_databases
def test_an_endpoint_that_only_fails_for_days_is_switched_off(hooks: Hooks) -> None:
    with listening(statuses=[500]) as endpoint:
        webhook_id, _ = hooks.add(endpoint.url)
        hooks.receive()
        hooks.deliver()
        hooks.deliver(after=5 * DAY)
        webhook = hooks.webhook(webhook_id)
        assert (webhook.is_active, webhook.off_because) == (False, "failing")
        notice = hooks.office.notices("admin")[-1]
        assert (notice.kind, notice.facts["webhook"]) == ("webhook_failing", "127.0.0.1")
        hooks.receive()
        assert len(hooks.deliveries()) == 1
        assert len(endpoint.calls) == 2


def test_a_replay_goes_again_under_the_same_id(hooks: Hooks) -> None:
    with listening(statuses=[400, 200]) as endpoint:
        webhook_id, _ = hooks.add(endpoint.url)
        hooks.receive()
        hooks.deliver()
        (delivery,) = hooks.deliveries()
        assert delivery.state == "failed"
        with hooks.sessions.begin() as session:
            replay(session, webhook_id, delivery.id, by=hooks.admin, at=hooks.at + HOUR)
        hooks.deliver(after=HOUR)
    assert endpoint.calls[0].id == endpoint.calls[1].id
    (delivery,) = hooks.deliveries()
    assert (delivery.state, delivery.replayed_by) == ("sent", hooks.admin.name)


@pytest.mark.both_databases
def test_what_lies_ahead_of_a_clock_that_was_set_back_is_sent(hooks: Hooks) -> None:
    with listening(statuses=[500, 200]) as endpoint:
        hooks.add(endpoint.url)
        hooks.at += 30 * DAY
        hooks.receive()
        hooks.deliver()
        hooks.deliver(after=-30 * DAY)
    assert len(endpoint.calls) == 2


@pytest.mark.both_databases
def test_a_worker_that_died_in_a_call_leaves_it_to_the_next(hooks: Hooks) -> None:
    with listening() as endpoint:
        webhook_id, _ = hooks.add(endpoint.url)
        hooks.receive()
        with hooks.sessions.begin() as session:
            session.merge(hooks.webhook(webhook_id)).leased_until = hooks.at + 2 * MINUTE
        assert hooks.deliver(after=MINUTE) == 0
        assert hooks.deliver(after=MINUTE) == 1
    assert len(endpoint.calls) == 1


def test_a_body_is_one_line_of_json_without_names(hooks: Hooks) -> None:
    with listening() as endpoint:
        hooks.add(endpoint.url)
        number = hooks.receive()
        hooks.office.walk(number)
        hooks.office.session.commit()
    people = [each.name for each in hooks.office.people.values()]
    for event in hooks.events():
        assert "\n" not in event.body
        assert json.loads(event.body)["data"]["number"] == number
        assert not [name for name in [*people, "Siti", "0812"] if name in event.body]
