"""What our secret key signs: a customer's link opens one complaint, a letter keeps its name."""

import pytest

from complaints.signing import complaint_id_in, follow_token, message_name, opens

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
