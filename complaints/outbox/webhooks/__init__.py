"""WEBHOOKS: what happens, told to other programs; written with the fact and sent later."""
