"""Tanggap: complaint handling that keeps every promise it makes."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from flask import Flask


def create_app(config: Mapping[str, Any] | None = None) -> "Flask":
    """The web application; `config` wins over the environment.

    Nothing is imported before it is called: commands that need neither web nor database start
    six times quicker without them.
    """
    from complaints.app import create_app as wire

    return wire(config)
