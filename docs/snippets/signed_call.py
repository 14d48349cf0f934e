#!/usr/bin/env python3
"""One signed call: GET /v3/insured/status?cardNo=CARD_NO. Needs Python 3.8.

    signed_call.py BASE_URL KEY_ID KEY_FILE CARD_NO [v3.2.0 | v3.3.0]

KEY_FILE holds for v3.2.0 the secret as the server gave it, for v3.3.0 the P-256 private key in PEM (this one
needs the package `cryptography`). Prints the answer's body; the exit code is 0 if the call was admitted.
"""

import base64
import hashlib
import hmac
import json
import secrets
import sys
import time
import urllib.error
import urllib.parse
import urllib.request


def stripped(parameters):
    """str.strip() is the definition of white space here: it takes U+00A0 and U+3000, too."""
    return {name: value.strip() if isinstance(value, str) else value for name, value in parameters.items()}


def canonical_python(parameters):
    """v3.2.x: any JSON value may stand in the parameters."""
    return json.dumps(stripped(parameters), sort_keys=True, separators=(",", ":"))


def canonical_jcs(parameters):
    """v3.3.0, gm (RFC 8785): strings and integers up to 2^53 only, which is what a query needs."""
    ordered = dict(sorted(stripped(parameters).items(), key=lambda member: member[0].encode("utf-16-be")))
    return json.dumps(ordered, ensure_ascii=False, separators=(",", ":"))


def signature_hmac(text, key_file):
    with open(key_file, encoding="ascii") as file:
        secret = base64.urlsafe_b64decode(file.read().strip() + "=")
    if len(secret) != 32:
        sys.exit("the secret isn't 32 bytes in base64url")
    return hmac.new(secret, text, hashlib.sha256).digest()


def signature_ecdsa(text, key_file):
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    with open(key_file, "rb") as file:
        key = serialization.load_pem_private_key(file.read(), None)
    return key.sign(text, ec.ECDSA(hashes.SHA256()))  # DER


PROFILES = {"v3.2.0": (canonical_python, signature_hmac), "v3.3.0": (canonical_jcs, signature_ecdsa)}


def signed_fields(profile, key_id, key_file, parameters):
    """Call this as the request leaves, and again for a retry: time and nonce are good for one sending."""
    canonical, signature = PROFILES[profile]
    seconds = str(int(time.time()))
    nonce = secrets.token_urlsafe(18)  # 24 characters
    text = f"{seconds}|{nonce}|{canonical(parameters)}".encode()
    return {
        "X-Api-Version": profile,
        "X-Key-Id": key_id,
        "X-Timestamp": seconds,
        "X-Nonce": nonce,
        "X-Signature": base64.b64encode(signature(text, key_file)).decode(),
    }


def main(base_url, key_id, key_file, card_no, profile="v3.2.0"):
    url = base_url.rstrip("/") + "/v3/insured/status?" + urllib.parse.urlencode({"cardNo": card_no})
    # cardNo or card_no may travel; what is signed is snake_case.
    fields = signed_fields(profile, key_id, key_file, {"card_no": card_no})
    try:
        with urllib.request.urlopen(urllib.request.Request(url, headers=fields), timeout=30) as answer:
            print(answer.read().decode())
    except urllib.error.HTTPError as refusal:
        print(refusal.read().decode())
        sys.exit(1)


if __name__ == "__main__":
    if len(sys.argv) not in (5, 6) or sys.argv[5:] and sys.argv[5] not in PROFILES:
        print(__doc__, file=sys.stderr)
        sys.exit(2)
    main(*sys.argv[1:])
