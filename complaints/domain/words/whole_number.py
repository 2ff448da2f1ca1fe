"""A whole number in a text that anybody can have written: an address, a hidden field, a cookie."""

#: The highest number that the databases keep as the id of a row.
HIGHEST_ID = 2**31 - 1


def whole_number(text: str, most: int = HIGHEST_ID) -> int | None:
    """The number of these digits 0 to 9, None for any other text and for a number above `most`.

    Texts of any length are safe: one with more digits than `most` is not turned into a number.
    """
    is_number = text.isascii() and text.isdigit() and len(text) <= len(str(most))
    return int(text) if is_number and int(text) <= most else None
