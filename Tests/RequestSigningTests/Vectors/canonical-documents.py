"""Prints COUNT random JSON texts, each with what CPython makes of it.

Usage: canonical-documents.py SEED COUNT [portable]
Portable texts hold no lone surrogate, and no integer beyond the doubles.
Every text and every answer ends with a zero byte, which neither can hold.
"""
import json
import math
import random
import struct
import sys

seed, count = int(sys.argv[1]), int(sys.argv[2])
is_portable = sys.argv[3:] == ["portable"]
pick = random.Random(seed)
SPACE = ("\t\n\x0b\x0c\r\x1c\x1d\x1e\x1f \x85\xa0\u1680\u2000\u2005\u200a\u2028\u2029"
         "\u202f\u205f\u3000")
NOT_SPACE = "\u200b\u2060\ufeff\u180e\u00ad"
SHORT = {"\b": "b", "\f": "f", "\n": "n", "\r": "r", "\t": "t", '"': '"', "\\": "\\", "/": "/"}
SPECIAL_NUMBERS = """
    0.0 0e0 0E-7 1.0 1e2 100.00 1E+2 5e-324 2e-324 3e-324 1e15 1e16 1e17 123456789012345678e-2
    0.0001 0.00001 1e22 1e23
    9007199254740993.0 2.2250738585072014e-308 2.2250738585072011e-308 1.7976931348623157e308
    0.1e1 9.5e-5 8.41e21
    9.999999999999999e15 0.000000000000000000000000000000000001e36 1e-999999999999 0e99999999999999
    """.split()
WORDS = ["cardNo", "card_no", "psn_no", "mdtrtId", "mdtrtareaAdmvs", "insuplc_admdvs", "medfee_sumamt",
         "medfee_sumamt_1", "medfee_sumamt_10", "姓名", "张三", "人民医院", "a", "ab", "A", "Z", "_", "", "é",
         "e\u0301"]


def character():
    kind = pick.randrange(12)
    if kind < 5:
        return chr(pick.randrange(0x20, 0x7F))
    if kind == 5:
        return chr(pick.randrange(0x20)) if pick.random() < 0.5 else "\x7f"
    if kind == 6:
        return pick.choice(SPACE + NOT_SPACE)
    if kind == 7:
        return chr(pick.randrange(0x80, 0x800))
    if kind == 8:
        return chr(pick.randrange(0x4E00, 0x9FA6))
    if kind == 9:
        return chr(pick.choice([0x800, 0xD7FF, 0xE000, 0xFB33, 0xFFFD, 0xFFFF, 0x10000, 0x10FFFF]))
    if kind == 10:
        return chr(pick.randrange(0x10000, 0x110000))
    if pick.random() < 0.3 and not is_portable:
        return chr(pick.randrange(0xD800, 0xE000))
    return chr(pick.randrange(0xE000, 0x10000))


def content():
    kind = pick.randrange(4)
    if kind == 0:
        return pick.choice(WORDS)
    if kind == 1:
        ends = ["".join(pick.choice(SPACE + NOT_SPACE) for _ in range(pick.randrange(3))) for _ in range(2)]
        return ends[0] + pick.choice(WORDS) + ends[1]
    return "".join(character() for _ in range(pick.choice([0, 1, 2, 7, 8, 9, 16, 30])))


def hexadecimal(unit):
    return "\\u" + "".join(pick.choice([d, d.upper()]) for d in f"{unit:04x}")


def quoted(text):
    out = []
    for symbol in text:
        code = ord(symbol)
        if 0xD800 <= code < 0xE000:
            out.append(hexadecimal(code))
        elif symbol in SHORT and pick.random() < 0.7 or symbol in '"\\':
            out.append("\\" + SHORT[symbol] if pick.random() < 0.8 else hexadecimal(code))
        elif code < 0x20 or pick.random() < 0.05:
            if code < 0x10000:
                out.append(hexadecimal(code))
            else:
                high, low = code - 0x10000 >> 10, code & 0x3FF
                out.append(hexadecimal(0xD800 + high) + hexadecimal(0xDC00 + low))
        else:
            out.append(symbol)
    return '"' + "".join(out) + '"'


def digits(most):
    return "".join(pick.choice("0123456789") for _ in range(pick.randint(1, most)))


def number():
    sign = pick.choice(["", "", "-"])
    kind = pick.randrange(10)
    if kind == 0:
        return sign + "0"
    if kind == 1:
        longest = 200 if is_portable else 400
        return sign + pick.choice("123456789") + digits(pick.choice([1, 3, 16, 40, longest]))
    if kind == 2:
        return sign + str(pick.randrange(100000)) + "." + f"{pick.randrange(100):02}"
    if kind == 3:
        return sign + pick.choice(SPECIAL_NUMBERS)
    if kind in (4, 5):
        value = struct.unpack("<d", struct.pack("<Q", pick.getrandbits(63)))[0]
        if not math.isfinite(value):
            value = 0.5
        form = pick.choice(["r", ".17g", ".15g", ".14e", ".16e", ".20e", ".40e"])
        return sign + (repr(value) if form == "r" else format(value, form))
    if kind == 6:  # halfway between two doubles, and just beside it
        if pick.random() < 0.2:
            return f"{sign}0.{(2 * pick.getrandbits(52) + 1) * 5**1075:0>1075}" + pick.choice(["", "1"])
        bits = pick.randrange(0x3FE0000000000000, 0x4350000000000000)
        low = struct.unpack("<d", struct.pack("<Q", bits))[0]
        middle = (int(low * 2**60) + int(math.nextafter(low, math.inf) * 2**60)) * 5**61
        text = f"{middle:0>80}"
        whole, tail = text[:-61].lstrip("0") or "0", pick.choice(["", "0", "1", "0" * 900 + "1"])
        return sign + whole + "." + text[-61:] + tail
    if kind == 7:
        return sign + "0." + digits(30) + pick.choice(["", "e5", "E-5", "e+290", "e-290", "e-310"])
    if kind == 8:
        return sign + pick.choice("123456789") + digits(20) + "." + digits(20)
    value = 2.0 ** pick.randint(-1074, 1023)
    return sign + repr(value)


def blank():
    return "".join(pick.choice(" \t\r\n") for _ in range(pick.choice([0, 0, 0, 0, 1, 2])))


def value(depth):
    kind = pick.randrange(9 if depth < 5 else 6)
    if kind < 3:
        return quoted(content())
    if kind < 5:
        return number()
    if kind == 5:
        return pick.choice(["true", "false", "null"])
    if kind < 8:
        return item_list("[", [value(depth + 1) for _ in range(pick.randrange(5))], "]")
    return dictionary(depth + 1)


def item_list(opening, items, closing):
    return opening + blank() + ",".join(blank() + item + blank() for item in items) + closing


def dictionary(depth):
    names = {}
    for _ in range(pick.choice([0, 1, 2, 5, 12, 40]) if depth == 0 else pick.randrange(4)):
        text = quoted(content())
        names[json.loads(text)] = text
    members = [text + blank() + ":" + blank() + value(depth) for text in names.values()]
    pick.shuffle(members)
    return item_list("{", members, "}")


def stripped(document):
    return {name: item.strip() if isinstance(item, str) else item for name, item in document.items()}


for _ in range(count):
    source = blank() + dictionary(0) + blank()
    answer = json.dumps(stripped(json.loads(source)), sort_keys=True, separators=(",", ":"))
    sys.stdout.buffer.write(source.encode() + b"\0" + answer.encode() + b"\0")
