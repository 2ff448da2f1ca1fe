"""The calls about public posts, as the table of all calls has them."""

from complaints.actions.public_posts import (
    ChangedBody,
    PostBody,
    PostComplaintBody,
    PostNoteBody,
    ReplyBody,
    SetAsideBody,
    TakeUpBody,
)
from complaints.channels.api.operations.operation import Operation, acts_on, read
from complaints.channels.api.public_posts import schemas
from complaints.domain.errors import N_

TAG = "Public posts"
_ONE = "/posts/{number}"
_act = acts_on(_ONE, TAG, schemas.PublicPostAnswer)

POSTS = (
    read(
        "/posts",
        "listPosts",
        TAG,
        N_("Public posts within your scope; of those that wait, the longest overdue first."),
        schemas.PostList,
        question=schemas.PostsQuestion,
    ),
    Operation(
        method="post",
        path="/posts",
        name="recordPost",
        tag=TAG,
        summary=N_("Record a public post; the same link again answers with the same post."),
        answer=schemas.PublicPostAnswer,
        status=201,
        body=PostBody,
        example={
            "channel": "x",
            "link": "https://x.com/budi/status/1790000000000000001",
            "author": "@budi",
            "text": "Internet mati tiga hari, tidak ada yang menjawab!",
            "posted_at": "2026-11-19T09:15:00+07:00",
        },
    ),
    read(_ONE, "getPost", TAG, N_("One public post with its history."), schemas.PublicPostAnswer),
    _act(
        "reply",
        "replyToPost",
        N_("Keep the reply that was published; its time for a reply ends."),
        body=ReplyBody,
        example={"text": "Mohon maaf, Kak. Kami lanjutkan lewat pesan pribadi."},
    ),
    _act(
        "set-aside",
        "setPostAside",
        N_("End it without a reply; a line manager is notified."),
        body=SetAsideBody,
        example={"reason": "Bukan tentang layanan kami"},
    ),
    _act(
        "taking-up",
        "takePostUp",
        N_("Let it wait for a reply again, by the time it had."),
        body=TakeUpBody,
        example={"reason": "Ini tentang layanan kami"},
    ),
    _act(
        "change",
        "changePost",
        N_("Keep what the post says now, or that it was deleted."),
        body=ChangedBody,
        example={"text": "Sudah beres, terima kasih"},
    ),
    _act(
        "note",
        "noteOnPost",
        N_("Write a note on it."),
        body=PostNoteBody,
        example={"text": "Akun ini sudah dua kali menulis"},
    ),
    _act(
        "complaint",
        "makePostComplaint",
        N_("Make it a complaint; the public reply is still owed."),
        body=PostComplaintBody,
        example={
            "customer": {"name": "Siti Aminah", "phone": "0812 3456 7890"},
            "category": "GGN_MATI",
        },
    ),
)
