"""A hospital's cashier, who settles visits through the gateway with signed calls (used by settlements.py beside this
file). It believes what it is told, repeats the same call until that is final, and writes it down."""

import base64
import hashlib
import hmac
import json
import os
import threading
import time
from decimal import ROUND_HALF_UP, Decimal

from server import SILENCE, Connection, expect

CODE, PLACE = "H44010000001", "440100"
CASHIERS = ["瞿昙氷", "郗鉴灏", "亓官澂"]
DOCTOR = "逄蒙翀"
PRESCRIPTION = "canary-rx-7f3a"
# What certainly nobody may find in a file of the server's.
WORDS = [*CASHIERS, DOCTOR, PRESCRIPTION]
ITEMS = ["HFX0001", "HFX0002", "HFX0003", "HFX0004", "HFT0001", "HFT0003", "HFM0001", "H-UNKNOWN"]
PRICES = ["0.01", "0.333333", "9.99", "12.345678", "33.33", "800", "99999.99"]
CENT = Decimal("0.01")


class Messages:
    """msgids: the first half of a second's numbers is the cashiers'."""

    def __init__(self):
        self.lock = threading.Lock()
        self.second, self.number = 0, 0

    def next(self):
        with self.lock:
            second = max(int(time.time()), self.second)
            self.number = self.number + 1 if second == self.second else 0
            self.second = second
            if self.number == 4999:
                self.second, self.number = second + 1, 0
            moment = time.strftime("%Y%m%d%H%M%S", time.gmtime(self.second + 8 * 3600))
            return f"{CODE}{moment}{self.number:04}"


class Books:
    """What the cashiers were told."""

    def __init__(self, settlements):
        self.lock = threading.Lock()
        self.left = settlements
        self.settled = 0
        self.told = {}  # msgid → (infno, what it came to, output)
        self.visits = {}  # msgid → (visit, batch)
        self.standing = {}  # (visit, batch) → the msgid that stands, or None
        self.counts = {}
        # Who waits for an outcome lets others call meanwhile.
        self.calling = threading.Semaphore(8)

    def take(self, most):
        """How many settlements a cashier may begin now."""
        with self.lock:
            taken = min(most, self.left)
            self.left -= taken
            return taken

    def count(self, name):
        with self.lock:
            self.counts[name] = self.counts.get(name, 0) + 1

    def tell(self, msgid, infno, outcome, output=None):
        with self.lock:
            self.told[msgid] = (infno, outcome, output)


class Cashier(threading.Thread):
    def __init__(self, port, key, persons, books, messages, random, name):
        super().__init__(daemon=True)
        self.connection = Connection(port)
        self.key_id, self.secret = key
        self.persons, self.books, self.messages = persons, books, messages
        self.random = random
        self.cashier = name
        self.failure = None

    def run(self):
        try:
            while batches := self.books.take(self.random.randint(1, 3)):
                self.visit(self.random.choice(self.persons), batches)
        except Exception as error:  # reported by the main thread
            self.failure = error

    # A visit

    def visit(self, person, batches):
        if self.random.random() < 0.3:
            found = self.sure("1101", {"data": {"mdtrt_cert_type": "02", "mdtrt_cert_no": person["certno"]}})
            expect(found["baseinfo"]["psn_no"] == person["psn_no"], "1101 finds the person")
        moment = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(time.time() + 8 * 3600))
        number = self.messages.next()[-18:]
        registered = self.sure("2201", {"data": {
            "psn_no": person["psn_no"], "insutype": person["insutype"], "begntime": moment, "mdtrt_cert_type": "02",
            "mdtrt_cert_no": person["certno"], "ipt_otp_no": number, "dr_name": DOCTOR}})
        visit = registered["data"]["mdtrt_id"]
        fees = [self.fee(person, visit, f"B{batch}", moment) for batch in range(batches) for _ in range(2)]
        self.sure("2204", {"feedetail": fees})
        for batch in range(batches):
            name = f"B{batch}"
            amounts = [Decimal(fee["det_item_fee_sumamt"]) for fee in fees if fee["chrg_bchno"] == name]
            self.settle(person, visit, name, str(sum(amounts)))
            with self.books.lock:
                self.books.settled += 1

    def fee(self, person, visit, batch, moment):
        price, count = Decimal(self.random.choice(PRICES)), Decimal(self.random.randint(1, 4))
        return {
            "feedetl_sn": self.messages.next()[-18:], "mdtrt_id": visit, "psn_no": person["psn_no"],
            "chrg_bchno": batch, "rxno": PRESCRIPTION, "fee_ocur_time": moment,
            "med_list_codg": self.random.choice(ITEMS), "medins_list_codg": "H1", "cnt": str(count),
            "pric": str(price), "det_item_fee_sumamt": str((price * count).quantize(CENT, ROUND_HALF_UP))}

    def settle(self, person, visit, batch, amount):
        """Until the batch is settled for good; at times it is taken back in between."""
        data = {
            "psn_no": person["psn_no"], "mdtrt_cert_type": "02", "mdtrt_cert_no": person["certno"], "med_type": "11",
            "medfee_sumamt": amount, "psn_setlway": "01", "mdtrt_id": visit, "chrg_bchno": batch,
            "acct_used_flag": self.random.choice("01"), "insutype": person["insutype"]}
        if self.random.random() < 0.2:
            self.sure("2206", {"data": data})
        while True:
            msgid, outcome, output = self.money("2207", data, (visit, batch))
            if outcome != "settled":
                # Certainly no settlement: a new call is safe.
                expect(outcome in ("not_settled", "reversed"), f"settlement {msgid} of {visit} {batch}: {outcome}")
                continue
            info = output["setlinfo"]
            expect(Decimal(str(info["medfee_sumamt"])) == Decimal(amount), f"{msgid}: {amount} is settled")
            draw = self.random.random()
            if draw < 0.06:
                again = {"setl_id": info["setl_id"], "mdtrt_id": visit, "psn_no": person["psn_no"]}
                while self.money("2208", again, (visit, batch))[1] != "settled":
                    self.books.count("refunds begun anew")
            elif draw < 0.12:
                again = {"psn_no": person["psn_no"], "omsgid": msgid, "oinfno": "2207"}
                while self.money("2601", again, (visit, batch))[1] != "settled":
                    self.books.count("reversals begun anew")
                self.books.tell(msgid, "2207", "reversed")
            else:
                with self.books.lock:
                    self.books.standing[visit, batch] = msgid
                return

    # Calls

    def money(self, infno, data, place):
        """A new money call, the same again until it is known what became of it."""
        msgid = self.messages.next()
        key = msgid if self.random.random() < 0.5 else None
        with self.books.lock:
            self.books.visits[msgid] = place
        pause, asked = 0.1, 0
        while True:
            answer = self.send(infno, {"data": data}, msgid, key)
            asked += 1
            found = self.final(answer, infno, msgid)
            if found:
                break
            if answer is not None and answer.status == 202:
                if asked == 1:
                    self.books.count("told unknown")
                if self.random.random() < 0.05:
                    self.be_impatient(infno, data, place)
            time.sleep(pause)
            pause = min(pause * 1.5, 1)
        outcome, output = found
        self.books.tell(msgid, infno, outcome, output)
        self.books.count(f"{infno} {outcome}")
        self.probe(infno, data, msgid, key, answer)
        return msgid, outcome, output

    def final(self, answer, infno, msgid):
        """What an answer says for good; None while it doesn't."""
        if answer is None or answer.status == 202:
            return None
        if answer.status == 200:
            if answer.json["infcode"] == 0:
                return "settled", answer.json["output"]
            return "refused", answer.json["infcode"]
        if answer.status == 409 and answer.code in ("settlement_not_settled", "settlement_reversed"):
            return answer.code.removeprefix("settlement_"), None
        if answer.status == 409 and answer.code == "settlement_unresolved":
            return None
        if answer.status == 503:
            self.books.count(f"not carried out: {answer.code}")
            return None
        expect(False, f"{infno} {msgid}: {answer}")

    def be_impatient(self, infno, data, place):
        """The same again under a new msgid, which must not settle twice."""
        if infno != "2207":
            return
        msgid = self.messages.next()
        with self.books.lock:
            self.books.visits[msgid] = place
        answer = self.send(infno, {"data": data}, msgid, None)
        if answer is not None and answer.status == 409 and answer.code == "settlement_unresolved":
            return self.books.count("impatient, held back")
        # The first is known by now: whatever this one comes to, the ledger must show it once.
        while not (found := self.final(answer, infno, msgid)):
            time.sleep(0.5)
            answer = self.send(infno, {"data": data}, msgid, None)
        self.books.tell(msgid, infno, *found)
        self.books.count(f"impatient, {found[0]}")
        if found[0] == "settled":
            # Taken back, so that this cashier's story stays simple.
            again = {"psn_no": data["psn_no"], "omsgid": msgid, "oinfno": "2207"}
            while self.money("2601", again, place)[1] != "settled":
                self.books.count("reversals begun anew")
            self.books.tell(msgid, infno, "reversed")

    def probe(self, infno, data, msgid, key, first):
        """What is known stays so, and a key stands for one content."""
        if self.random.random() < 0.05:
            again = self.send(infno, {"data": data}, msgid, key)
            if again is not None:
                expect(again.status == first.status, f"{infno} {msgid} again: {first} and then {again}")
                if again.status == 200:
                    same = again.json.get("output") == first.json.get("output") or infno == "2601"
                    expect(same, f"{infno} {msgid} again: {first} and then {again}")
                self.books.count("asked again")
        if key and infno == "2207" and self.random.random() < 0.05:
            other = self.send(infno, {"data": data | {"medfee_sumamt": "1.23"}}, self.messages.next(), key)
            expect(other is None or other.status == 422, f"{infno} under the key of {msgid}: {other}")
            self.books.count("key reuse refused")

    def sure(self, infno, content):
        """A call that may be repeated under its msgid, until it is answered."""
        msgid, pause = self.messages.next(), 0.1
        while True:
            answer = self.send(infno, content, msgid)
            if answer is not None and answer.status == 200:
                infcode = answer.json["infcode"]
                expect(infcode == 0, f"{infno} {msgid}: infcode {infcode}")
                return answer.json["output"]
            if answer is not None:
                expect(answer.status in (502, 503, 504), f"{infno} {msgid}: {answer}")
                self.books.count(f"repeated: {answer.code}")
            time.sleep(pause)
            pause = min(pause * 1.5, 1)

    def send(self, infno, content, msgid, key=None):
        """One signed call, v3.2.0; None when the gateway is silent."""
        body = {
            "msgid": msgid, "insuplc_admdvs": PLACE, "opter_type": "1", "opter": "7", "opter_name": self.cashier,
            "input": content}
        path = f"/v3/transactions/{infno}"
        if self.random.random() < 0.5:
            path = f"/fsi/api/{infno}"
            body |= {
                "infno": infno, "mdtrtarea_admvs": PLACE, "recer_sys_code": "HUFU", "infver": "V1.0",
                "inf_time": time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(time.time() + 8 * 3600)),
                "fixmedins_code": CODE, "fixmedins_name": "某医院", "signtype": "", "dev_no": "", "cainfo": "",
                "dev_safe_info": "", "sign_no": ""}
        seconds, nonce = str(int(time.time())), os.urandom(16).hex()
        canonical = json.dumps(body, sort_keys=True, separators=(",", ":"))
        mac = hmac.new(self.secret, f"{seconds}|{nonce}|{canonical}".encode(), hashlib.sha256).digest()
        fields = {
            "X-Api-Version": "v3.2.0", "X-Key-Id": self.key_id, "X-Timestamp": seconds, "X-Nonce": nonce,
            "X-Signature": base64.b64encode(mac).decode()}
        with self.books.calling:
            try:
                return self.connection.send("POST", path, body, key=key, headers=fields)
            except SILENCE:
                return None
