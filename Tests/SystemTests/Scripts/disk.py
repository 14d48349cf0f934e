#!/usr/bin/env python3
"""A full disk and a read-only one: the server refuses clearly, loses nothing, and recovers by itself.

    disk.py BINARY full|read-only

Needs root: the data lies on a small file system of its own, which vanishes with the mount namespace (unshare
--mount) that this script gives itself.
"""

import os
import subprocess
import sys
import tempfile
import uuid

import server
from server import SILENCE, Connection, Failed, Server, eventually, expect

SIZE = "12m"


class Disk:
    """A tmpfs that can be filled to the last byte and emptied again."""

    def __init__(self, folder):
        self.path = os.path.join(folder, "disk")
        self.filler = os.path.join(self.path, "filler")
        os.mkdir(self.path)
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", self.path], check=True)

    def fill(self):
        descriptor = os.open(self.filler, os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o600)
        try:
            while True:
                os.write(descriptor, bytes(4096))
        except OSError:
            pass
        finally:
            os.close(descriptor)

    def make_room(self):
        os.unlink(self.filler)

    def remount(self, how, path=None):
        options = f"remount,{how}" if path is None else f"remount,bind,{how}"
        subprocess.run(["mount", "-o", options, path or self.path], check=True)


class Authority:
    """A server with codes, and what it acknowledged."""

    def __init__(self, binary, disk):
        self.server = Server(binary, os.path.join(disk.path, "data"))
        # The disk is full; what the server says must still be heard.
        self.server.output = os.path.join(os.path.dirname(disk.path), "output")
        self.server.start()
        self.session = self.server.first_operator()
        self.used = {}  # code → acknowledged uses
        self.ids = {}
        self.entries = []  # indexes that validations were told
        operator = self.operator()
        self.institution = operator.post("/v1/institutions", {"name": "某医院", "kind": "hospital"}, 201)["id"]
        body = {"duration": "P30D", "usage_limit": 1_000_000, "device_limit": 1, "approvals": 0}
        answer = operator.send("PUT", "/v1/policies/any", body, headers={"If-None-Match": "*"})
        expect(answer.status in (200, 201), f"the policy: {answer}")
        for _ in range(3):
            self.issue()
        for code in self.used:
            expect(self.change("/v1/activations", {"code": code}, code, 1).status == 201, "the activation")

    def operator(self):
        return Connection(self.server.port, self.session["access_token"])

    def issue(self):
        operator = self.operator()
        body = {"institution_id": self.institution, "policy": "any"}
        application = operator.post("/v1/applications", body, 201)["id"]
        issued = operator.post(f"/v1/applications/{application}/issue", {}, 201)
        self.used[issued["code"]] = 0
        self.ids[issued["code"]] = issued["code_detail"]["id"]

    def change(self, path, body, code, amount, key=None):
        answer = Connection(self.server.port).send("POST", path, body, key=key or str(uuid.uuid4()))
        if answer.status in (200, 201):
            self.used[code] += amount
        return answer

    def use(self, code, key=None):
        return self.change("/v1/usage", {"code": code, "amount": 1}, code, 1, key)

    def validate(self, code):
        answer = Connection(self.server.port).send("POST", "/v1/validations", {"code": code})
        if answer.status == 200:
            self.entries.append((answer.json["log_index"], self.ids[code]))
        return answer

    def ready(self):
        return Connection(self.server.port).send("GET", "/readyz").status == 200

    def check(self):
        """Everything acknowledged is there, in the database and in the log."""
        for item in self.operator().items("/v1/codes"):
            code = next(text for text, known in self.ids.items() if known == item["id"])
            expect(item["used_count"] == self.used[code], f"{item['used_count']} uses, acknowledged {self.used[code]}")
        last = max(index for index, _ in self.entries)
        eventually("the log covers all", lambda: self.server.log_size() > last)
        print(self.server.verify(), flush=True)
        entries = dict(self.server.entries(0, self.server.log_size()))
        for index, code in self.entries:
            expect(entries[index]["event"] == "code.validated", f"entry {index} is {entries[index]['event']}")
            expect(entries[index]["subject"]["id"] == code, f"entry {index} is about another code")


def expect_unavailable(answer):
    expect(answer.status == 503 and answer.code == "storage_unavailable", f"refused as storage_unavailable: {answer}")
    expect(answer.headers["Content-Type"] == "application/problem+json", "as a problem")
    expect(answer.headers["Retry-After"] is not None, "with Retry-After")


def unanswered(answer):
    return None if answer.status == 200 else answer


def refused(authority, code, key):
    """Uses what is left of the disk, up to the first refusal."""
    for _ in range(5000):
        answer = authority.use(code, key)
        if answer.status != 200:
            return answer
        key = str(uuid.uuid4())
        authority.validate(code)
    raise Failed("the disk is full, and the server goes on acknowledging")


def full(authority, disk):
    code = next(iter(authority.used))
    for way in ("recovers", "is killed", "recovers"):
        expect(authority.ready() and authority.validate(code).status == 200, "ready before")
        disk.fill()
        key = str(uuid.uuid4())
        expect_unavailable(refused(authority, code, key))
        expect(Connection(authority.server.port).send("GET", "/livez").status == 200, "alive")
        eventually("/readyz fails while nothing can be written", lambda: not authority.ready())
        # A smaller transaction may still find room where a larger one did not; then it counts.
        expect_unavailable(eventually("validations are refused", lambda: unanswered(authority.validate(code))))
        expect(len(authority.operator().items("/v1/codes")) == len(authority.ids), "codes can still be read")
        print(f"full, {sum(authority.used.values())} uses acknowledged; the server {way}", flush=True)
        if way == "is killed":
            authority.server.kill()
            disk.make_room()
            authority.server.start()
        else:
            expect(authority.server.process.poll() is None, "the server lives")
            disk.make_room()
            eventually("ready again by itself", authority.ready)
        expect(authority.use(code).status == 200, "uses are counted again")
        expect(authority.validate(code).status == 200, "decisions are logged again")
        authority.issue()
        authority.check()
    text = authority.server.text()
    expect("hufu" in text and code not in text, "what the server says is no secret")


def read_only(authority, disk):
    code = next(iter(authority.used))
    authority.validate(code)
    authority.server.stop()
    disk.remount("ro")
    expect_no_start(authority, "is not writable")
    # An auditor needs no right to write.
    authority.server.verify()
    disk.remount("rw")
    database = os.path.join(authority.server.data, "hufu.db")
    subprocess.run(["mount", "--bind", database, database], check=True)
    disk.remount("ro", database)
    expect_no_start(authority, "hufu.db")
    subprocess.run(["umount", database], check=True)
    authority.server.start()
    expect(authority.use(code).status == 200, "uses are counted again")
    authority.validate(code)
    authority.check()


def expect_no_start(authority, reason):
    authority.server.spawn()
    status = authority.server.process.wait(60)
    text = authority.server.text()
    print(f"exit code {status}: {text.strip()}", flush=True)
    expect(status == 2, "a server that can't write does not start")
    expect(text.startswith("error: ") and reason in text, f"it says why: {reason}")


def main():
    if "HUFU_MOUNTS" not in os.environ:
        # The mounts are this process's alone, and end with it.
        os.environ["HUFU_MOUNTS"] = "private"
        os.execvp("unshare", ["unshare", "--mount", "--propagation", "private", sys.executable, *sys.argv])
    binary, what = sys.argv[1], sys.argv[2]
    with tempfile.TemporaryDirectory(prefix="hufu-disk-") as folder:
        disk = Disk(folder)
        authority = None
        try:
            authority = Authority(binary, disk)
            (full if what == "full" else read_only)(authority, disk)
            authority.server.stop()
            print("held")
            return 0
        except (Failed, *SILENCE, subprocess.SubprocessError, server.verify_log.Refusal) as failure:
            print(f"failed: {failure}")
            if authority:
                print(authority.server.text()[-3000:])
            return 1
        finally:
            if authority and authority.server.process.poll() is None:
                authority.server.kill()
            subprocess.run(["umount", "--lazy", disk.path], check=False)


if __name__ == "__main__":
    sys.exit(main())
