"""`hufu sm2`, `sm3` and `sm4` beside the openssl command, both ways; the lengths around every edge are tried in
ShangMiTests, without a process for each. Arguments: the program, an empty folder."""

import json
import os
import subprocess
import sys

HUFU = os.path.abspath(sys.argv[1])
EDGE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../ShangMiTests/Vectors/sm2_edge.json")
os.chdir(sys.argv[2])
DISTID = "distid:1234567812345678"


def run(*command, data=b"", code=0, environment=None):
    done = subprocess.run(command, input=data, capture_output=True, env={**os.environ, **(environment or {})})
    assert done.returncode == code, (command, done.returncode, done.stderr)
    return done.stdout


def hufu(*arguments, **options):
    return run(HUFU, *arguments, **options)


def openssl(*arguments, **options):
    return run("openssl", *arguments, **options)


def write(name, data):
    with open(name, "wb") as file:
        file.write(data)


def keys():
    hufu("sm2", "key", "--out", "ours.pem")
    assert os.stat("ours.pem").st_mode & 0o777 == 0o600
    hufu("sm2", "key", "--out", "ours.pem", code=2)  # A key is never overwritten.
    openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:SM2", "-out", "theirs.pem")
    write("password", b"correct horse\n")
    hufu("sm2", "key", "--encrypt", "--iterations", "1000", "--password-file", "password", "--out", "locked.pem")
    hufu("sm2", "key", "--encrypt", "--iterations", "0", "--password-file", "password", code=64)
    openssl("pkey", "-in", "locked.pem", "-passin", "file:password", "-noout")
    openssl("pkcs8", "-topk8", "-v2", "sm4-cbc", "-in", "theirs.pem", "-passout", "file:password", "-out", "locked2.pem")
    hufu("sm2", "public", "--key", "locked2.pem", "--password-file", "password")
    write("wrong", b"battery staple\n")
    hufu("sm2", "public", "--key", "locked2.pem", "--password-file", "wrong", code=1)
    for name in ["ours", "theirs"]:
        expected = openssl("pkey", "-in", name + ".pem", "-pubout")
        assert hufu("sm2", "public", "--key", name + ".pem") == expected
        write(name + ".pub", expected)
        point = hufu("sm2", "public", "--key", name + ".pub", "--form", "hex").strip()
        write(name + ".hex", point)
        write(name + ".short", hufu("sm2", "public", "--key", name + ".hex", "--form", "compressed"))
        assert hufu("sm2", "public", "--key", name + ".short", "--form", "hex").strip() == point
    write("sec1.pem", openssl("ec", "-in", "theirs.pem"))
    assert hufu("sm2", "public", "--key", "sec1.pem") == open("theirs.pub", "rb").read()
    for hash in ["sha256", "sm3"]:
        for form in ["pem", "der"]:
            name = "locked-%s.%s" % (hash, form)
            options = ["--hash", hash, "--form", form, "--iterations", "1000", "--password-file", "password"]
            hufu("sm2", "key", "--encrypt", *options, "--out", name)
            hufu("sm2", "public", "--key", name, "--password-file", "password")
            hufu("sm2", "public", "--key", name, "--password-file", "wrong", code=1)
    write("plain.der", openssl("pkey", "-in", "theirs.pem", "-outform", "DER"))
    assert hufu("sm2", "public", "--key", "plain.der") == open("theirs.pub", "rb").read()
    number = hufu("sm2", "key", "--form", "hex")
    assert len(number.strip()) == 64
    assert hufu("sm2", "public", "--key", "-", "--form", "hex", data=number).startswith(b"04")


def signatures():
    for length in [0, 1000]:
        write("message", os.urandom(length))
        for name in ["ours", "theirs"]:
            openssl("dgst", "-sm3", "-sigopt", DISTID, "-sign", name + ".pem", "-out", "signature", "message")
            hufu("sm2", "verify", "--key", name + ".pub", "--signature", "signature", "--in", "message")
            hufu("sm2", "sign", "--key", name + ".pem", "--in", "message", "--out", "signature")
            openssl("dgst", "-sm3", "-sigopt", DISTID, "-verify", name + ".pub", "-signature", "signature", "message")
    hufu("sm2", "verify", "--key", "ours.pub", "--signature", "signature", "--in", "message", code=1)
    hufu("sm2", "verify", "--key", "theirs.pub", "--signature", "signature", "--in", "message", "--user-id", "ALICE", code=1)
    hufu("sm2", "verify", "--key", "theirs.pub", "--signature", "message", "--in", "message", code=1)
    first = hufu("sm2", "sign", "--key", "ours.pem", "--deterministic", "--raw", "--out-form", "hex", data=b"abc")
    assert first == hufu("sm2", "sign", "--key", "ours.pem", "--deterministic", "--raw", "--out-form", "hex", data=b"abc")
    assert len(first.strip()) == 128


def encryption():
    for length, forms in [(1, ["c1c3c2", "c1c2c3"]), (100, ["asn1", "bare-c1c3c2", "bare-c1c2c3"])]:
        write("message", os.urandom(length))
        plain = open("message", "rb").read()
        openssl("pkeyutl", "-encrypt", "-pubin", "-inkey", "ours.pub", "-in", "message", "-out", "cipher")
        assert hufu("sm2", "decrypt", "--key", "ours.pem", "--format", "asn1", "--in", "cipher") == plain
        hufu("sm2", "encrypt", "--key", "theirs.pub", "--format", "asn1", "--in", "message", "--out", "cipher")
        assert openssl("pkeyutl", "-decrypt", "-inkey", "theirs.pem", "-in", "cipher") == plain
        for form in forms:
            cipher = hufu("sm2", "encrypt", "--key", "ours.pub", "--format", form, data=plain)
            assert hufu("sm2", "decrypt", "--key", "ours.pem", "--format", form, data=cipher) == plain
            hufu("sm2", "decrypt", "--key", "theirs.pem", "--format", form, data=cipher, code=1)


def digests():
    for length in [0, 64, 3_000_000]:
        write("message", os.urandom(length))
        expected = openssl("dgst", "-sm3", "-r", "message").split()[0]
        assert hufu("sm3", "message").split()[0] == expected
        assert hufu("sm3", data=open("message", "rb").read()).strip() == expected
    write("key", b"a key of 16 byte")
    expected = openssl("dgst", "-sm3", "-mac", "HMAC", "-macopt", "key:a key of 16 byte", "-r", "message").split()[0]
    assert hufu("sm3", "--hmac-key-file", "key", "message").split()[0] == expected


def ciphers():
    key, iv = os.urandom(16), os.urandom(16)
    write("key", key)
    write("iv", iv.hex().encode())
    secrets = {"HUFU_SM4_KEY": key.hex(), "HUFU_SM4_IV": iv.hex()}
    for length in [0, 17, 100_000]:
        plain = os.urandom(length)
        for mode in ["ecb", "cbc", "ctr"]:
            iv_option = [] if mode == "ecb" else ["-iv", iv.hex()]
            expected = openssl("enc", "-sm4-" + mode, "-K", key.hex(), *iv_option, data=plain)
            assert hufu("sm4", "encrypt", "--mode", mode, "--key-file", "key", "--iv-file", "iv", data=plain) == expected
            assert hufu("sm4", "decrypt", "--mode", mode, data=expected, environment=secrets) == plain
        secrets["HUFU_SM4_IV"] = iv[:12].hex()
        for mode in ["gcm", "ccm"]:
            cipher = hufu("sm4", "encrypt", "--mode", mode, data=plain, environment=secrets)
            assert len(cipher) == length + 16
            assert hufu("sm4", "decrypt", "--mode", mode, data=cipher, environment=secrets) == plain
            broken = cipher[:-1] + bytes([cipher[-1] ^ 1])
            assert hufu("sm4", "decrypt", "--mode", mode, data=broken, environment=secrets, code=1) == b""
        secrets["HUFU_SM4_IV"] = iv.hex()
    hufu("sm4", "encrypt", "--mode", "cbc", data=b"x", code=2)  # No key at all.
    hufu("sm4", "encrypt", "--mode", "cbc", data=b"x", environment={**secrets, "HUFU_SM4_KEY": "00"}, code=2)
    hufu("sm4", code=64)


def vectors():
    """A file of Wycheproof's form with what openssl says; one case is wrong on purpose."""
    key, iv, plain = os.urandom(16), os.urandom(16), os.urandom(40)
    right = openssl("enc", "-sm4-cbc", "-K", key.hex(), "-iv", iv.hex(), data=plain).hex()
    case = {"comment": "", "flags": [], "key": key.hex(), "iv": iv.hex(), "msg": plain.hex()}
    tests = [
        {**case, "tcId": 1, "ct": right, "result": "valid"},
        {**case, "tcId": 2, "ct": right[:-2] + "%02x" % (int(right[-2:], 16) ^ 1), "result": "invalid"},
        {**case, "tcId": 3, "ct": right[:-2], "result": "invalid"},
    ]
    document = {"algorithm": "SM4-CBC-PKCS5", "testGroups": [{"type": "IndCpaTest", "tests": tests}]}
    write("vectors.json", json.dumps(document).encode())
    lines = hufu("sm4", "--vectors", "vectors.json", "--json").splitlines()
    assert [json.loads(line)["verdict"] for line in lines] == ["valid", "invalid", "invalid"]
    tests[2]["result"] = "valid"
    write("vectors.json", json.dumps(document).encode())
    hufu("sm4", "--vectors", "vectors.json", code=1)
    write("vectors.json", b"{}")
    hufu("sm4", "--vectors", "vectors.json", code=2)
    lines = hufu("sm2", "verify", "--vectors", EDGE, "--json").splitlines()
    assert len(lines) > 400 and all(json.loads(line)["agrees"] for line in lines)


for step in [keys, signatures, encryption, digests, ciphers, vectors]:
    step()
print("ok")
