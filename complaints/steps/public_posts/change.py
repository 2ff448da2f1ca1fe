"""A post that was changed or deleted there keeps here what was seen; and notes on it."""

from sqlalchemy import select

from complaints.domain.errors import N_, Invalid, Refused
from complaints.domain.permissions import Permission, require
from complaints.domain.public_posts.acts import PostAct
from complaints.domain.words.substance import require_substance
from complaints.models import PublicPostEntry
from complaints.steps.public_posts.record import PostCase, note_act


def note_change(case: PostCase, *, text: str) -> bool:
    """Keep what the post says now beside what was seen before; whether it says anything else.

    One that is back after it was deleted is there again.
    """
    post, seen = case.post, text.strip()
    is_other = seen != (post.text_now or post.text)
    if is_other or post.gone_at is not None:
        post.text_now = seen if seen != post.text else ""
        post.gone_at = None
        note_act(case, PostAct.CHANGED, {"text": seen})
        return True
    return False


def note_seen(case: PostCase, *, text: str, is_from_file: bool) -> None:
    """Keep what the post said when its link was recorded again; words seen before are no change.

    A file may be older than what was noted since, so it never says that a deleted post is back.
    """
    post, seen = case.post, text.strip()
    is_back = post.gone_at is not None and not is_from_file
    if not is_back and seen in _seen_before(case):
        return
    post.text_now = seen if seen != post.text else ""
    if is_back:
        post.gone_at = None
    note_act(case, PostAct.CHANGED, {"text": seen})


def _seen_before(case: PostCase) -> set[str]:
    query = select(PublicPostEntry.detail).where(
        PublicPostEntry.post_id == case.post.id, PublicPostEntry.what == PostAct.CHANGED.value
    )
    return {case.post.text, *(each["text"] for each in case.session.scalars(query))}


def change_post(case: PostCase, *, text: str = "", is_gone: bool = False) -> None:
    """Note that the post says something else now, that it is not there any more, or both."""
    require(case.by, Permission.HANDLE)
    if is_gone:
        if case.post.gone_at is not None:
            raise Refused(N_("That it was deleted has been noted already."))
        if text.strip():
            # What it said last, seen before it went.
            note_change(case, text=text)
        case.post.gone_at = case.at.replace(microsecond=0)
        note_act(case, PostAct.GONE)
    elif not text.strip():
        raise Invalid(N_("Copy what the post says now, or note that it was deleted."), field="text")
    elif not note_change(case, text=text):
        raise Invalid(N_("That is what we have already."), field="text")


def note_on(case: PostCase, *, text: str) -> None:
    """Keep what became known, for whoever goes on with it."""
    require(case.by, Permission.NOTE)
    require_substance(text, N_("Enter the note in a few words."), field="text")
    note_act(case, PostAct.NOTE, {"text": text.strip()})
