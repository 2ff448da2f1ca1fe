"""`complaints webhook`: the endpoints of other programs that are told of what happens."""

import click

from complaints import clock
from complaints.commands.console import as_json, command, open_database, say
from complaints.domain.permissions import SYSTEM


@click.group()
def webhook() -> None:
    """Endpoints of other programs that are told of what happens."""


@command
@click.option("--url", required=True, help="Where it is called; begins with https://.")
@click.option("--event", "events", multiple=True, help="An event it is told of; all without any.")
@as_json
def add(url: str, events: tuple[str, ...], as_json: bool) -> None:
    """Add an endpoint; its secret is printed once and cannot be read again."""
    from complaints.outbox.webhooks.endpoints import WebhookSettings, add_webhook

    settings, _, sessions = open_database()
    own = WebhookSettings(settings.secret_key, settings.webhook_hosts)
    with sessions.begin() as session:
        made, secret = add_webhook(session, own, url=url, events=events, by=SYSTEM, at=clock.now())
        webhook_id, asked = made.id, made.events
    if as_json:
        say({"id": webhook_id, "url": url.strip(), "events": asked, "secret": secret}, True)
    else:
        click.echo(secret)


@command
@as_json
def list_all(as_json: bool) -> None:
    """List every endpoint: its events, whether it is on, what waits and what the last call was."""
    from complaints.queries.engine.webhooks import list_webhooks

    _, _, sessions = open_database()
    with sessions() as session:
        lines = list_webhooks(session)
    items = [
        {
            "id": each.webhook.id,
            "url": each.webhook.url,
            "events": each.webhook.events,
            "active": each.webhook.is_active,
            "off_because": each.webhook.off_because or None,
            "created_at": each.webhook.created_at.isoformat(),
            "waiting": each.waiting,
            "last": None
            if each.last is None
            else {
                "at": each.last.at.isoformat(),
                "why": each.last.why,
                "status": each.last.status,
            },
        }
        for each in lines
    ]
    if as_json:
        say({"items": items}, True)
        return
    for item, each in zip(items, lines, strict=True):
        state = "on" if item["active"] else f"off ({item['off_because']})"
        told = ", ".join(each.webhook.events) or "all events"
        last = f", last call {each.last.why}" if each.last else ""
        click.echo(f"{item['id']}: {item['url']}, {told}, {state}, waiting {each.waiting}{last}")


for name, each in {"add": add, "list": list_all}.items():
    webhook.add_command(each, name)
