"""The sandbox's live page in a real browser: its script runs under its own policy, shows requests as they come, the
books and a refused signature's causes, and pauses. Arguments: the program, an empty folder, a Chromium."""

import fcntl
import json
import os
import ssl
import subprocess
import sys
import urllib.error
import urllib.request

from sandbox import Sandbox
from server import die_with_parent, eventually, expect


class Page:
    """One page of a browser that is steered over two pipes, by the DevTools protocol: JSON with a zero behind it."""

    def __init__(self, browser, folder, url):
        theirs, self.output = os.pipe()
        self.input, their_output = os.pipe()

        def pipes():
            die_with_parent()
            # The protocol's are 3 and 4, where others may lie.
            ends = [fcntl.fcntl(end, fcntl.F_DUPFD, 10) for end in (theirs, their_output)]
            for end, place in zip(ends, (3, 4)):
                os.dup2(end, place)

        options = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        options += ["--remote-debugging-pipe", f"--user-data-dir={folder}/profile"]
        with open(os.path.join(folder, "browser.out"), "wb") as told:
            self.process = subprocess.Popen(
                [browser, *options, "about:blank"], close_fds=False, stdin=subprocess.DEVNULL, stdout=told,
                stderr=told, preexec_fn=pipes)
        os.close(theirs)
        os.close(their_output)
        self.buffer = b""
        self.number = 0
        self.session = None
        self.troubles = []
        target = self.send("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.send("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ["Runtime", "Log", "Page"]:
            self.send(f"{domain}.enable")
        self.send("Page.navigate", url=url)

    def send(self, method, **parameters):
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.output, json.dumps(message).encode() + b"\0")
        while True:
            answer = self.receive()
            if answer.get("id") == self.number:
                expect("result" in answer, f"{method}: {answer}")
                return answer["result"]
            if answer.get("method") in ["Runtime.exceptionThrown", "Log.entryAdded"]:
                self.troubles.append(answer["params"])

    def receive(self):
        while b"\0" not in self.buffer:
            part = os.read(self.input, 1 << 16)
            expect(part, "the browser has ended")
            self.buffer += part
        message, self.buffer = self.buffer.split(b"\0", 1)
        return json.loads(message)

    def value(self, expression):
        return self.send("Runtime.evaluate", expression=expression, returnByValue=True)["result"].get("value")

    def shows(self, what, expression):
        return eventually(f"the page shows {what}", lambda: self.value(expression))

    def close(self):
        self.process.kill()
        self.process.wait()


def ask(sandbox, path, signature=None):
    """A request that the sandbox refuses: without a certificate, or signed by nobody."""
    trust = ssl.create_default_context(cafile=sandbox.addresses["files"]["ca"])
    files = sandbox.addresses["files"]
    if signature:
        trust.load_cert_chain(files["client_certificate"], files["client_key"])
    request = urllib.request.Request(sandbox.addresses["base"] + path, b"{}", signature or {})
    try:
        urllib.request.urlopen(request, context=trust, timeout=30)
    except urllib.error.HTTPError as refusal:
        expect(refusal.code == 403, f"{path}: {refusal.code}")


def main(binary, folder, browser):
    sandbox = Sandbox(binary, os.path.join(folder, "sandbox"), 1)
    page = None
    try:
        ask(sandbox, "/fsi/api/1101")
        page = Page(browser, folder, sandbox.addresses["control"] + "/")
        rows = "document.getElementById('rows').innerText"
        page.shows("that it is connected", "document.getElementById('state').textContent.includes('live')")
        page.shows("that the books hold", "document.getElementById('ledger').textContent.includes('the books hold')")
        page.shows("what came before it", f"{rows}.includes('no client certificate')")

        signed = {"X-Api-Version": "v3.3.0", "X-Key-Id": "sandbox-v3.3.0", "X-Timestamp": "1000000000"}
        ask(sandbox, "/fsi/api/2207", signed | {"X-Nonce": "0123456789abcdef", "X-Signature": "AAAA"})
        page.shows("a request that comes", f"{rows}.includes('✗ signature')")
        page.shows("its causes", "document.querySelectorAll('#rows details summary').length > 0")
        expect(page.value("document.getElementById('rows').rows.length") == 2, "a row for each request")

        page.value("document.getElementById('pause').click()")
        expect("Go on" in page.value("document.getElementById('pause').textContent"), "it pauses")
        expect(page.troubles == [], f"the browser complains: {page.troubles}")
    finally:
        if page:
            page.close()
        sandbox.stop()
    print("ok")


main(os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2]), sys.argv[3])
