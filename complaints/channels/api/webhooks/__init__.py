"""WEBHOOKS IN THE API: endpoints added and changed, their logs read, deliveries sent again."""
