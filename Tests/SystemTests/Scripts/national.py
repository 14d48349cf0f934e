"""The national platform from the shell: `hufu sandbox`, `doctor tls`, `platform login` and `status`, `call` and
`reconcile`, with a browser of Python's and servers of the openssl command. Arguments: the program, an empty folder."""

import http.client
import json
import os
import re
import socket
import ssl
import subprocess
import sys
import time
import urllib.parse

from server import PASSWORD, Connection, Server, die_with_parent, eventually, expect

HUFU = os.path.abspath(sys.argv[1])
os.chdir(sys.argv[2])
HOME = os.getcwd()
SECRETS = set()
PAGE = "https://his.example/hufu/callback"


def environment(server=None):
    address = {"HUFU_URL": f"http://127.0.0.1:{server.port}"} if server else {}
    folders = {"HOME": HOME, "XDG_DATA_HOME": HOME, "XDG_CONFIG_HOME": HOME}
    return {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", **folders, **address}


def keeps_secrets(told, what):
    for secret in SECRETS:
        expect(secret not in told, f"{what} shows a secret")


def hufu(*arguments, data="", code=0, server=None):
    env = environment(server)
    done = subprocess.run([HUFU, *arguments], input=data, capture_output=True, env=env, timeout=120, text=True)
    told = done.stdout + done.stderr
    expect(done.returncode == code, f"hufu {arguments}: {done.returncode}, not {code}\n{told}")
    keeps_secrets(told, f"hufu {arguments}")
    return done


def read(name):
    with open(name, encoding="utf-8") as file:
        return file.read()


class Child:
    """A program that runs beside this script, its output in a file."""

    def __init__(self, name, command, **options):
        self.output = f"{name}.out"
        with open(self.output, "wb") as output:
            self.process = subprocess.Popen(
                command, stdout=output, stderr=output, preexec_fn=die_with_parent, env=environment(), **options
            )

    def told(self, pattern):
        def look():
            found = re.search(pattern, read(self.output), re.S)
            expect(found or self.process.poll() is None, f"{self.process.args} ended: {read(self.output)}")
            return found

        return eventually(pattern, look)[1]

    def end(self, code=0):
        self.process.terminate()
        status = self.process.wait(30)
        expect(status == code, f"{self.process.args}: {status}, not {code}\n{read(self.output)}")
        keeps_secrets(read(self.output), self.output)

    def kill(self):
        self.process.kill()
        self.process.wait()


def sandbox(*options):
    ports = ["--port", "0", "--frame-port", "0", "--control-port", "0", "--persons", "5", "--redirect", PAGE]
    return Child("sandbox", [HUFU, "sandbox", "--data", "sandbox", *ports, *options])


# The sandbox


def sandbox_starts():
    """For people a table, for programs one object; wrong input is refused before anything listens."""
    for text, word in [('{"faults":[{"kind":"rain"}]}', "kind"), ('{"faults":[{"kind":"delay","seconds":0}]}', "seconds")]:
        with open("scenario.json", "w", encoding="utf-8") as file:
            file.write(text)
        wrong = hufu("sandbox", "--data", "other", "--scenario", "scenario.json", code=2)
        expect(wrong.stderr.startswith("error: ") and word in wrong.stderr, wrong.stderr)
    hufu("sandbox", "--data", "other", "--scenario", "nowhere.json", code=2)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        busy = hufu("sandbox", "--data", "other", "--port", str(taken.getsockname()[1]), code=2)
        expect("can't listen" in busy.stderr, busy.stderr)
    child = sandbox()
    child.told("hufu serve --platform (\\S+platform.json)")
    for name in ["client-secret", "login-password", "client.p12.passphrase"]:
        path = os.path.join("sandbox", "client", name)
        if os.path.exists(path):
            expect(os.stat(path).st_mode & 0o777 == 0o600, f"{path} is for its owner alone")
            SECRETS.add(read(path).strip())
    expect(len(SECRETS) >= 2, "the sandbox wrote its client's secrets")
    table = read(child.output)
    for word in ["fsi", "SOAP", "frames", "OAuth2", "envelope", "ca.pem", "v3.3.0", "虚构"]:
        expect(word in table, table)
    child.end()
    child = sandbox("--json")
    return child, json.loads(child.told("(\\{.*\\}\n)"))


# The doctor


def certificate(name, days="30", subject="127.0.0.1", names="IP:127.0.0.1"):
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    command += ["-keyout", f"{name}.key", "-out", f"{name}.pem", "-days", days, "-subj", f"/CN={subject}"]
    done = subprocess.run(command + ["-addext", f"subjectAltName={names}"], capture_output=True, timeout=60)
    expect(done.returncode == 0, done.stderr)


def examined(place, *options, code=1):
    report = json.loads(hufu("doctor", "tls", place, *options, "--json", code=code).stdout)
    return report["verdict"], [finding["fault"] for finding in report["findings"]]


def doctor(address):
    files = address["files"]
    place = address["base"].removeprefix("https://")
    own = ["--ca", files["ca"], "--cert", files["client_certificate"], "--key", files["client_key"]]
    verdict, faults = examined(place, *own, code=0)
    expect(verdict == "sound" and not faults, f"{verdict} {faults}")
    bundle = ["--ca", files["ca"], "--pkcs12", files["client_bundle"]]
    examined(place, *bundle, "--passphrase-file", files["client_bundle_passphrase"], code=0)
    hufu("doctor", "tls", place, *bundle, code=2)
    hufu("doctor", "tls", place, "--ca", "nowhere.pem", code=2)
    expect("unknown_root" in examined(place)[1], "the system's roots don't know the sandbox's CA")
    for language, word, other in [("zh", "解决", "cure"), ("en", "cure", "解决")]:
        told = hufu("doctor", "tls", place, "--lang", language, code=1)
        expect(word in told.stdout and other not in told.stdout, told.stdout)
        expect("unknown_root" in told.stderr, told.stderr)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        expect(examined(f"127.0.0.1:{port}", "--timeout", "1")[1] == ["handshake_timeout"], "a silent port")
    expect(examined(f"127.0.0.1:{port}")[1] == ["connection_refused"], "a closed port")


def doctor_and_openssl():
    certificate("peer")
    certificate("elsewhere", names="DNS:elsewhere.example", subject="elsewhere.example")
    servers = [
        (["-cert", "peer.pem", "-key", "peer.key"], "peer.pem", 0, None),
        (["-cert", "elsewhere.pem", "-key", "elsewhere.key"], "elsewhere.pem", 1, "name_mismatch"),
        (["-cert", "peer.pem", "-key", "peer.key"], "elsewhere.pem", 1, "unknown_root"),
        (["-cert", "peer.pem", "-key", "peer.key", "-Verify", "1", "-verify_return_error"], "peer.pem", 1,
         "client_certificate_required"),
    ]
    for number, (options, root, code, fault) in enumerate(servers):
        command = ["openssl", "s_server", "-accept", "127.0.0.1:0", "-www", *options]
        child = Child(f"openssl-{number}", command, stdin=subprocess.DEVNULL)
        try:
            port = child.told("ACCEPT [0-9.]+:([0-9]+)")
            _, faults = examined(f"127.0.0.1:{port}", "--ca", root, code=code)
            expect(fault is None or fault in faults, f"{options} {root}: {faults}")
        finally:
            child.kill()


# The login


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return taken.getsockname()[1]


def settings(name, redirect):
    with open(os.path.join("sandbox", "client", "platform.json"), encoding="utf-8") as file:
        document = json.load(file)
    document["oauth2"]["redirect_uri"] = redirect
    with open(name, "w", encoding="utf-8") as file:
        json.dump(document, file)


def browse(url, address):
    """Fills in the form of the login page; answers where the browser is sent."""
    place = urllib.parse.urlsplit(url)
    trust = ssl.create_default_context(cafile=address["files"]["ca"])
    connection = http.client.HTTPSConnection(place.hostname, place.port, timeout=30, context=trust)
    form = {"username": address["login_name"], "password": read(address["files"]["login_password"]).strip()}
    fields = {"Content-Type": "application/x-www-form-urlencoded"}
    connection.request("POST", f"{place.path}?{place.query}", urllib.parse.urlencode(form), fields)
    response = connection.getresponse()
    location = response.getheader("Location")
    expect(response.status == 302 and location, f"the login page: {response.status} {response.read()!r}")
    return location


def log_in(server, address, *options, change=lambda location: location, code=0):
    """`hufu platform login`, with a browser that comes back by itself or an address that a person pastes."""
    process = subprocess.Popen(
        [HUFU, "platform", "login", *options], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, env=environment(server), preexec_fn=die_with_parent, text=True,
    )
    try:
        url = ""
        while not url.startswith("https://"):
            url = process.stderr.readline()
            expect(url, f"no address: {process.poll()}")
        location = change(browse(url.strip(), address))
        if "--paste" in options:
            out, err = process.communicate(location + "\n", timeout=60)
        else:
            place = urllib.parse.urlsplit(location)
            connection = http.client.HTTPConnection(place.hostname, place.port, timeout=30)
            connection.request("GET", f"{place.path}?{place.query}")
            page = connection.getresponse()
            page.read()
            expect(page.status == 200, f"the page at the end: {page.status}")
            out, err = process.communicate(timeout=60)
        expect(process.returncode == code, f"platform login: {process.returncode}\n{out}{err}")
        keeps_secrets(out + err, "platform login")
        return out, err
    finally:
        process.kill()
        process.wait()


def login(server, address):
    missing = hufu("platform", "status", server=server, code=1)
    expect("missing" in missing.stdout and "cure: hufu platform login" in missing.stderr, missing.stdout)
    hufu("platform", "login", "--url", "http://127.0.0.1:1", code=2, server=server)
    strange = lambda location: re.sub("state=[^&]+", "state=" + "A" * 43, location)
    _, err = log_in(server, address, "--paste", change=strange, code=2)
    expect(err.splitlines()[-1].startswith("error: "), err)
    out, _ = log_in(server, address)
    expect(re.search(r"^state +fresh$", out, re.M), out)
    out, _ = log_in(server, address, "--paste", "--json")
    expect(json.loads(out)["state"] == "fresh", out)
    status = json.loads(hufu("platform", "status", "--json", server=server).stdout)
    expect(status["state"] == "fresh" and status["saved"] is True and status["legacy"] is False, f"{status}")
    table = hufu("platform", "status", server=server).stdout
    expect(re.search(r"^state +fresh$", table, re.M) and "patient.read" in table, table)


def login_by_page(address):
    """A redirect URI of https: nothing here receives the browser, and a person pastes where it ended."""
    settings("page.json", PAGE)
    server = Server(HUFU, os.path.join(HOME, "page"), "--platform", "page.json")
    server.start()
    try:
        server.first_operator()
        hufu("operator", "login", "tester", data=PASSWORD + "\n", server=server)
        alone = hufu("platform", "login", server=server, code=2)
        expect("cure: hufu platform login --paste" in alone.stderr and PAGE in alone.stderr, alone.stderr)
        elsewhere = lambda location: location.replace("his.example", "other.example")
        _, err = log_in(server, address, "--paste", change=elsewhere, code=2)
        expect(f"the address is not {PAGE}?" in err, err)
        out, _ = log_in(server, address, "--paste")
        expect(re.search(r"^state +fresh$", out, re.M), out)
        server.stop()
        keeps_secrets(server.text(), "the server")
    finally:
        server.process.kill()


# Calls and the day's books


def activate(server):
    operator = Connection(server.port, server.first_operator()["access_token"])
    institution = operator.post("/v1/institutions", {"name": "某医院", "kind": "hospital"}, 201)["id"]
    policy = {"duration": "P30D", "approvals": 0, "scopes": ["patient.read", "claim.write"]}
    operator.send("PUT", "/v1/policies/ward", policy, headers={"If-None-Match": "*"})
    application = operator.post("/v1/applications", {"institution_id": institution, "policy": "ward"}, 201)
    issued = operator.post(f"/v1/applications/{application['id']}/issue", {}, 201)
    hufu("device", "activate", data=issued["code"] + "\n", server=server)
    hufu("operator", "login", "tester", data=PASSWORD + "\n", server=server)


def transact(server, infno, node, msgid=None):
    body = {"input": node, "insuplc_admdvs": "440100"} | ({"msgid": msgid} if msgid else {})
    with open("body.json", "w", encoding="utf-8") as file:
        json.dump(body, file)
    options = ["--profile", "v3.3.0", "--body", "body.json", "--json"]
    done = hufu("call", "POST", f"/v3/transactions/{infno}", *options, server=server)
    return json.loads(done.stdout)


def visit(server, person):
    now = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(time.time() + 8 * 3600))
    who = {"psn_no": person["psn_no"], "mdtrt_cert_type": "02", "mdtrt_cert_no": person["certno"]}
    registration = who | {"insutype": "310", "begntime": now, "ipt_otp_no": "OTP1"}
    opened = transact(server, "2201", {"data": registration})
    visit_id = opened["output"]["data"]["mdtrt_id"]
    fee = {"feedetl_sn": "F1", "mdtrt_id": visit_id, "psn_no": person["psn_no"], "chrg_bchno": "B1"}
    fee |= {"fee_ocur_time": now, "med_list_codg": "HFX0001", "medins_list_codg": "H-1"}
    fee |= {"cnt": "1", "pric": "100.00", "det_item_fee_sumamt": "100.00"}
    expect(transact(server, "2204", {"feedetail": [fee]})["infcode"] == 0, "fees")
    settlement = who | {"med_type": "11", "medfee_sumamt": "100.00", "mdtrt_id": visit_id, "psn_setlway": "01"}
    return settlement | {"chrg_bchno": "", "acct_used_flag": "1", "insutype": "310"}


def identifier(sequence):
    return "H44010000001" + time.strftime("%Y%m%d%H%M%S", time.gmtime(time.time() + 8 * 3600)) + f"{sequence:04}"


def calls(server, address):
    card = ["cardNo=HF00000001", "--profile", "v3.3.0", "--json"]
    answer = json.loads(hufu("call", "GET", "/v3/insured/status", *card, server=server).stdout)
    person = answer["output"]["baseinfo"]
    expect(answer["infcode"] == 0 and person["psn_name"] == "张三丰", f"{answer}")
    settled = transact(server, "2207", {"data": visit(server, person)}, identifier(1))
    info = settled["output"]["setlinfo"]
    expect(settled["infcode"] == 0 and info["setl_id"], f"{settled}")
    control = urllib.parse.urlsplit(address["control"])
    connection = http.client.HTTPConnection(control.hostname, control.port, timeout=30)
    node = {"data": visit(server, person)}
    fault = {"faults": [{"kind": "drop_after_commit", "infno": "2207", "count": 1}]}
    connection.request("PUT", "/faults", json.dumps(fault), {"Content-Type": "application/json"})
    expect(connection.getresponse().status == 200, "a fault is set")
    msgid = identifier(2)
    lost = transact(server, "2207", node, msgid)
    expect(lost["outcome"] == "unknown" and lost["link"] == f"/v1/settlements/{msgid}", f"{lost}")
    found = lambda: transact(server, "2207", node, msgid).get("output", {}).get("setlinfo", {}).get("setl_id")
    expect(eventually("the lost settlement is found", found) != info["setl_id"], "each has its own number")


def reconcile(server, child):
    today = time.strftime("%Y-%m-%d", time.gmtime(time.time() + 8 * 3600))
    hufu("reconcile", "--date", today, "--show", server=server, code=1)
    told = hufu("reconcile", "--date", today, server=server).stdout
    expect("the books are equal" in told and re.search(r"H44010000001 +310 .*200\.00", told), told)
    for options in [[], ["--show"]]:
        report = json.loads(hufu("reconcile", "--date", today, "--json", *options, server=server).stdout)
        rows = [row for row in report["statements"] if row["count"]]
        expect(report["equal"] is True and [row["medfee_sumamt"] for row in rows] == ["200.00"], f"{report}")
    hufu("reconcile", "--date", "2026-02-30", server=server, code=1)
    child.end()
    down = hufu("reconcile", "--date", today, server=server, code=1)
    expect("the books are not equal" in down.stderr, down.stderr)


child, address = sandbox_starts()
doctor(address)
doctor_and_openssl()
login_by_page(address)
settings("platform.json", f"http://127.0.0.1:{free_port()}/callback")
server = Server(HUFU, os.path.join(HOME, "data"), "--platform", "platform.json")
server.start()
try:
    activate(server)
    login(server, address)
    calls(server, address)
    reconcile(server, child)
    server.stop()
    hufu("reconcile", "--date", "2026-11-20", server=server, code=3)
    keeps_secrets(server.text(), "the server")
finally:
    server.process.kill()
    child.kill()
print("ok")
