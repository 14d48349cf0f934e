#!/usr/bin/env python3
"""Settlements under every fault of the sandbox and kill -9 of `hufu serve`: the books agree to the cent.

    settlements.py BINARY SETTLEMENTS KILLS SEED

Cashiers (cashier.py) settle through the gateway, with a sandbox behind it (sandbox.py) whose faults change all the
time. In the end nothing is open, the platform's ledger, the journal and what the cashiers were told are the same,
nothing was settled twice, the day reconciles, the log verifies, and no file that the server wrote holds a personal
value (canary.py). The seed fixes persons, amounts, faults and the moments; how threads interleave is the machine's.
"""

import base64
import os
import random
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from decimal import Decimal

import server
from canary import Canary
from cashier import CASHIERS, WORDS, Books, Cashier, Messages
from sandbox import KINDS, STANDING, Sandbox, Traffic, mixture
from server import PASSWORD, SILENCE, Connection, Failed, Server, eventually, expect
from snippets import Device

MOST_CASHIERS = 80
COLUMNS = "msgid infno state setl_id mdtrt_id insutype clr_type date total fund account cash reversal_msgid"


class Soak:
    def __init__(self, binary, folder, settlements, kills, seed):
        self.random = random.Random(f"{seed}/main")
        self.folder, self.settlements, self.kills = folder, settlements, kills
        self.sandbox = Sandbox(binary, os.path.join(folder, "sandbox"), random.Random(f"{seed}/sandbox").getrandbits(63))
        self.turn = self.random.randrange(3)
        settings = self.sandbox.settings(folder, self.turn)
        self.server = Server(binary, os.path.join(folder, "data"), "--log-level", "trace", "--platform", settings)
        persons = self.sandbox.get("/ledger/persons")["persons"]
        self.canary = Canary(persons, WORDS)
        self.persons = [p for p in persons if p["in_force"]]
        self.traffic = Traffic(self.sandbox)
        self.books = Books(settlements)
        self.killed = self.standing_faults = self.searched = 0
        self.begun = time.monotonic()
        self.log_since = None
        self.start(seed)

    def start(self, seed):
        self.server.start()
        self.server.options += ("--port", str(self.server.port))
        device = Device(self.server, self.folder, ["patient.read", "claim.write"])
        self.operator = device.operator
        begun = self.operator.post("/v1/platform/login", {}, 200)
        back = self.sandbox.log_in(begun["url"])
        answer = {name: back[name] for name in ("code", "state", "iss") if name in back}
        self.operator.post("/v1/platform/login/callback", answer, 200)
        key = device.register("v3.2.0")
        secret = base64.urlsafe_b64decode(key["secret"] + "=" * (-len(key["secret"]) % 4))
        messages = Messages()
        self.cashiers = [
            Cashier(
                self.server.port, (key["key_id"], secret), self.persons, self.books, messages,
                random.Random(f"{seed}/{number}"), CASHIERS[number % len(CASHIERS)])
            for number in range(min(MOST_CASHIERS, max(8, self.settlements // 8)))
        ]

    # Under way

    def run(self):
        for cashier in self.cashiers:
            cashier.start()
        bookkeeper = threading.Thread(target=self.keep_books, daemon=True)
        bookkeeper.start()
        share = self.settlements / (self.kills + 1)
        moments = [(number + self.random.uniform(-0.4, 0.4)) * share for number in range(1, self.kills + 1)]
        first = []
        while self.is_busy():
            first = first or self.random.sample(KINDS, len(KINDS))
            faults = mixture(self.random, first.pop())
            self.standing_faults += sum(fault["kind"] in STANDING for fault in faults)
            self.sandbox.set_faults(faults)
            end = time.monotonic() + self.random.uniform(0.3, 1.2)
            while time.monotonic() < end:
                self.check_cashiers()
                if moments and self.books.settled >= moments[0]:
                    moments.pop(0)
                    self.kill()
                time.sleep(0.02)
        for _ in moments:
            self.kill()
        self.sandbox.set_faults([])
        bookkeeper.join()

    def is_busy(self):
        """Faults go on until the last batch is settled."""
        return self.books.settled < self.settlements

    def keep_books(self):
        """An operator who reconciles while it all goes on, whatever comes of it."""
        while self.is_busy():
            time.sleep(5)
            try:
                answer = self.log_in().send("POST", "/v1/platform/reconciliations", {"date": china_day()})
                self.books.count(f"reconciled meanwhile: {answer.status}")
            except SILENCE:
                self.books.count("reconciled meanwhile: silence")

    def log_in(self):
        """A new session: that of the beginning may have ended."""
        answer = Connection(self.server.port).send("POST", "/v1/tokens", {"name": "tester", "password": PASSWORD})
        expect(answer.status == 200, f"the log-in: {answer}")
        return Connection(self.server.port, answer.json["access_token"])

    def check_cashiers(self):
        for cashier in self.cashiers:
            if cashier.failure:
                raise cashier.failure

    def kill(self):
        time.sleep(self.random.uniform(0, 0.3))
        self.server.kill()
        self.killed += 1
        print(f"kill {self.killed} after {time.monotonic() - self.begun:.0f} s: {self.books.settled} settled", flush=True)
        self.server.verify(since=self.log_since)
        self.log_since = os.path.join(self.folder, "checkpoint.old")
        with open(self.log_since, "wb") as file:
            file.write(self.server.checkpoint())
        self.search()
        self.turn += 1
        self.sandbox.settings(self.folder, self.turn)
        self.server.start()

    def search(self):
        hits, size = self.canary.search(self.server.data, self.server.output)
        self.searched += size
        expect(not hits, f"personal values in files of the server's: {hits}")

    # Afterwards

    def finish(self):
        """Nothing disturbs any more: all becomes known, and the day's books are equal."""
        begun = time.monotonic()
        for cashier in self.cashiers:
            while cashier.is_alive():
                self.check_cashiers()
                expect(time.monotonic() - begun < 120, f"the cashiers end; so far {self.books.counts}")
                cashier.join(0.1)
        self.check_cashiers()
        eventually("nothing is open", lambda: self.gauge("settlements_open") == 0, 120)
        totals = self.sandbox.get("/ledger/totals")["totals"]
        operator = self.log_in()
        for day in sorted({group["day"] for group in totals}):
            report = operator.send("POST", "/v1/platform/reconciliations", {"date": day})
            expect(report.status == 200 and report.json["equal"] is True, f"the books of {day}: {report}")
        expect(self.gauge("tasks_open") == 0, "nothing is left for a person")
        self.server.stop()
        self.check_books(totals)
        self.check_log()
        self.search()
        own, _ = self.canary.search(self.sandbox.data)
        expect(own, "the search finds what the sandbox's own files hold")

    def gauge(self, name):
        text = Connection(self.server.port).send("GET", "/metrics").body.decode()
        return int(re.search(rf"^hufu_platform_{name} (\d+)$", text, re.M)[1])

    def check_books(self, totals):
        check = self.sandbox.get("/ledger/check")
        expect(check["holds"], f"the ledger's invariants: {check}")
        database = sqlite3.connect(f"file:{self.server.data}/hufu.db?mode=ro", uri=True)
        names = COLUMNS.split()
        rows = database.execute(f"SELECT {', '.join(names)} FROM platform_journal").fetchall()
        database.close()
        self.journal = {row[0]: dict(zip(names, row)) for row in rows}
        self.ledger = {row["msgid"]: row for row in self.sandbox.get("/ledger/settlements")["settlements"]}
        unfinished = [m for m, row in self.journal.items() if row["state"] in ("intent", "unknown", "reversing")]
        expect(not unfinished, f"open in the journal: {unfinished}")
        self.compare_rows()
        self.compare_told()
        self.compare_totals(totals)
        self.traffic.finish()
        expect(self.traffic.missed == 0, f"{self.traffic.missed} requests at the sandbox were not watched")
        unseen = self.ledger.keys() - self.traffic.arrivals.keys()
        expect(not unseen, f"the ledger has what nobody saw coming: {unseen}")
        twice = {msgid: count for msgid, count in self.traffic.arrivals.items() if count > 1}
        expect(not twice, f"money calls that were sent more than once: {twice}")

    def compare_rows(self):
        """The journal and the platform's ledger, row by row."""
        for msgid, row in self.journal.items():
            there = self.ledger.get(msgid)
            standing = there is not None and not there["is_reversed"]
            expect((row["state"] == "success") == standing, f"journal {row}, ledger {there}")
            if there is not None and not standing:
                expect(row["state"] == "reversed", f"journal {row}, ledger {there}")
            if not standing:
                continue
            for mine, theirs in [("total", "medfee_sumamt"), ("fund", "fund_pay_sumamt"), ("account", "acct_pay"),
                                 ("cash", "psn_cash_pay")]:
                expect(row[mine] == cents(there[theirs]), f"{mine} of journal {row}, ledger {there}")
            for name in ["setl_id", "mdtrt_id", "insutype", "clr_type"]:
                expect(row[name] == there[name], f"{name} of journal {row}, ledger {there}")
            expect(row["date"] == there["day"], f"the day of journal {row}, ledger {there}")
        strangers = self.ledger.keys() - self.journal.keys()
        expect(not strangers, f"the ledger has what the journal never heard of: {strangers}")

    def compare_told(self):
        """What the cashiers were told holds, and every batch is settled once."""
        states = {"settled": "success", "refused": "fail", "not_settled": "fail", "reversed": "reversed"}
        for msgid, (infno, outcome, output) in self.books.told.items():
            if infno == "2601":
                continue
            row = self.journal[msgid]
            expect(row["state"] == states[outcome], f"told {outcome}, journal {row}")
            if outcome == "settled":
                expect(row["setl_id"] == output["setlinfo"]["setl_id"], f"told {output}, journal {row}")
        standing = {}
        for msgid, row in self.journal.items():
            if row["state"] == "success":
                place = self.books.visits[msgid]
                standing[place] = standing.get(place, 0) + (-1 if row["infno"] == "2208" else 1)
        expect(set(standing.values()) == {1}, f"batches not settled once: {[p for p in standing if standing[p] != 1]}")
        expect(standing.keys() == self.books.standing.keys(), "every batch that was settled stands")
        expect(len(standing) == self.settlements, f"{len(standing)} batches of {self.settlements} stand")

    def compare_totals(self, totals):
        sums = {}
        for row in self.journal.values():
            if row["state"] == "success":
                group = sums.setdefault((row["date"], row["insutype"], row["clr_type"]), [0, 0, 0, 0, 0])
                for place, amount in enumerate([1, row["total"], row["fund"], row["account"], row["cash"]]):
                    group[place] += amount
        theirs = {
            (g["day"], g["insutype"], g["clr_type"]): [
                g["fixmedins_setl_cnt"], cents(g["medfee_sumamt"]), cents(g["fund_pay_sumamt"]),
                cents(g["acct_pay"]), cents(g["psn_cash_pay"])]
            for g in totals if g["fixmedins_setl_cnt"] > 0
        }
        expect(sums == theirs, f"totals: journal {sums}, ledger {theirs}")

    def check_log(self):
        """The log verifies, and tells of every money call first that it is meant and last what became of it."""
        self.verified = self.server.verify(since=self.log_since)
        last, self.unknown = {}, set()
        for index, entry in self.server.entries(0, self.server.log_size()):
            if entry["subject"]["type"] != "settlement":
                continue
            msgid = entry["subject"]["id"]
            held_back = entry["event"] == "settlement.refused" and entry["reason"] == "settlement_unresolved"
            is_first = entry["event"] == "settlement.intended" or held_back
            expect(msgid in last or is_first, f"entry {index}: {msgid} begins with {entry['event']}")
            last[msgid] = entry["data"]["state"]
            if last[msgid] in ("unknown", "reversing") and entry["outcome"] == "failure":
                self.unknown.add(msgid)
        for msgid, row in self.journal.items():
            expect(last.get(msgid) == row["state"], f"the log says {last.get(msgid)}, journal {row}")

    def summary(self):
        states, struck = {}, dict(self.traffic.struck)
        for row in self.journal.values():
            states[row["state"]] = states.get(row["state"], 0) + 1
        kinds = ", ".join(f"{kind} {count}" for kind, count in struck.items() if kind not in STANDING)
        return "\n".join([
            f"{self.settlements} settlements stand once, {self.killed} kills, journal {states}",
            f"{len(self.unknown)} money calls whose outcome was unknown for a time",
            f"faults struck: {kinds}; clock and certificate changed {self.standing_faults} times",
            f"cashiers: {dict(sorted(self.books.counts.items()))}",
            f"requests at the sandbox: {self.traffic.faces}, all watched",
            f"{self.searched >> 20} MiB searched for personal values; {self.verified}",
        ])


def china_day():
    return time.strftime("%Y-%m-%d", time.gmtime(time.time() + 8 * 3600))


def cents(text):
    return int(Decimal(text).scaleb(2))


def main():
    binary, settlements, kills, seed = os.path.abspath(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
    print(f"HUFU_SOAK_SEED={seed}, {settlements} settlements, {kills} kills", flush=True)
    folder = tempfile.mkdtemp(prefix="hufu-settlements-")
    started = time.monotonic()
    soak = None
    try:
        soak = Soak(binary, folder, settlements, kills, seed)
        soak.run()
        load = time.monotonic() - started
        soak.finish()
        print(soak.summary())
    except (Failed, KeyError, *SILENCE, subprocess.SubprocessError, server.verify_log.Refusal) as failure:
        print(f"failed: {failure!r}\n  HUFU_SOAK_SEED={seed}; the data is kept in {folder}")
        return 1
    finally:
        if soak:
            soak.sandbox.stop()
    shutil.rmtree(folder)
    print(f"held in {time.monotonic() - started:.0f} s, {load:.0f} s of them under load")
    return 0


if __name__ == "__main__":
    sys.exit(main())
