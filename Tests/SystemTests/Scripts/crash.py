#!/usr/bin/env python3
"""kill -9 of `hufu serve` at random moments under load: nothing acknowledged is lost, nothing is done twice.

    crash.py BINARY ROUNDS SEED      (server.py starts the program)

Threads issue, activate, use, validate, suspend, resume and revoke. Each request has an id of its own, which its
entry in the log carries, so that the log can be held against what was acknowledged. The seed fixes the moments
and the choices; how the threads interleave is the machine's.
"""

import os
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import uuid

import server
from server import SILENCE, Connection, Failed, Server, eventually, expect

THREADS = 8
ROUNDS_IN_A_LIFE = 20  # then a fresh data directory: checking takes as long as the log is
LIMIT = 15
EVENTS = {
    "submit": "application.submitted", "issue": "code.issued", "activate": "code.activated", "use": "code.used",
    "validate": "code.validated", "suspend": "code.suspended", "resume": "code.resumed", "revoke": "code.revoked",
}


class Code:
    def __init__(self, document, owner):
        self.text = document["code"]
        self.id = document["code_detail"]["id"]
        self.limit = document["code_detail"]["usage_limit"]
        self.owner = owner  # the thread that alone suspends, resumes and revokes it
        self.used = 0  # acknowledged
        self.activated = False
        self.state = "live"


class Operation:
    def __init__(self, kind, method, path, body, code=None, amount=0):
        self.kind, self.method, self.path, self.body = kind, method, path, body
        self.code = code
        self.amount = amount
        self.request_id = str(uuid.uuid4())
        # Validations change nothing and have no key: they are never repeated.
        self.key = None if kind == "validate" else self.request_id

    def send(self, connection):
        return connection.send(self.method, self.path, self.body, self.key, self.request_id)


class Model:
    """What was acknowledged. One lock for all of it."""

    def __init__(self):
        self.lock = threading.Lock()
        self.codes = []
        self.acknowledged = {}  # request id → (event, whether it succeeded, index in the log or None)
        self.replays = 0

    def acknowledge(self, operation, answer, owner):
        success = answer.status in (200, 201)
        expect(success or answer.status == 403, f"{operation.kind} {operation.path}: {answer}")
        with self.lock:
            expect(operation.request_id not in self.acknowledged, "a request is acknowledged once")
            index = answer.json.get("log_index") if success else None
            self.acknowledged[operation.request_id] = (EVENTS[operation.kind], success, index)
            if success:
                self.apply(operation, answer.json, owner)

    def apply(self, operation, document, owner):
        code = operation.code
        if operation.kind == "issue":
            self.codes.append(Code(document, owner))
        elif operation.kind in ("activate", "use"):
            code.used += operation.amount
            code.activated = True
        elif operation.kind == "suspend":
            code.state = "suspended"
        elif operation.kind == "resume":
            code.state = "live"
        elif operation.kind == "revoke":
            code.state = "revoked"

    def check_codes(self, listed, pending):
        """Against the server's list. `pending` may or may not have happened."""
        found = {item["id"]: item for item in listed}
        missing = [code.id for code in self.codes if code.id not in found]
        expect(not missing, f"acknowledged codes are gone: {missing}")
        unknown = len(found) - len(self.codes)
        issuing = sum(operation.kind == "issue" for operation in pending)
        expect(0 <= unknown <= issuing, f"{unknown} codes that nobody was given, {issuing} in flight")
        for code in self.codes:
            item = found[code.id]
            touching = [operation for operation in pending if operation.code is code]
            most = code.used + sum(operation.amount for operation in touching)
            expect(
                code.used <= item["used_count"] <= min(most, code.limit),
                f"code {code.id}: {item['used_count']} uses, acknowledged {code.used}, in flight {most - code.used}",
            )
            if not touching:
                expect(self.state_fits(code, item["state"]), f"code {code.id} is {item['state']}, not {code.state}")

    @staticmethod
    def state_fits(code, state):
        if code.state != "live":
            return state == code.state
        if code.used == code.limit:
            return state == "exhausted"
        return state == ("active" if code.activated else "pending")


class Worker(threading.Thread):
    """Works until the server falls silent; `pending` is then the operation without an answer."""

    def __init__(self, life, number, seed):
        super().__init__(daemon=True)
        self.life, self.number = life, number
        self.random = random.Random(seed)
        self.operator = Connection(life.server.port, life.session["access_token"])
        self.anybody = Connection(life.server.port)
        self.pending = None
        self.failure = None

    def run(self):
        try:
            while True:
                self.carry_out(self.choose())
        except SILENCE:
            pass
        except Exception as error:  # reported by the main thread
            self.failure = error

    def carry_out(self, operation):
        self.pending = operation
        connection = self.connection(operation)
        answer = operation.send(connection)
        self.life.model.acknowledge(operation, answer, self.number)
        self.pending = None
        if operation.kind == "submit" and answer.status == 201:
            path = f"/v1/applications/{answer.json['id']}/issue"
            self.carry_out(Operation("issue", "POST", path, {}))
        elif operation.key and self.random.random() < 0.05:
            again = operation.send(connection)
            expect(again.headers.get("Idempotency-Replayed") == "true", f"a repeated request is replayed: {again}")
            expect((again.status, again.body) == (answer.status, answer.body), "the kept answer is the first one")

    def connection(self, operation):
        return self.anybody if operation.kind in ("activate", "use", "validate") else self.operator

    def choose(self):
        with self.life.model.lock:
            codes = list(self.life.model.codes)
        draw = self.random.random()
        if not codes or draw < 0.08:
            policy = self.random.choice(["wide", "narrow"])
            body = {"institution_id": self.life.institution, "policy": policy}
            return Operation("submit", "POST", "/v1/applications", body)
        own = [c for c in codes if c.owner == self.number and c.limit != LIMIT and c.state != "revoked"]
        if own and draw < 0.16:
            return self.state_change(self.random.choice(own))
        code = self.random.choice(codes)
        if draw < 0.40:
            return Operation("activate", "POST", "/v1/activations", {"code": code.text}, code, 1)
        if draw < 0.70:
            amount = self.random.randint(1, 4)
            return Operation("use", "POST", "/v1/usage", {"code": code.text, "amount": amount}, code, amount)
        return Operation("validate", "POST", "/v1/validations", {"code": code.text}, code)

    def state_change(self, code):
        if self.random.random() < 0.1:
            return Operation("revoke", "POST", f"/v1/codes/{code.id}/revocation", {"reason": "superseded"}, code)
        if code.state == "suspended":
            return Operation("resume", "DELETE", f"/v1/codes/{code.id}/suspension", {}, code)
        return Operation("suspend", "POST", f"/v1/codes/{code.id}/suspension", {}, code)


class Life:
    """Some rounds on one data directory."""

    def __init__(self, binary, folder, seed):
        self.random = random.Random(seed)
        self.folder = folder
        self.server = Server(binary, os.path.join(folder, "data"))
        self.model = Model()
        self.seen = {}  # request id → index, of every entry read so far
        self.read = 0
        self.since = None
        self.server.start()
        self.session = self.server.first_operator()
        self.logged_in = time.monotonic()
        operator = Connection(self.server.port, self.session["access_token"])
        self.institution = operator.post("/v1/institutions", {"name": "某医院", "kind": "hospital"}, 201)["id"]
        for name, limit in [("wide", 1_000_000), ("narrow", LIMIT)]:
            body = {"duration": "P30D", "usage_limit": limit, "device_limit": 1, "approvals": 0}
            answer = operator.send("PUT", f"/v1/policies/{name}", body, headers={"If-None-Match": "*"})
            expect(answer.status in (200, 201), f"policy {name}: {answer}")

    def round(self):
        workers = [Worker(self, number, self.random.random()) for number in range(THREADS)]
        for worker in workers:
            worker.start()
        time.sleep(self.random.uniform(0.02, 1.0))
        self.server.kill()
        for worker in workers:
            worker.join()
            if worker.failure:
                raise worker.failure
        # As the crash left it: outsiders may have fetched any of these bytes.
        self.server.verify(since=self.since)
        self.keep_checkpoint()
        self.restart()
        pending = [worker.pending for worker in workers if worker.pending]
        operator = Connection(self.server.port, self.session["access_token"])
        self.model.check_codes(operator.items("/v1/codes"), pending)
        self.retry(workers)
        self.model.check_codes(operator.items("/v1/codes"), [])
        self.check_log()

    def keep_checkpoint(self):
        self.since = os.path.join(self.folder, "checkpoint.old")
        with open(self.since, "wb") as file:
            file.write(self.server.checkpoint())

    def restart(self):
        while self.random.random() < 0.2:
            self.server.spawn()
            time.sleep(self.random.uniform(0, 0.3))
            self.server.kill()
        self.server.start()
        if time.monotonic() - self.logged_in > 600:
            body = {"refresh_token": self.session["refresh_token"]}
            answer = Connection(self.server.port).send("POST", "/v1/tokens/refresh", body)
            expect(answer.status == 200, f"the session goes on: {answer}")
            self.session, self.logged_in = answer.json, time.monotonic()

    def retry(self, workers):
        for worker in workers:
            operation = worker.pending
            if operation is None or operation.key is None:
                continue
            worker.operator = Connection(self.server.port, self.session["access_token"])
            worker.anybody = Connection(self.server.port)
            answer = operation.send(worker.connection(operation))
            self.model.acknowledge(operation, answer, worker.number)
            self.model.replays += answer.headers.get("Idempotency-Replayed") == "true"

    def check_log(self):
        """Every acknowledged decision has one entry, and a validation the one whose index it was told."""
        last = max((index for _, _, index in self.model.acknowledged.values() if index is not None), default=0)
        listed = Connection(self.server.port, self.session["access_token"]).get("/v1/audit/entries?limit=1")
        last = max(last, listed["items"][0]["index"])
        eventually("the log covers all", lambda: self.server.log_size() > last)
        size = self.server.log_size()
        for index, entry in self.server.entries(self.read, size):
            request_id = entry["request_id"]
            expect(request_id not in self.seen, f"request {request_id}: entries {self.seen.get(request_id)}, {index}")
            self.seen[request_id] = (index, entry["event"], entry["outcome"] == "success")
        self.read = size
        for request_id, (event, success, index) in self.model.acknowledged.items():
            expect(request_id in self.seen, f"acknowledged {event} of request {request_id} is not in the log")
            found, *told = self.seen[request_id]
            expect(told == [event, success], f"entry {found} says {told}, acknowledged was {event}, {success}")
            expect(index in (None, found), f"the validation was told entry {index}, it is entry {found}")


def run(binary, rounds, seed, folder):
    done, life, total = 0, None, 0
    while done < rounds:
        if done % ROUNDS_IN_A_LIFE == 0:
            if life:
                finish(life)
                shutil.rmtree(life.folder)
            os.mkdir(os.path.join(folder, f"life{done}"))
            life = Life(binary, os.path.join(folder, f"life{done}"), f"{seed}/{done}")
        life.round()
        done += 1
        total = len(life.model.acknowledged)
        print(f"round {done}: {total} acknowledged, {len(life.model.codes)} codes, {life.read} entries", flush=True)
    print(f"{life.model.replays} retries found their first answer; {finish(life)}")


def finish(life):
    life.server.stop()
    return life.server.verify(since=life.since)


def main():
    binary, rounds, seed = sys.argv[1], int(sys.argv[2]), sys.argv[3]
    print(f"HUFU_SOAK_SEED={seed}, {rounds} rounds", flush=True)
    folder = tempfile.mkdtemp(prefix="hufu-crash-")
    started = time.monotonic()
    try:
        run(binary, rounds, seed, folder)
    except (Failed, *SILENCE, subprocess.SubprocessError, server.verify_log.Refusal) as failure:
        print(f"failed: {failure}\n  HUFU_SOAK_SEED={seed}; the data is kept in {folder}")
        return 1
    shutil.rmtree(folder)
    print(f"{rounds} rounds held in {time.monotonic() - started:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
