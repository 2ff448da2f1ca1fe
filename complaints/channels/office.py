"""What letters have to know of this installation, for whoever shows or prints one."""

from flask import current_app

from complaints.outbox.delivery_settings import DeliverySettings


def this_office() -> DeliverySettings:
    """Our address on the web, the key that signs links, and the mailbox for answers."""
    settings = current_app.config["SETTINGS"]
    secret_key = str(current_app.config["SECRET_KEY"])
    return DeliverySettings(settings.base_url, secret_key, settings.reply_address)
