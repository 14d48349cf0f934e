"""`hufu sandbox` as a child: its control API, its login page, its faults, and every request that it saw (used by
settlements.py beside this file)."""

import http.client
import json
import os
import ssl
import subprocess
import threading
import urllib.parse

from server import SILENCE, Connection, die_with_parent, eventually, expect

WINDOW = 5  # seconds for which a signed request is taken, so that silence counts soon
STANDING = ["clock_skew", "certificate_swap"]
KINDS = [
    "delay", "drop_after_commit", "drop_before_commit", "duplicate", "http_5xx", "half_body", "infcode_type",
    "output_string", "clock_skew", "certificate_swap", "token_revoked", "storm",
]
# The transports take turns, each with a signature that it can carry.
WAYS = [("rest", "v3.3.0", ".key.pem"), ("soap", "tif", ".secret"), ("frames", None, None)]


class Sandbox:
    def __init__(self, binary, data, seed):
        self.data = data
        self.output = data.rstrip("/") + ".out"
        command = [binary, "sandbox", "--data", data, "--seed", str(seed), "--window", str(WINDOW), "--json"]
        command += ["--port", "0", "--frame-port", "0", "--control-port", "0"]
        with open(self.output, "wb") as output:
            self.process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, preexec_fn=die_with_parent)
        self.addresses = eventually("the sandbox is up", self.told)
        self.control = Connection(urllib.parse.urlsplit(self.addresses["control"]).port)

    def told(self):
        expect(self.process.poll() is None, f"the sandbox ended with {self.process.poll()}")
        with open(self.output, encoding="utf-8") as file:
            text = file.read()
        return json.loads(text) if text.endswith("}\n") else None

    def get(self, path):
        return self.control.get(path)

    def settings(self, folder, turn):
        """A settings file for `hufu serve --platform`: the sandbox's own, by another transport each time."""
        transport, profile, ending = WAYS[turn % len(WAYS)]
        with open(os.path.join(self.data, "client/platform.json"), encoding="utf-8") as file:
            settings = json.load(file)
        settings["transport"] = transport
        settings["timeouts"]["call_seconds"] = settings["timeouts"]["connect_seconds"] = WINDOW - 2
        if profile is None:
            del settings["signature"]
        else:
            key_file = os.path.join(self.addresses["files"]["keys"], profile + ending)
            settings["signature"] = {"profile": profile, "key_id": f"sandbox-{profile}", "key_file": key_file}
        path = os.path.join(folder, "platform.json")
        with open(path, "w", encoding="utf-8") as file:
            json.dump(settings, file)
        return path

    def log_in(self, url):
        """What a browser brings back from the login page."""
        trust = ssl.create_default_context(cafile=self.addresses["files"]["ca"])
        address = urllib.parse.urlsplit(url)
        with open(self.addresses["files"]["login_password"], encoding="utf-8") as file:
            form = {"username": self.addresses["login_name"], "password": file.read().strip()}
        page = http.client.HTTPSConnection(address.hostname, address.port, context=trust, timeout=30)
        page.request(
            "POST", f"{address.path}?{address.query}", urllib.parse.urlencode(form),
            {"Content-Type": "application/x-www-form-urlencoded"})
        location = page.getresponse().headers["Location"]
        return dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(location).query))

    def set_faults(self, faults):
        answer = self.control.send("PUT", "/faults", {"faults": faults})
        expect(answer.status == 200, f"PUT /faults: {answer}")

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(60)


def mixture(random, first):
    """Some faults at once, `first` among them."""
    kinds = [kind for kind in random.sample(KINDS, random.randint(1, 3)) if kind != first]
    return [fault(random, first, 0.25)] + [fault(random, kind, 0.1) for kind in kinds]


def fault(random, kind, most):
    fault = {"kind": kind, "probability": round(random.uniform(most / 4, most), 2)}
    aim = random.random()
    if kind in STANDING:
        del fault["probability"]
    elif aim < 0.4:
        fault["class"] = random.choice(["money", "money", "recovery", "record", "query"])
    elif aim < 0.5:
        fault["infno"] = random.choice(["2207", "2208", "2601", "5203"])
    if kind == "delay":
        fault |= {"milliseconds": random.randint(50, 3600), "after_commit": random.random() < 0.5}
    elif kind == "http_5xx":
        fault |= {"status": random.choice([500, 502, 503]), "after_commit": random.random() < 0.5}
    elif kind == "clock_skew":
        # At times so much that no signature is in its window.
        fault["milliseconds"] = random.randint(-2 * WINDOW, 2 * WINDOW) * 1000
    elif kind == "certificate_swap":
        fault["certificate"] = random.choice(["stranger", "expired", "wrong_name", "renewed"])
    elif kind == "token_revoked":
        fault["count"] = random.randint(1, 3)
    elif kind == "storm":
        fault |= {"seconds": 1, "probability": 0.7}
    return fault


class Traffic(threading.Thread):
    """Every request that the sandbox saw: how often which fault struck, and how often each money call came as far as
    the work. Of the sandbox's events a slow watcher misses some, so it is asked for the latest, of which it keeps
    512, ten times a second."""

    MONEY = ("2207", "2208", "2601")
    DOOR = ("tls", "signature", "token", "envelope")

    def __init__(self, sandbox):
        super().__init__(daemon=True)
        self.control = Connection(sandbox.control.port)
        self.struck = dict.fromkeys(KINDS, 0)
        self.arrivals = {}
        self.faces = {}
        self.seen = self.missed = 0
        self.ended = threading.Event()
        self.start()

    def run(self):
        try:
            while not self.ended.wait(0.1):
                self.look()
        except SILENCE:
            return  # the sandbox has ended; finish() tells

    def finish(self):
        """To be called when nothing comes any more."""
        self.ended.set()
        self.join()
        self.look()

    def look(self):
        for most in (64, 512):
            records = self.control.get(f"/traffic?limit={most}")["traffic"]
            if not records or records[0]["id"] <= self.seen:
                break
        for record in records:
            if record["id"] >= self.seen:
                self.note(record)

    def note(self, record):
        self.missed += record["id"] - self.seen
        self.seen = record["id"] + 1
        self.faces[record["face"]] = self.faces.get(record["face"], 0) + 1
        for kind in record["faults"]:
            self.struck[kind] += 1
        refused = any(c["name"] in self.DOOR and c["outcome"] == "failed" for c in record["checks"])
        if record["infno"] in self.MONEY and not refused and "token_revoked" not in record["faults"]:
            self.arrivals[record["msgid"]] = self.arrivals.get(record["msgid"], 0) + 1
