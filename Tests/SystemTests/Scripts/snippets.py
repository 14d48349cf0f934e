#!/usr/bin/env python3
"""The snippets in docs/snippets make their signed calls against a real gateway that echoes what it admits.

    snippets.py BINARY FOLDER        (server.py starts the program, openssl makes the keys)

A snippet whose runtime is not on this machine is skipped with a line that says so.
"""

import base64
import hashlib
import json
import os
import shutil
import subprocess
import sys
import urllib.parse

from server import Connection, Failed, Server, expect

SNIPPETS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../../docs/snippets")
# White space of every kind at the ends and none of it (U+FEFF), quotes, escapes, plus, percent, a pair of surrogates.
CARDS = ["6222020200112233", "\u3000 张三𠮷\x7f\x85", "a+b %2B&=#?/\"\\'\t\x01!*~", "\ufeffé\u2028x\xa0", ""]


def run(*command, data=None, code=0, folder=None):
    environment = {**os.environ, "LC_ALL": "C.UTF-8", "DOTNET_NOLOGO": "1", "DOTNET_CLI_TELEMETRY_OPTOUT": "1"}
    done = subprocess.run(
        command, input=data, capture_output=True, env=environment, cwd=folder, timeout=300)
    expect(
        done.returncode == code,
        f"{command[0]} ends with {done.returncode}, not {code}: {done.stdout[-500:]!r} {done.stderr[-1500:]!r}")
    return done.stdout


def base64url(data):
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def signed_r_s(key_file, text):
    """ECDSA with SHA-256: r ‖ s out of the DER that openssl writes."""
    der = run("openssl", "dgst", "-sha256", "-sign", key_file, data=text.encode())
    numbers, rest = [], der[2:]
    while rest:
        length = rest[1]
        numbers.append(int.from_bytes(rest[2:2 + length], "big").to_bytes(32, "big"))
        rest = rest[2 + length:]
    return b"".join(numbers)


def new_key(path):
    """A P-256 key; answers its public half in PEM."""
    run("openssl", "genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", path)
    return run("openssl", "pkey", "-in", path, "-pubout").decode()


class Device:
    """A bound device and its connection, by docs/formats/proof-of-possession.md."""

    def __init__(self, server, folder, scopes=("patient.read",)):
        self.folder = folder
        operator = self.operator = Connection(server.port, server.first_operator()["access_token"])
        institution = operator.post("/v1/institutions", {"name": "某医院", "kind": "hospital"}, 201)["id"]
        policy = {"duration": "P30D", "device_limit": 1, "approvals": 0, "scopes": list(scopes)}
        answer = operator.send("PUT", "/v1/policies/ward", policy, headers={"If-None-Match": "*"})
        expect(answer.status in (200, 201), f"the policy: {answer}")
        application = operator.post("/v1/applications", {"institution_id": institution, "policy": "ward"}, 201)
        issued = operator.post(f"/v1/applications/{application['id']}/issue", {}, 201)
        self.connection = Connection(server.port, self.bind(Connection(server.port), issued["code"]))

    def bind(self, anybody, code):
        key_file = self.path("device.pem")
        new_key(key_file)
        point = run("openssl", "pkey", "-in", key_file, "-pubout", "-outform", "DER")[-64:]
        jwk = {"crv": "P-256", "kty": "EC", "x": base64url(point[:32]), "y": base64url(point[32:])}
        activation = anybody.post("/v1/activations", {"code": code}, 201)
        challenge = activation["challenge"]
        canonical = json.dumps(jwk, sort_keys=True, separators=(",", ":")).encode()
        lines = ["hufu-binding-v1", challenge["id"], challenge["value"], activation["activation_id"]]
        lines += [base64url(hashlib.sha256(canonical).digest()), ""]
        body = {
            "code": code, "activation_id": activation["activation_id"], "challenge_id": challenge["id"],
            "public_key": jwk, "fingerprint": {"cpu": base64url(os.urandom(32))},
            "signature": base64url(signed_r_s(key_file, "\n".join(lines))),
        }
        return anybody.post("/v1/bindings", body, 201)["access_token"]

    def path(self, name):
        return os.path.join(self.folder, name)

    def register(self, profile, **members):
        return self.connection.post("/v1/signing-keys", {"profile": profile, **members}, 201)

    def keys(self):
        """profile → key id and key file."""
        secret = self.register("v3.2.0")
        self.write("v320.secret", secret["secret"] + "\n")
        self.write("wrong.secret", base64url(os.urandom(32)) + "\n")
        pair = self.register("v3.3.0", public_key=new_key(self.path("v330.pem")))
        return {
            "v3.2.0": (secret["key_id"], self.path("v320.secret")),
            "v3.3.0": (pair["key_id"], self.path("v330.pem")),
        }

    def write(self, name, text):
        with open(self.path(name), "w", encoding="ascii") as file:
            file.write(text)


class Snippet:
    def __init__(self, name, file, runtime, profiles=("v3.2.0", "v3.3.0")):
        self.name, self.file, self.runtime, self.profiles = name, file, runtime, profiles
        self.command = []

    def prepare(self, folder):
        """How the snippet is run; None without its runtime."""
        source = os.path.join(SNIPPETS, self.file)
        if not shutil.which(self.runtime):
            return None
        if self.runtime == "javac":
            run("javac", "-d", folder, source)
            self.command = ["java", "-cp", folder, "SignedCall"]
        elif self.runtime == "go":
            self.command = [os.path.join(folder, "signed_call")]
            run("go", "build", "-o", self.command[0], source)
        elif self.runtime == "dotnet":
            project = os.path.join(folder, "dotnet")
            os.mkdir(project)
            for name in [self.file, "SignedCall.csproj"]:
                shutil.copy(os.path.join(SNIPPETS, name), project)
            run("dotnet", "build", "-c", "Release", "-o", os.path.join(project, "out"), folder=project)
            self.command = ["dotnet", os.path.join(project, "out", "SignedCall.dll")]
        else:
            self.command = [self.runtime, source]
        return self.command

    def check(self, base_url, keys, wrong):
        calls = 0
        for profile in self.profiles:
            key_id, key_file = keys[profile]
            for card in CARDS:
                answer = json.loads(run(*self.command, base_url, key_id, key_file, card, profile))
                expect(answer.get("admitted") is True, f"{self.name} {profile} {card!a}: {answer}")
                told = {name: answer[name] for name in ["profile", "key_id", "method", "path", "scope"]}
                expected = {
                    "profile": profile, "key_id": key_id, "method": "GET", "path": "/v3/insured/status",
                    "scope": "patient.read"}
                expect(told == expected, f"{self.name} {profile}: {told}")
                query = urllib.parse.parse_qsl(answer["query"], keep_blank_values=True)
                expect(query == [("cardNo", card)], f"{self.name} {profile}: {query}")
                calls += 1
        refusal = json.loads(run(*self.command, base_url, keys["v3.2.0"][0], wrong, CARDS[0], code=1))
        expect(refusal["code"] == "signature_mismatch", f"{self.name} with the wrong secret: {refusal}")
        run(*self.command, base_url, code=2)
        return calls


def has_cryptography():
    return subprocess.run([sys.executable, "-c", "import cryptography"], capture_output=True).returncode == 0


def snippets():
    python = ("v3.2.0", "v3.3.0") if has_cryptography() else ("v3.2.0",)
    if len(python) == 1:
        print("skipped: Python's v3.3.0, the package cryptography is not on this machine")
    return [
        Snippet("Python", "signed_call.py", sys.executable, python),
        Snippet("JavaScript", "signed_call.mjs", "node"),
        Snippet("Java", "SignedCall.java", "javac"),
        Snippet("Go", "signed_call.go", "go"),
        Snippet("C#", "SignedCall.cs", "dotnet"),
    ]


def main(binary, folder):
    server = Server(binary, os.path.join(folder, "data"), "--gateway-upstream", "echo")
    server.start()
    try:
        device = Device(server, folder)
        keys = device.keys()
        for snippet in snippets():
            if snippet.prepare(folder) is None:
                print(f"skipped: {snippet.name}, {snippet.runtime} is not on this machine", flush=True)
                continue
            calls = snippet.check(f"http://127.0.0.1:{server.port}", keys, device.path("wrong.secret"))
            print(f"{snippet.name}: {calls} calls admitted, by {' and '.join(snippet.profiles)}", flush=True)
        server.stop()
    finally:
        if server.process.poll() is None:
            server.kill()


if __name__ == "__main__":
    try:
        main(os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2]))
    except Failed as failure:
        print(f"failed: {failure}")
        sys.exit(1)
