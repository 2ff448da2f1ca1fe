"""What a file really is, by its first bytes; the name only chooses where several fit equally."""

from complaints.domain.attachments import UNKNOWN

#: So many bytes are looked at.
HEAD_BYTES = 64 * 1024
#: How others call it → how we do.
_SAME = {
    "image/heif": "image/heic",
    "image/x-ms-bmp": "image/bmp",
    "audio/wave": "audio/wav",
    "audio/x-wav": "audio/wav",
}
#: What a browser may take for a page, wherever in the beginning it stands.
_PAGES = (b"<html", b"<!doctype", b"<script", b"<body", b"<svg", b"<?xml", b"<iframe")


def sniff(head: bytes, name: str) -> str:
    """The media type of what begins so; `application/octet-stream` for what nobody knows.

    Text is told from the rest by holding nothing but text, and pages from text by their marks.
    """
    # Reads a table of marks as it is imported, which most commands never need.
    import puremagic

    try:
        found = puremagic.magic_string(head, name)
    except (puremagic.PureError, ValueError):
        found = []
    types = [each.mime_type.lower() for each in found if each.mime_type and each.confidence > 0.25]
    if types and not types[0].startswith("text/") and not _is_text(head):
        return _SAME.get(types[0], types[0])[:80]
    if types and types[0] in ("application/pdf", "application/postscript", "message/rfc822"):
        return types[0]
    return _of_text(head) if _is_text(head) else UNKNOWN


def _is_text(head: bytes) -> bool:
    if b"\0" in head:
        return False
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as problem:
        # A letter that was cut at the end of the beginning is still a letter.
        return problem.start >= HEAD_BYTES - 4
    return True


def _of_text(head: bytes) -> str:
    low = head[:4096].lower()
    if b"<svg" in low:
        return "image/svg+xml"
    if low.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<?xml"):
        return "application/xml"
    return "text/html" if any(each in low for each in _PAGES) else "text/plain"
