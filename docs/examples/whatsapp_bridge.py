"""Hand WhatsApp messages in to Tanggap: a bridge of the standard library alone.

WhatsApp's Cloud API calls it for every message; it checks Meta's signature, says the message in
Tanggap's words, signs it in the form of Standard Webhooks and posts it to /api/v1/inbound/whatsapp.
Only what Tanggap has taken is answered with 200, so WhatsApp sends the rest again, and Tanggap
takes each message once however often it comes.

    TANGGAP_URL=https://keluhan.example TANGGAP_SECRET=whsec_… \\
    WHATSAPP_APP_SECRET=… WHATSAPP_VERIFY_TOKEN=… python3 whatsapp_bridge.py 8085

TANGGAP_SECRET is the one of TANGGAP_INBOUND_SECRETS (whatsapp=whsec_…). Let the bridge listen on
this machine, behind the proxy that has the certificate.
"""

import base64
import hashlib
import hmac
import json
import os
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

LARGEST = 1024 * 1024


def messages_in(told: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The texts in a call of WhatsApp, each as Tanggap takes it; other kinds say what they are."""
    for entry in told.get("entry", []):
        for change in entry.get("changes", []):
            value = change.get("value", {})
            names = {
                each.get("wa_id"): each.get("profile", {}).get("name", "")
                for each in value.get("contacts", [])
            }
            for each in value.get("messages", []):
                kind = each.get("type", "")
                text = each.get("text", {}).get("body") or each.get(kind, {}).get("caption")
                yield {
                    "id": each["id"],
                    "from": f"+{each['from']}",
                    "name": names.get(each["from"], ""),
                    "text": text or f"[{kind}]",
                    "at": datetime.fromtimestamp(int(each["timestamp"]), UTC).isoformat(),
                }


def hand_in(message: dict[str, Any]) -> dict[str, Any]:
    """Post one message to Tanggap, signed; raises OSError where it is not taken."""
    body = json.dumps(message, ensure_ascii=False).encode()
    stamp = str(int(time.time()))
    key = base64.b64decode(os.environ["TANGGAP_SECRET"].removeprefix("whsec_"), validate=True)
    signed = f"{message['id']}.{stamp}.".encode() + body
    signature = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    request = urllib.request.Request(
        os.environ["TANGGAP_URL"].rstrip("/") + "/api/v1/inbound/whatsapp",
        data=body,
        headers={
            "Content-Type": "application/json",
            "webhook-id": message["id"],
            "webhook-timestamp": stamp,
            "webhook-signature": f"v1,{signature}",
        },
    )
    with urllib.request.urlopen(request, timeout=20) as answer:
        taken: dict[str, Any] = json.load(answer)
        return taken


def is_taken(message: dict[str, Any]) -> bool:
    """Hand a message in; False where it has to come again.

    What Tanggap will never take is said in the log and let go, or WhatsApp would send it for days.
    """
    try:
        said = hand_in(message)["number"]
    except urllib.error.HTTPError as error:
        said = f"refused with {error.code}"
        is_for_good = error.code in (400, 413, 422)
    except OSError as error:
        said, is_for_good = type(error).__name__, False
    else:
        is_for_good = True
    sys.stdout.write(f"{message['id']}: {said}\n")
    sys.stdout.flush()
    return is_for_good


def is_from_whatsapp(body: bytes, signature: str) -> bool:
    """Whether Meta signed these bytes with the secret of our app."""
    secret = os.environ["WHATSAPP_APP_SECRET"].encode()
    expected = "sha256=" + hmac.new(secret, body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(expected.encode(), signature.encode("utf-8", "replace"))


class Bridge(BaseHTTPRequestHandler):
    """One call of WhatsApp."""

    timeout = 30

    def do_GET(self) -> None:
        """WhatsApp asks once whether the address is ours."""
        asked = parse_qs(urlsplit(self.path).query)
        is_ours = asked.get("hub.verify_token") == [os.environ["WHATSAPP_VERIFY_TOKEN"]]
        self._answer(
            200 if is_ours else 403, asked.get("hub.challenge", [""])[0] if is_ours else ""
        )

    def do_POST(self) -> None:
        """Hand in what came; 503 where Tanggap has not taken all of it."""
        length = self.headers.get("Content-Length", "")
        if not length.isdigit() or int(length) > LARGEST:
            return self._answer(413, "")
        body = self.rfile.read(int(length))
        if not is_from_whatsapp(body, self.headers.get("X-Hub-Signature-256", "")):
            return self._answer(401, "")
        try:
            is_all_taken = all(is_taken(each) for each in messages_in(json.loads(body)))
        except (KeyError, ValueError, AttributeError, TypeError):
            return self._answer(400, "")
        return self._answer(200 if is_all_taken else 503, "")

    def _answer(self, status: int, text: str) -> None:
        content = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *given: Any) -> None:
        """Addresses and telephone numbers belong in no log."""


if __name__ == "__main__":
    port = int(sys.argv[1]) if len(sys.argv) > 1 else 8085
    ThreadingHTTPServer(("127.0.0.1", port), Bridge).serve_forever()
