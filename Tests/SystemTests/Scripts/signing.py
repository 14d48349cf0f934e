"""Signed calls from the shell: `hufu device key`, `call`, `sign`, `verify` and `doctor signature`, against the real
gateway and beside Python's json and hmac and the openssl command. Arguments: the program, an empty folder."""

import base64
import hashlib
import hmac
import json
import os
import random
import re
import subprocess
import sys
import time

from server import Connection, Server, expect

HUFU = os.path.abspath(sys.argv[1])
os.chdir(sys.argv[2])
HOME = os.getcwd()
CARD = "330102199001011234"
# Every profile, rfc9421 with each of its algorithms.
RFC9421 = ["ed25519", "ecdsa-p256-sha256", "hmac-sha256", "rsa-pss-sha512"]
PROFILES = ["v3.2.0", "v3.2.1", "v3.3.0", "gm", "tif", "csb", "envelope", "fsi-sm"]
WAYS = [(name, []) for name in PROFILES] + [("rfc9421", ["--algorithm", name]) for name in RFC9421]
SPACE = "\t\n\v\f\r\x1c\x1d\x1e\x1f \x85\xa0\u1680\u2003\u2028\u3000"


def environment(server):
    address = {"HUFU_URL": f"http://127.0.0.1:{server.port}"} if server else {}
    return {"PATH": os.environ["PATH"], "HOME": HOME, "XDG_DATA_HOME": HOME, "LANG": "C.UTF-8", **address}


def hufu(*arguments, data=b"", code=0, server=None):
    env = environment(server)
    done = subprocess.run([HUFU, *arguments], input=data, capture_output=True, env=env, timeout=120)
    told = done.stdout.decode(errors="replace") + done.stderr.decode(errors="replace")
    expect(done.returncode == code, f"hufu {arguments}: {done.returncode}, not {code}\n{told}")
    return done


def openssl(*arguments, data=b""):
    done = subprocess.run(["openssl", *arguments], input=data, capture_output=True, timeout=60)
    expect(done.returncode == 0, f"openssl {arguments}: {done.stderr.decode()}")
    return done.stdout


def write(name, data):
    with open(name, "wb") as file:
        file.write(data if isinstance(data, bytes) else data.encode())


def read(name):
    with open(name, "rb") as file:
        return file.read()


# The gateway


def activate(server):
    operator = Connection(server.port, server.first_operator()["access_token"])
    institution = operator.post("/v1/institutions", {"name": "某医院", "kind": "hospital"}, 201)["id"]
    policy = {"duration": "P30D", "usage_limit": 1000, "device_limit": 2, "approvals": 0}
    policy["scopes"] = ["patient.read", "claim.write"]
    operator.send("PUT", "/v1/policies/ward", policy, headers={"If-None-Match": "*"})
    application = operator.post("/v1/applications", {"institution_id": institution, "policy": "ward"}, 201)
    issued = operator.post(f"/v1/applications/{application['id']}/issue", {}, 201)
    hufu("device", "activate", data=(issued["code"] + "\n").encode(), server=server)
    return operator, issued["code_detail"]["id"]


def call(server, *arguments, code=0):
    return hufu("call", *arguments, server=server, code=code)


def calls(server):
    for profile, option in WAYS:
        option = ["--profile", profile, "--json", *option]
        done = call(server, "POST", "/v3/claims", "cardNo=" + CARD, "amount:=100.00", *option)
        answer = json.loads(done.stdout)
        expect(answer["admitted"] is True and answer["profile"] == profile, f"{profile}: {answer}")
        expect(answer["scope"] == "claim.write" and answer["path"] == "/v3/claims", f"{profile}: {answer}")
        # The number's text survives on the way, and names are converted where the profile does so.
        expect(b"100.00" in done.stdout, f"{profile}: {done.stdout}")
        expect((b"card_no" in done.stdout) == (profile in PROFILES[:4]), f"{profile}: {done.stdout}")
        expect(f"registered key {answer['key_id']}".encode() in done.stderr, f"{profile}: {done.stderr}")
        again = call(server, "POST", "/v3/claims", "a=b", *option)
        expect(json.loads(again.stdout)["key_id"] == answer["key_id"] and not again.stderr, f"{profile}: the same key")
    for profile in ["v3.2.0", "v3.2.1", "v3.3.0", "gm", "tif", "csb", "rfc9421"]:
        query = ["cardNo=" + CARD, "name=张 三+&=%"]
        done = call(server, "GET", "/v3/insured/status", *query, "--profile", profile, "--json")
        answer = json.loads(done.stdout)
        expect(answer["method"] == "GET" and answer["scope"] == "patient.read", f"{profile}: {answer}")
    table = call(server, "DELETE", "/v3/claims", "id=7", "--profile", "gm").stdout.decode()
    expect(re.search(r"^admitted +yes$", table, re.M) and re.search(r"^profile +gm$", table, re.M), table)
    write("body.json", '{"cardNo":"1","items":[1e2,{"a":null}]}')
    done = call(server, "PUT", "/v3/claims?x=1", "y=2", "--body", "body.json", "--profile", "v3.3.0", "--json")
    expect(json.loads(done.stdout)["query"] == "x=1&y=2" and b'"items":[1e2,' in done.stdout, f"{done.stdout}")
    for options in [["--upper-hex"], ["--family", "rio"]]:
        call(server, "GET", "/v3/insured/status", "a=1", "--profile", "tif", *options)
    call(server, "GET", "/v3/insured/status", "a=1", "--profile", "csb", "--seconds")


def refusals(server, operator, code):
    done = call(server, "POST", "/epc/api/x", "a=1", "--profile", "v3.2.0", code=1)
    expect(done.stderr.startswith(b"refused: scope_not_granted"), done.stderr)
    expect("解决办法".encode() in done.stderr and not done.stdout, done.stderr)
    call(server, "POST", "/v3/claims", "a:={", "--profile", "v3.2.0", code=2)
    call(server, "POST", "/v3/claims", "a", "--profile", "v3.2.0", code=2)
    call(server, "POST", "/v3/claims", "aB=1", "a_b=2", "--profile", "v3.2.0", code=2)
    call(server, "HEAD", "/v3/claims", "--profile", "v3.2.0", code=64)
    call(server, "GET", "/v3/claims", "--profile", "v9", code=64)
    call(server, "GET", "/v3/claims", "--profile", "v3.2.0", "--timeout", "300", code=64)
    call(server, "GET", "/v3/claims", "--profile", "v3.2.0", "--url", "http://127.0.0.1:1", code=3)


def keys(server):
    wanted = ["--profile", "v3.2.0", "--valid-for", "P1D", "--json"]
    added = json.loads(hufu("device", "key", "add", *wanted, server=server).stdout)
    expect("secret" not in added and added["expires_at"] > added["created_at"], f"no secret is shown: {added}")
    newest = json.loads(call(server, "GET", "/v3/x", "--profile", "v3.2.0", "--json").stdout)
    expect(newest["key_id"] == added["key_id"], "the newest key signs")
    listed = json.loads(hufu("device", "key", "list", "--json", server=server).stdout)["items"]
    expect(len(listed) == len(WAYS) + 1 and not any("secret" in key for key in listed), f"{listed}")
    revoked = hufu("device", "key", "revoke", added["key_id"], server=server).stdout.decode()
    expect(re.search(r"^revoked at +2", revoked, re.M), revoked)
    table = hufu("device", "key", "list", server=server).stdout.decode()
    expect(re.search(rf"^{added['key_id']} .* no$", table, re.M), table)
    expect(re.search(r"^\w{16} +fsi-sm .* yes$", table, re.M), table)
    older = json.loads(call(server, "GET", "/v3/x", "--profile", "v3.2.0", "--json").stdout)
    expect(older["key_id"] != added["key_id"], "the older key holds on")
    for terms in [["--signer", "standard"], ["--key-order", "case-insensitive", "--envelope-version", "1.0.0"]]:
        hufu("device", "key", "add", "--profile", "envelope", *terms, server=server)
        members = ["mdtrtId=1", "mdtrtareaAdmvs=2", "amount:=100.00"]
        call(server, "POST", "/v3/claims", *members, "--profile", "envelope")
    hufu("device", "key", "add", "--profile", "gm", "--user-id", "ALICE123@YAHOO.COM", server=server)
    call(server, "POST", "/v3/claims", "a=1", "--profile", "gm")
    hufu("device", "key", "revoke", "AAAAAAAAAAAAAAAA", server=server, code=1)
    hufu("device", "key", "add", "--profile", "gm", "--algorithm", "ed25519", server=server, code=64)
    sealed = read("hufu/device.json")
    expect(added["key_id"].encode() not in sealed and b"v3.2.0" not in sealed, "keys lie inside the seal")


# Files


def request(body='{"cardNo":" 1 ","amount":100.00}', fields="", path="/v3/claims"):
    head = f"POST {path} HTTP/1.1\r\nHost: hufu.example\r\nContent-Type: application/json\r\n{fields}"
    body = body.encode() if isinstance(body, str) else body
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


def field(saved, name):
    return re.search(rf"^{name}: (.*?)\r?$", saved.decode(errors="replace"), re.M | re.I)[1]


def make_keys():
    write("secret", base64.urlsafe_b64encode(os.urandom(32)).rstrip(b"="))
    write("text", "abcdefghijklmnopqrstuvwxyz012345\n")
    openssl("genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out", "rsa.pem")
    openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", "p256.pem")
    openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:SM2", "-out", "sm2.pem")
    openssl("genpkey", "-algorithm", "ED25519", "-out", "ed25519.pem")
    for name in ["rsa", "p256", "sm2", "ed25519"]:
        write(name + ".pub", openssl("pkey", "-in", name + ".pem", "-pubout"))


def key_options(profile, name=None):
    """For signing, and for verifying."""
    secret = {"v3.2.0": "secret", "tif": "text", "csb": "text", "envelope": "text"}.get(profile)
    pair = {"v3.2.1": "rsa", "v3.3.0": "p256", "gm": "sm2", "envelope": "sm2", "fsi-sm": "sm2"}.get(profile, name)
    shared = ["--secret-file", secret] if secret else []
    if pair is None:
        return shared, shared
    return ["--key-file", pair + ".pem", *shared], ["--public-key", pair + ".pub", *shared]


def files():
    extra = "_api_name: claims\r\n_api_version: 1.0.0\r\n"
    ways = [(name, None) for name in PROFILES] + [("rfc9421", name) for name in ["rsa", "p256", "ed25519"]]
    for profile, name in ways:
        body = '{"infno":"1101","input":{"a":"1"}}' if profile == "fsi-sm" else '{"cardNo":" 1 ","amount":100.00}'
        write("plain.http", request(body, extra))
        sign, verify = key_options(profile, name)
        sign = sign + ["--key-id", "KEY0000000000001", "--out", "signed.http"]
        hufu("sign", "--profile", profile, *sign, "plain.http")
        verdict = json.loads(hufu("verify", "--profile", profile, *verify, "--json", "signed.http").stdout)
        expect(verdict["valid"] is True and verdict["key_id"] == "KEY0000000000001", f"{profile}: {verdict}")
        later = str(int(time.time()) + 302)
        late = hufu("verify", "--profile", profile, *verify, "--at", later, "signed.http", code=1)
        expect(b"timestamp_too_old" in late.stdout, f"{profile}: {late.stdout}")
        changed = read("signed.http").replace(b"100.00", b"100.01")
        write("changed.http", changed)
        # These two sign no body, and two others carry it encrypted.
        covers = b"100.01" in changed and profile not in ["tif", "csb"]
        hufu("verify", "--profile", profile, *verify, "changed.http", code=1 if covers else 0)
    write("plain.http", request())
    write("other.http", request())
    hufu("sign", "--profile", "tif", "--secret-file", "text", "--key-id", "k", "plain.http", "other.http")
    hufu("verify", "--profile", "tif", "--secret-file", "text", "other.http.signed")


def other_hands():
    """What we sign is what Python and openssl compute, and what they sign verifies."""
    write("plain.http", request())
    key = base64.urlsafe_b64decode(read("secret") + b"=")
    options = ["--key-id", "k", "--at", "1700000000", "--nonce", "0123456789abcdef"]
    signed = hufu("sign", "--profile", "v3.2.0", "--secret-file", "secret", *options, "plain.http").stdout
    text = b'1700000000|0123456789abcdef|{"amount":100.0,"card_no":"1"}'
    mac = base64.b64encode(hmac.new(key, text, hashlib.sha256).digest()).decode()
    expect(field(signed, "X-Signature") == mac, "Python's hmac agrees")
    tif = ["--profile", "tif", "--secret-file", "text", "--key-id", "k", "--at", "1700000000"]
    signed = hufu("sign", *tif, "--nonce", "123456789abcdefg", "-", data=request()).stdout
    digest = hashlib.sha256(b"1700000000abcdefghijklmnopqrstuvwxyz012345123456789abcdefg1700000000").hexdigest()
    expect(field(signed, "x-tif-signature") == digest, "Python's hashlib agrees")
    text = b'1700000000|0123456789abcdef|{"amount":100,"card_no":"1"}'
    write("text.signed", text)
    sm3 = ["-sm3", "-sigopt", "distid:1234567812345678"]
    for profile, key, digest in [("v3.3.0", "p256", ["-sha256"]), ("gm", "sm2", sm3)]:
        theirs = openssl("dgst", *digest, "-sign", key + ".pem", "text.signed")
        fields = "X-Key-Id: k\r\nX-Timestamp: 1700000000\r\nX-Nonce: 0123456789abcdef\r\nX-Signature: "
        write("theirs.http", request(fields=fields + base64.b64encode(theirs).decode() + "\r\n"))
        hufu("verify", "--profile", profile, "--public-key", key + ".pub", "--at", "1700000300", "theirs.http")


def text(draw):
    symbols = ["a", "Z", "0", "_", " ", "é", "中", "😀", '"', "\\", "/", "\x7f", "\n", draw.choice(SPACE)]
    return "".join(draw.choice(symbols) for _ in range(draw.randrange(8)))


def value(draw, depth):
    kind = draw.randrange(8 if depth else 6)
    if kind < 2:
        return text(draw)
    if kind == 2:
        return draw.choice([0, -1, 10 ** draw.randrange(40), draw.getrandbits(70)])
    if kind == 3:
        wide = draw.random() * 10 ** draw.randrange(-300, 300)
        return draw.choice([0.1, 1e16, 1e-7, 100.0, 5e-324, draw.uniform(-1e9, 1e9), wide])
    if kind < 6:
        return draw.choice([None, True, False])
    if kind == 6:
        return [value(draw, depth - 1) for _ in range(draw.randrange(4))]
    return {text(draw): value(draw, depth - 1) for _ in range(draw.randrange(4))}


def print_canonical(profile, lines, *options):
    done = hufu("sign", "--profile", profile, "--print-canonical", *options, data="\n".join(lines).encode())
    return done.stdout.decode().split("\n")


def canonical_texts():
    seed = random.randrange(1 << 32)
    draw = random.Random(seed)
    documents = [{text(draw): value(draw, 3) for _ in range(draw.randrange(6))} for _ in range(10_000)]
    lines = [json.dumps(document, ensure_ascii=draw.random() < 0.5) for document in documents]
    # CPython converts no names, so here none are.
    ours = print_canonical("v3.2.0", lines, "--keep-names")
    expect(ours.pop() == "" and len(ours) == len(documents), f"a line each, seed {seed}")
    for line, document, mine in zip(lines, documents, ours):
        stripped = {name: item.strip() if isinstance(item, str) else item for name, item in document.items()}
        theirs = json.dumps(stripped, sort_keys=True, separators=(",", ":"))
        expect(mine == theirs, f"seed {seed}\n{line}\n{mine}\n{theirs}")
    odd = ['{"a":1,"a":2}', "[1]", "{", "", '{"aB":1,"a_b":2}', '{"cardNo":1}', "\ufeff{}"]
    expected = ["!duplicate_key", "!not_an_object", "!invalid_json", "!invalid_json", "!both_spellings"]
    expected += ['{"card_no":1}', "!byte_order_mark", ""]
    printed = print_canonical("v3.3.0", odd)
    expect(printed == expected, printed)
    hufu("sign", "--profile", "tif", "--print-canonical", code=64)


# The doctor


def doctor():
    write("plain.http", request())
    sign = ["--profile", "v3.2.0", "--secret-file", "secret", "--key-id", "k", "--at", "1700000000"]
    hufu("sign", *sign, "--out", "right.http", "plain.http")
    right = ["--request", "right.http", "--secret-file", "secret"]
    good = hufu("doctor", "signature", *right, "--server-time", "1700000300")
    expect("通过 / accepted" in good.stdout.decode(), good.stdout.decode())
    # Nothing of the request shows that it came twice: the gateway's word counts.
    used = hufu("doctor", "signature", *right, "--answer", "nonce_replayed", "--json", code=1)
    answer = json.loads(used.stdout)
    expect(answer["verdict"] == "refused" and answer["findings"][0]["mistake"] == "nonce_replayed", answer)
    hufu("doctor", "signature", *right, "--answer", "scope_not_granted", code=64)
    late = hufu("doctor", "signature", *right, "--server-time", "1700000301", "--json", code=1)
    answer = json.loads(late.stdout)
    expect(answer["refusal"]["code"] == "timestamp_too_old" and answer["findings"], answer)
    key = base64.urlsafe_b64decode(read("secret") + b"=")
    # Signed without stripping, as a client that overlooks the rule does.
    signed = b'1700000000|0123456789abcdef|{"amount":100.0,"card_no":" 1 "}'
    mac = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    fields = {"X-Api-Version": "v3.2.0", "X-Key-Id": "k", "X-Timestamp": "1700000000"}
    fields |= {"X-Nonce": "0123456789abcdef", "X-Signature": mac}
    options = ["--secret-file", "secret", "--server-time", "1700000000"]
    write("wrong.http", request(fields="".join(f"{name}: {text}\r\n" for name, text in fields.items())))
    body = '{"cardNo":" 1 ","amount":100.00}'
    headers = " ".join(f"-H '{name}: {text}'" for name, text in fields.items())
    address = "https://hufu.example/v3/claims"
    write("wrong.curl", f"curl -X POST {address} {headers} -H 'Content-Type: application/json' --data-raw '{body}'\n")
    entry = {"method": "POST", "url": address, "postData": {"mimeType": "application/json", "text": body}}
    entry["headers"] = [{"name": name, "value": text} for name, text in fields.items()]
    other = {"method": "GET", "url": "https://hufu.example/", "headers": []}
    write("wrong.har", json.dumps({"log": {"entries": [{"request": entry}, {"request": other}]}}))
    signed = b'1700000000|0123456789abcdef|{"amount":100.0,"card_no":"1"}'
    right_mac = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    har = ["--har", "wrong.har"]
    for source in [["--request", "wrong.http"], ["--curl", "wrong.curl"], har, har + ["--entry", "0"]]:
        found = hufu("doctor", "signature", *source, *options, "--json", code=1)
        mistakes = [finding["mistake"] for finding in json.loads(found.stdout)["findings"]]
        expect(mistakes[0] == "surrounding_white_space", f"{source}: {mistakes}")
        for language, word in [("zh", "解决办法"), ("en", "cure:")]:
            told = hufu("doctor", "signature", *source, *options, "--lang", language, code=1).stdout.decode()
            expect(word in told and ("cure:" in told) == (language == "en"), told)
            expect(right_mac not in told, "no expected signature")
    hufu("doctor", "signature", "--har", "wrong.har", "--entry", "7", code=2)
    hufu("doctor", "signature", "--curl", "wrong.http", code=2)
    hufu("doctor", "signature", "--curl", "wrong.curl", "--har", "wrong.har", code=64)
    listening(body, fields)


def listening(body, fields):
    command = [HUFU, "doctor", "signature", "--listen", "0", "--patience", "60", "--secret-file", "secret"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment(None))
    try:
        port = int(re.search(rb"127\.0\.0\.1:(\d+)", process.stderr.readline())[1])
        fields = {**fields, "X-Timestamp": str(int(time.time())), "Content-Type": "application/json"}
        connection = Connection(port)
        answer = connection.send("POST", "/v3/claims", json.loads(body), headers=fields)
        expect(answer.status == 200 and answer.json["refusal"]["code"] == "signature_mismatch", f"{answer}")
        out, _ = process.communicate(timeout=60)
        expect(process.returncode == 1 and b"signature_mismatch" in out, f"{process.returncode} {out}")
    finally:
        process.kill()
        process.wait()


def device_key(server):
    """The doctor takes the device's own key where the request names it."""
    key = json.loads(call(server, "GET", "/v3/x", "--profile", "v3.2.0", "--json").stdout)["key_id"]
    fields = f"X-Api-Version: v3.2.0\r\nX-Key-Id: {key}\r\nX-Timestamp: {int(time.time())}\r\n"
    fields += f"X-Nonce: 0123456789abcdef\r\nX-Signature: {base64.b64encode(bytes(32)).decode()}\r\n"
    write("own.http", request(fields=fields))
    told = hufu("doctor", "signature", "--request", "own.http", "--server-time", "now", "--json", code=1)
    answer = json.loads(told.stdout)
    expect(answer["refusal"]["code"] == "signature_mismatch", f"with the key it can tell: {answer['refusal']}")


def revocation(server, operator, code):
    operator.post(f"/v1/codes/{code}/revocation", {"reason": "superseded"}, 200)
    for profile in ["v3.2.0", "gm", "envelope"]:
        done = call(server, "POST", "/v3/claims", "a=1", "--profile", profile, code=1)
        expect(done.stderr.startswith(b"refused: revoked"), done.stderr)


server = Server(HUFU, os.path.join(HOME, "data"), "--gateway-upstream", "echo")
server.start()
try:
    operator, code = activate(server)
    calls(server)
    refusals(server, operator, code)
    keys(server)
    device_key(server)
    revocation(server, operator, code)
finally:
    server.kill()
make_keys()
for step in [files, other_hands, canonical_texts, doctor]:
    step()
print("ok")
