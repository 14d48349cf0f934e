"""Looks for personal values in files that must hold none (used by settlements.py beside this file).

Names and numbers are found as UTF-8 and as JSON's \\u escapes, wherever they lie in a file.
"""

import os
import re

# What the sandbox makes up: psn_no, identity number, card, e-token. A hit counts only if somebody has it.
NUMBERS = re.compile(rb"44019999\d{12}|999999\d{11}[\dX]|HF\d{8}|HFECARD\d{13}")
HAN = re.compile(rb"(?:[\xe3-\xe9][\x80-\xbf]{2}|\xf0[\xa0-\xbf][\x80-\xbf]{2}){2,}")
ESCAPED = re.compile(rb"(?:\\u[0-9a-fA-F]{4}){2,}")


class Canary:
    def __init__(self, persons, words):
        """`persons` as the sandbox's control API lists them; `words` are further texts that may appear nowhere."""
        self.numbers = {p[name] for p in persons for name in ("psn_no", "certno", "card_no", "token_no")}
        self.names = {p["psn_name"] for p in persons}
        self.words = set(words)

    def found(self, data):
        """What of it stands in these bytes."""
        found = {match.decode() for match in NUMBERS.findall(data)} & self.numbers
        texts = {match.decode(errors="ignore") for match in HAN.findall(data)}
        for match in ESCAPED.findall(data):
            units = bytes.fromhex(match.replace(b"\\u", b"").decode())
            texts.add(units.decode("utf-16-be", errors="ignore"))
        for text in texts:
            found |= {name for name in self.names if name in text}
        return found | {word for word in self.words if word.encode() in data}

    def search(self, *places):
        """path → what was found in it, over files and whole folders; how many bytes were read."""
        hits, size = {}, 0
        for path in (path for place in places for path in files(place)):
            with open(path, "rb") as file:
                data = file.read()
            size += len(data)
            found = self.found(data)
            if found:
                hits[path] = sorted(found)
        return hits, size


def files(place):
    if os.path.isfile(place):
        return [place]
    return [os.path.join(folder, name) for folder, _, names in os.walk(place) for name in names]
