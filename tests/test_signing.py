"""What our secret key signs: a customer's link opens one complaint, a letter keeps its name."""

import pytest

from complaints.signing import (
    complaint_id_in,
    complaint_id_of_reply,
    follow_token,
    message_name,
    opens,
    reply_address,
)

KEY, NONCE = "a key for tests only, long enough", "ab" * 16
TOKEN = follow_token(KEY, 12, NONCE)


def test_a_link_opens_its_complaint():
    assert complaint_id_in(TOKEN) == 12
    assert opens(KEY, TOKEN, 12, NONCE)


@pytest.mark.parametrize(
    ("key", "token", "complaint_id", "nonce"),
    [
        ("another key", TOKEN, 12, NONCE),
        (KEY, TOKEN, 12, "cd" * 16),
        (KEY, follow_token(KEY, 12, ""), 12, ""),
        (KEY, TOKEN, 13, NONCE),
        (KEY, TOKEN.replace("12-", "13-"), 13, NONCE),
        (KEY, TOKEN.replace("12-", "012-"), 12, NONCE),
        (KEY, TOKEN[:-1], 12, NONCE),
        (KEY, TOKEN[: 3 + 27], 12, NONCE),
        (KEY, "12-" + message_name(KEY, f"12:{NONCE}"), 12, NONCE),
        (KEY, "12-ké", 12, NONCE),
    ],
    ids=[
        "key",
        "nonce",
        "no-nonce",
        "complaint",
        "other-id",
        "zero",
        "cut",
        "short",
        "purpose",
        "letters",
    ],
)
def test_nothing_else_opens_it(key, token, complaint_id, nonce):
    assert not opens(key, token, complaint_id, nonce)


def test_a_link_from_before_there_was_a_key_for_each_purpose_still_opens():
    # Signed by the programme of that time, with this key.
    key, old = "a key for tests only", "12-blO8gJhvLcV6agy4Tsy269TxGCE"
    assert opens(key, old, 12, NONCE)
    assert not opens(key, old, 12, "cd" * 16)
    assert not opens("another key", old, 12, NONCE)
    assert not opens(key, old.replace("12-", "13-"), 13, NONCE)


@pytest.mark.parametrize("token", ["", "12", "12-", "-x", "x-y", "9" * 30 + "-x", "١-x"])
def test_what_cannot_be_a_link_claims_no_complaint(token):
    assert complaint_id_in(token) is None


MAILBOX = "keluhan@perusahaan.example"
ANSWER = reply_address(KEY, MAILBOX, 12)


@pytest.mark.parametrize(
    "address",
    [ANSWER, ANSWER.upper(), ANSWER.replace("keluhan", "bantuan"), ANSWER.replace("perus", "")],
    ids=["as-given", "shouted", "renamed", "moved"],
)
def test_an_answer_is_known_by_its_token_alone(address: str):
    assert complaint_id_of_reply(KEY, address) == 12


@pytest.mark.parametrize(
    ("key", "address"),
    [
        ("another key", ANSWER),
        (KEY, ANSWER.replace("+12-", "+13-")),
        (KEY, ANSWER.replace("+12-", "+012-")),
        (KEY, ANSWER.replace("+12-", "+١٢-")),
        (KEY, ANSWER.replace("@", "x@")),
        (KEY, ANSWER.replace(ANSWER[-25], "", 1)),
        (KEY, MAILBOX),
        (KEY, f"keluhan+{TOKEN}@perusahaan.example"),
        (KEY, "keluhan+12-@perusahaan.example"),
        (KEY, "keluhan+12-ké@perusahaan.example"),
        (KEY, "keluhan+12-\ud800@perusahaan.example"),
        (KEY, ""),
    ],
)
def test_nothing_else_answers_a_letter(key: str, address: str):
    assert complaint_id_of_reply(key, address) is None


def test_an_address_for_answers_opens_no_page_and_fits():
    token = ANSWER.partition("+")[2].partition("@")[0]
    assert not opens(KEY, token, 12, NONCE)
    longest = reply_address(KEY, f"{'k' * 26}@perusahaan.example", 2**31 - 1)
    assert len(longest.partition("@")[0]) == 64
