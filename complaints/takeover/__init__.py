"""TAKEOVER: complaints that began in another system, judged by our rules."""
