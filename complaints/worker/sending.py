"""What delivery is told of this installation, from its settings."""

from complaints.outbox.delivery_settings import DeliverySettings
from complaints.outbox.mail.dkim_key import DkimKey
from complaints.settings import Settings, SettingsError


def delivery_of(settings: Settings) -> DeliverySettings:
    """Raises SettingsError with one line where the key that signs mail cannot be used."""
    return DeliverySettings(
        settings.base_url, settings.secret_key, settings.reply_address, dkim_of(settings)
    )


def dkim_of(settings: Settings) -> DkimKey | None:
    """The key that signs mail; None where mail is not signed here. Raises SettingsError."""
    if settings.dkim is None:
        return None
    try:
        return DkimKey.read(*settings.dkim)
    except ValueError as problem:
        raise SettingsError(f"DKIM_KEY_FILE: {problem}.") from None
