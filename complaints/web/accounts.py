"""Administration: people, their keys, and the rules in force."""

from flask import Blueprint

blueprint = Blueprint("accounts", __name__, url_prefix="/admin")
