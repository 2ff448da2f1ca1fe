"""The calls by which other programs are told of what happens, and hand in what customers write."""

from complaints.channels.api.inbound import schemas as inbound
from complaints.channels.api.operations.operation import read, write
from complaints.channels.api.webhooks import schemas as hooks
from complaints.domain.errors import N_

_HOOK = "/webhooks/{webhook}"
WEBHOOKS = (
    read(
        "/webhooks",
        "listWebhooks",
        "Webhooks",
        N_("The endpoints that are told of what happens, and how each does."),
        hooks.WebhookList,
    ),
    write(
        "/webhooks",
        "addWebhook",
        N_("Add an endpoint; its secret is answered this once."),
        hooks.WebhookWithSecret,
        status=201,
        body=hooks.NewWebhook,
        example=hooks.NEW_WEBHOOK,
    ),
    read(_HOOK, "getWebhook", "Webhooks", N_("One endpoint."), hooks.WebhookAnswer),
    write(
        _HOOK,
        "editWebhook",
        N_("Change an endpoint, switch it on or off; what is not sent stays."),
        hooks.WebhookAnswer,
        method="patch",
        body=hooks.WebhookEdit,
        example=hooks.WEBHOOK_EDIT,
    ),
    write(
        f"{_HOOK}/rotation",
        "rotateWebhookSecret",
        N_("Make a new secret; for a day the one before signs beside it."),
        hooks.WebhookWithSecret,
    ),
    write(
        f"{_HOOK}/test",
        "testWebhook",
        N_("Send `webhook.test`, which says nothing; the log tells what came of it."),
        hooks.DeliveryAnswer,
    ),
    read(
        f"{_HOOK}/deliveries",
        "getDeliveries",
        "Webhooks",
        N_("What an endpoint was told and what came of it, the newest first."),
        hooks.DeliveryPage,
        question=hooks.DeliveriesQuestion,
    ),
    write(
        f"{_HOOK}/deliveries/{{id}}/replay",
        "replayDelivery",
        N_("Send a delivery once more, under the same `webhook-id` with the same body."),
        hooks.DeliveryAnswer,
    ),
)


INBOUND = write(
    "/inbound/{channel}",
    "handIn",
    N_("Hand in a customer's message: a new complaint, or a word on one they have."),
    inbound.MessageAnswer,
    body=inbound.MessageBody,
    example=inbound.MESSAGE,
    is_signed=True,
)
