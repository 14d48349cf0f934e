"""The real program as a child, and a plain HTTP client for it: what crash.py and disk.py have in common.

Python's standard library only, so that these tests share no code with what they test.
"""

import ctypes
import http.client
import json
import os
import re
import signal
import subprocess
import sys
import time
import uuid

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import verify_log  # noqa: E402

VERIFIER = verify_log.__file__
PASSWORD = "nine bronze tigers stand guard"
SILENCE = (OSError, http.client.HTTPException)


class Failed(Exception):
    """What does not hold."""


def expect(condition, what):
    if not condition:
        raise Failed(what)


def die_with_parent():
    """Linux: SIGKILL for the child when this process ends in whatever way."""
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)


def eventually(what, condition, seconds=60):
    deadline = time.monotonic() + seconds
    while True:
        answer = condition()
        if answer:
            return answer
        expect(time.monotonic() < deadline, f"not within {seconds} s: {what}")
        time.sleep(0.02)


class Answer:
    def __init__(self, response, body):
        self.status = response.status
        self.headers = response.headers
        self.body = body
        self.json = json.loads(body) if "json" in self.headers.get("Content-Type", "") else None

    @property
    def code(self):
        return (self.json or {}).get("code", "")

    def __str__(self):
        return f"{self.status} {self.body[:300]!r}"


class Connection:
    """One connection that is kept open; after a silence the next request opens another."""

    def __init__(self, port, token=None):
        self.port = port
        self.token = token
        self.http = None

    def send(self, method, path, body=None, key=None, request_id=None, headers=None):
        fields = {"Content-Type": "application/json"} | (headers or {})
        if self.token:
            fields["Authorization"] = f"Bearer {self.token}"
        if key:
            fields["Idempotency-Key"] = key
        if request_id:
            fields["X-Request-Id"] = request_id
        data = None if body is None else json.dumps(body).encode()
        try:
            if self.http is None:
                self.http = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
            self.http.request(method, path, data, fields)
            response = self.http.getresponse()
            return Answer(response, response.read())
        except SILENCE:
            self.http = None
            raise

    def get(self, path):
        answer = self.send("GET", path)
        expect(answer.status == 200, f"GET {path}: {answer}")
        return answer.json

    def post(self, path, body, status):
        answer = self.send("POST", path, body, key=str(uuid.uuid4()))
        expect(answer.status == status, f"POST {path}: {answer}")
        return answer.json

    def items(self, path):
        """A list, all its parts."""
        found, cursor = [], ""
        while cursor is not None:
            page = self.get(path + ("&" if "?" in path else "?") + "limit=500" + cursor)
            found += page["items"]
            cursor = f"&cursor={page['next_cursor']}" if "next_cursor" in page else None
        return found


class Server:
    """`hufu serve` on a data directory. Limits are out of the way: the load comes from one address."""

    def __init__(self, binary, data, *options):
        self.binary = binary
        self.options = options
        self.data = data
        self.log = os.path.join(data, "log")
        self.output = data.rstrip("/") + ".out"
        self.port = None
        self.process = None

    def spawn(self):
        with open(self.output, "wb") as output:
            self.process = subprocess.Popen(
                [self.binary, "serve", "--data", self.data, "--port", "0", "--log-level", "warning"]
                + ["--attempts-per-source", "100000000", "--attempts-per-code", "100000000", *self.options],
                stdin=subprocess.DEVNULL, stdout=output, stderr=output, preexec_fn=die_with_parent,
            )

    def start(self):
        self.spawn()
        serving = eventually("the server serves", lambda: self.told(r"serves http://127\.0\.0\.1:(\d+)"))
        self.port = int(serving)

    def told(self, pattern):
        text = self.text()
        match = re.search(pattern, text)
        if match:
            return match[1]
        expect(self.process.poll() is None, f"the server ended with {self.process.poll()}: {text}")
        return None

    def text(self):
        with open(self.output, encoding="utf-8", errors="replace") as file:
            return file.read()

    def kill(self):
        self.process.kill()
        self.process.wait()

    def stop(self):
        self.process.terminate()
        try:
            status = self.process.wait(60)
        except subprocess.TimeoutExpired:
            self.kill()
            raise Failed("SIGTERM does not end the server")
        expect(status == 0, f"after SIGTERM the exit code is {status}: {self.text()}")

    def first_operator(self):
        """The one-time token, then one log-in: scrypt at full cost is slow in a debug build."""
        connection = Connection(self.port)
        name = {"name": "tester", "password": PASSWORD}
        answer = connection.send("POST", "/v1/bootstrap", {"token": self.told(r"token +(\S+)"), **name})
        expect(answer.status == 201, f"the first operator: {answer}")
        answer = connection.send("POST", "/v1/tokens", name)
        expect(answer.status == 200, f"the log-in: {answer}")
        return answer.json

    def checkpoint(self):
        with open(os.path.join(self.log, "checkpoint"), "rb") as file:
            return file.read()

    def key(self):
        with open(os.path.join(self.log, "verifier.key"), encoding="utf-8") as file:
            return verify_log.parse_key(file.read().strip())

    def log_size(self):
        return verify_log.parse_checkpoint(self.checkpoint(), self.key(), "checkpoint")[0]

    def entries(self, start, end):
        """Entries as they stand in the bundles."""
        log = verify_log.Log(self.log)
        for index in range(start // 256, (end + 255) // 256):
            _, bodies = log.entries(index, min(256, end - index * 256))
            for place, body in enumerate(bodies):
                if index * 256 + place >= start:
                    yield index * 256 + place, json.loads(body)

    def verify(self, since=None):
        """With the verifier of other hands, in a process of its own."""
        command = [sys.executable, VERIFIER, "--directory", self.log]
        command += ["--key", os.path.join(self.log, "verifier.key")]
        if since is not None:
            command += ["--since", since]
        result = subprocess.run(command, capture_output=True, text=True)
        expect(result.returncode == 0, f"the log does not verify: {result.stdout}{result.stderr}")
        return result.stdout.strip()
