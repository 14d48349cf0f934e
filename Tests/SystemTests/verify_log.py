#!/usr/bin/env python3
"""Verifies a Hufu log from outside: the public key and the files, nothing else.

Written from the specifications alone (C2SP tlog-tiles, tlog-checkpoint and signed-note; RFC 6962, RFC 8032,
RFC 8785; docs/formats/), with nothing but Python's standard library, so that it shares no mistake with the program.

    verify_log.py --directory DIR --key VKEY_OR_FILE [--since CHECKPOINTFILE]

Prints one line and exits 0 when everything holds; names the entry or file and the verdict and exits 1 when not;
exits 2 when it can't be run as asked.
"""

import argparse
import base64
import binascii
import hashlib
import json
import os
import sys


class Refusal(Exception):
    """What does not hold: `altered: entry 7 …`, `missing: tile/0/000 …`."""


# --- Ed25519 (RFC 8032, section 5.1), verification only ---------------------------------------------------------

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)


def recover_x(y, sign):
    if y >= P:
        return None
    x2 = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    if x2 == 0:
        return None if sign else 0
    x = pow(x2, (P + 3) // 8, P)
    if (x * x - x2) % P:
        x = x * ROOT_OF_MINUS_ONE % P
    if (x * x - x2) % P:
        return None
    return P - x if x & 1 != sign else x


def decode_point(data):
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & ((1 << 255) - 1)
    x = recover_x(y, sign)
    return None if x is None else (x, y, 1, x * y % P)


BASE = decode_point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def add(p, q):
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % P, (p[1] + p[0]) * (q[1] + q[0]) % P
    c, d = 2 * p[3] * q[3] * D % P, 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def multiply(scalar, point):
    result = (0, 1, 1, 0)
    while scalar:
        if scalar & 1:
            result = add(result, point)
        point = add(point, point)
        scalar >>= 1
    return result


def signature_holds(public, message, signature):
    if len(public) != 32 or len(signature) != 64:
        return False
    a, r = decode_point(public), decode_point(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if a is None or r is None or s >= ORDER:
        return False
    k = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % ORDER
    left, right = multiply(s, BASE), add(r, multiply(k, a))
    return (left[0] * right[2] - right[0] * left[2]) % P == 0 and (left[1] * right[2] - right[1] * left[2]) % P == 0


# --- Signed notes and checkpoints -------------------------------------------------------------------------------


def decode_base64(text):
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return data if base64.b64encode(data).decode() == text else None


def parse_key(vkey):
    parts = vkey.split("+", 2)
    material = decode_base64(parts[2]) if len(parts) == 3 else None
    if material is None or len(material) != 33 or material[0] != 1:
        raise Refusal("altered: the key is no Ed25519 verifier key")
    name = parts[0]
    identifier = hashlib.sha256(name.encode() + b"\n" + material).digest()[:4]
    if identifier.hex() != parts[1]:
        raise Refusal("altered: the key's id does not belong to its name and key")
    return name, identifier, material[1:]


def parse_checkpoint(data, key, what):
    """The size and the root of a checkpoint whose signature holds."""
    try:
        note = data.decode("utf-8")
    except UnicodeDecodeError:
        raise Refusal(f"altered: {what} is not UTF-8")
    if any(ord(c) < 0x20 and c != "\n" for c in note) or "\n\n" not in note or not note.endswith("\n"):
        raise Refusal(f"altered: {what} is no signed note")
    split = note.rindex("\n\n")
    text, lines = note[: split + 1], note[split + 2 :].split("\n")[:-1]
    name, identifier, public = key
    held = False
    for line in lines:
        parts = line.split(" ")
        raw = decode_base64(parts[2]) if len(parts) == 3 and parts[0] == "\u2014" else None
        if raw is None or len(raw) < 5:
            raise Refusal(f"altered: {what} has a signature line that is none")
        if (parts[1], raw[:4]) == (name, identifier):
            if not signature_holds(public, text.encode(), raw[4:]):
                raise Refusal(f"altered: {what} has a wrong signature by {name}")
            held = True
    if not held:
        raise Refusal(f"altered: {what} has no signature by {name}")
    body = text.split("\n")
    if len(body) < 4 or body.pop() != "" or "" in body:
        raise Refusal(f"altered: {what} is no checkpoint")
    root = decode_base64(body[2])
    if not (body[1].isascii() and body[1].isdigit() and str(int(body[1])) == body[1]) or not root or len(root) != 32:
        raise Refusal(f"altered: {what} has no size or no root")
    if body[0] != name:
        raise Refusal(f"altered: {what} is of {body[0]}, the key of {name}")
    return int(body[1]), root


# --- The hash tree (RFC 6962, section 2.1) ----------------------------------------------------------------------


def leaf_hash(entry):
    return hashlib.sha256(b"\0" + entry).digest()


def root_of(hashes):
    """The root over hashes of equal subtrees: pairs level by level, a last odd one rising as it is."""
    if not hashes:
        return hashlib.sha256().digest()
    while len(hashes) > 1:
        pairs = [hashlib.sha256(b"\1" + a + b).digest() for a, b in zip(hashes[::2], hashes[1::2])]
        hashes = pairs + ([hashes[-1]] if len(hashes) % 2 else [])
    return hashes[0]


# --- Canonical JSON (RFC 8785) ----------------------------------------------------------------------------------


def ecmascript(number):
    """A double as ECMAScript prints it. Python's repr has the same digits in another layout."""
    if number == 0:
        return "0"
    sign, digits = ("-", repr(-number)) if number < 0 else ("", repr(number))
    mantissa, _, exponent = digits.partition("e")
    whole, _, fraction = mantissa.partition(".")
    point = len(whole) + int(exponent or 0)
    digits = whole + fraction
    point -= len(digits) - len(digits.lstrip("0"))
    digits = digits.strip("0")
    count = len(digits)
    if count <= point <= 21:
        return sign + digits + "0" * (point - count)
    if 0 < point <= 21:
        return sign + digits[:point] + "." + digits[point:]
    if -6 < point <= 0:
        return sign + "0." + "0" * -point + digits
    tail = f"e{point - 1:+d}"
    return sign + digits[0] + ("." + digits[1:] if count > 1 else "") + tail


ESCAPES = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r"}


def canonical(value):
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        if abs(value) >= 2**53:
            raise ValueError("a whole number beyond 2^53 - 1")
        return str(value)
    if isinstance(value, float):
        return ecmascript(value)
    if isinstance(value, str):
        return '"' + "".join(ESCAPES.get(c) or (f"\\u{ord(c):04x}" if c < " " else c) for c in value) + '"'
    if isinstance(value, list):
        return "[" + ",".join(canonical(v) for v in value) + "]"
    keys = sorted(value, key=lambda k: k.encode("utf-16-be"))
    return "{" + ",".join(canonical(k) + ":" + canonical(value[k]) for k in keys) + "}"


def unique(pairs):
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a key stands twice")
    return members


def refuse_constant(name):
    raise ValueError(f"{name} is no JSON")


def check_entry(index, path, entry):
    try:
        value = json.loads(entry.decode("utf-8"), object_pairs_hook=unique, parse_constant=refuse_constant)
        same = canonical(value).encode("utf-8") == entry
    except (ValueError, RecursionError) as error:
        raise Refusal(f"altered: entry {index} in {path} is no JSON entry: {error}")
    if not isinstance(value, dict) or not same:
        raise Refusal(f"altered: entry {index} in {path} is not canonical JSON")


# --- Files (C2SP tlog-tiles) ------------------------------------------------------------------------------------


def tile_name(index, width):
    groups = [f"{index % 1000:03d}"]
    while index >= 1000:
        index //= 1000
        groups.insert(0, f"x{index % 1000:03d}")
    return "/".join(groups) + (f".p/{width}" if width < 256 else "")


class Log:
    def __init__(self, directory):
        self.directory = directory

    def read(self, path):
        try:
            with open(os.path.join(self.directory, path), "rb") as file:
                return file.read()
        except (FileNotFoundError, NotADirectoryError):
            return None

    def read_tile(self, prefix, index, width):
        """A partial tile may have given way to the full one, which starts with the same bytes."""
        path = prefix + tile_name(index, width)
        data, full = self.read(path), width
        if data is None and width < 256:
            whole = prefix + tile_name(index, 256)
            data = self.read(whole)
            if data is not None:
                path, full = whole, 256
        if data is None:
            raise Refusal(f"missing: {path} is not there")
        return path, data, full

    def hashes(self, level, index, width):
        path, data, full = self.read_tile(f"tile/{level}/", index, width)
        if len(data) != 32 * full:
            raise Refusal(f"altered: {path} has {len(data)} bytes where {full} hashes are due")
        return path, [data[i : i + 32] for i in range(0, 32 * width, 32)]

    def entries(self, index, width):
        path, data, full = self.read_tile("tile/entries/", index, width)
        entries, offset = [], 0
        while offset < len(data):
            length = int.from_bytes(data[offset : offset + 2], "big")
            entry = data[offset + 2 : offset + 2 + length]
            if offset + 2 > len(data) or len(entry) != length:
                raise Refusal(f"missing: {path} ends within entry {index * 256 + len(entries)}")
            entries.append(entry)
            offset += 2 + length
        if len(entries) < full:
            raise Refusal(f"missing: entry {index * 256 + len(entries)} in {path}, where {full} entries are due")
        if len(entries) > full:
            raise Refusal(f"altered: {path} has {len(entries)} entries where {full} are due")
        return path, entries[:width]


def tiles(count):
    """The tiles that hold so many hashes: index and width."""
    for index in range((count + 255) // 256):
        yield index, min(256, count - index * 256)


def verify(log, size, root):
    """Recomputes every tile and the root from the entries; answers all leaf hashes."""
    leaves = []
    mismatch = None
    for index, width in tiles(size):
        path, entries = log.entries(index, width)
        computed = [leaf_hash(entry) for entry in entries]
        tile, stored = log.hashes(0, index, width)
        for place, entry in enumerate(entries):
            number = index * 256 + place
            if computed[place] != stored[place]:
                mismatch = mismatch or (number, path, tile)
            else:
                check_entry(number, path, entry)
        leaves += computed
    computed_root = root_of(leaves)
    if mismatch:
        number, path, tile = mismatch
        # With all entries right, it is the tile that is wrong.
        if computed_root == root:
            raise Refusal(f"altered: the hash of entry {number} in {tile}; the entry itself holds")
        raise Refusal(f"altered: entry {number} in {path} is not the one that {tile} holds")
    level, hashes = 1, leaves
    while len(hashes) >= 256:
        hashes = [root_of(hashes[i : i + 256]) for i in range(0, len(hashes) // 256 * 256, 256)]
        for index, width in tiles(len(hashes)):
            tile, stored = log.hashes(level, index, width)
            for place in range(width):
                if stored[place] != hashes[index * 256 + place]:
                    first = (index * 256 + place) << 8 * level
                    last = first + (1 << 8 * level) - 1
                    raise Refusal(f"altered: entries {first} to {last} are not those whose hash {tile} holds")
        level += 1
    if computed_root != root:
        raise Refusal(
            f"altered: the log recomputes to the root {base64.b64encode(computed_root).decode()}, "
            f"the checkpoint of size {size} signs {base64.b64encode(root).decode()}"
        )
    return leaves


def main():
    parser = argparse.ArgumentParser(description="Verifies a Hufu log from outside.")
    parser.add_argument("--directory", required=True, help="the log's directory: checkpoint, tile/…")
    parser.add_argument("--key", required=True, help="the verifier key, or a file that holds it")
    parser.add_argument("--since", help="a checkpoint kept from before, which the log must continue")
    arguments = parser.parse_args()
    try:
        vkey = arguments.key
        if os.path.exists(vkey):
            with open(vkey, encoding="utf-8") as file:
                vkey = file.read().strip()
        older = None
        if arguments.since:
            with open(arguments.since, "rb") as file:
                older = file.read()
    except OSError as error:
        print(error, file=sys.stderr)
        return 2
    try:
        key = parse_key(vkey)
        log = Log(arguments.directory)
        data = log.read("checkpoint")
        if data is None:
            raise Refusal("missing: checkpoint is not there")
        size, root = parse_checkpoint(data, key, "checkpoint")
        if older is not None:
            old_size, old_root = parse_checkpoint(older, key, arguments.since)
            if old_size > size:
                raise Refusal(f"missing: entries {size} to {old_size - 1}, which {arguments.since} covers")
        leaves = verify(log, size, root)
        if older is not None and root_of(leaves[:old_size]) != old_root:
            raise Refusal(f"altered: entries 0 to {max(0, old_size - 1)} are not those of {arguments.since}")
    except Refusal as refusal:
        print(refusal)
        return 1
    print(f"verified {size} entries, root {base64.b64encode(root).decode()}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
