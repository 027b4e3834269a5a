"""Text from people: cleaned at the door, folded for search, keyed for Danish order, compared as names."""

from __future__ import annotations

import re
import unicodedata
from difflib import SequenceMatcher

# Zero-width and direction marks hide text, and XML has no room for U+FFFE and its like; tab and line
# breaks are the only controls people write.
_HIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff"
    "\ufdd0-\ufdef\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e007f"
    + "".join(chr(plane << 16 | end) for plane in range(1, 17) for end in (0xFFFE, 0xFFFF))
    + "]"
)
_PLAIN = re.compile("[\\x00-\\x7fæøå]*")
_SPACES = re.compile(r"[^\S\n]+")
_NOT_WORD = re.compile(r"[^\w]+")
_COMPANY_FORMS = {"as", "aps", "is", "ps", "ks", "ivs", "amba", "fmba", "smba", "ak", "og"}


def has_hidden(value: str) -> bool:
    """Whether the text has control, zero-width or direction characters that nobody sees."""
    return bool(_HIDDEN.search(value))


def clean(value: object) -> str:
    """Text as it is stored: NFC, without hidden characters, trimmed, single blanks, LF line breaks."""
    text = "" if value is None else str(value)
    if text.isprintable() and (text.isascii() or unicodedata.is_normalized("NFC", text)):
        return " ".join(text.split())  # nearly all text there is
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = unicodedata.normalize("NFC", _HIDDEN.sub("", text))
    lines = (_SPACES.sub(" ", line).strip() for line in text.split("\n"))
    return "\n".join(lines).strip()


def fold(value: str) -> str:
    """Text as it is searched: case-blind, NFC = NFD, accents off but æ ø å kept, ä = æ, ö = ø, aa = å."""
    text = value.casefold()
    if _PLAIN.fullmatch(text):  # nearly all text there is
        return _SPACES.sub(" ", text.replace("aa", "å")).strip()
    text = unicodedata.normalize("NFC", value).casefold()
    folded = "".join(_KEPT.get(char) or _bare(char) for char in text).replace("aa", "å")
    return _SPACES.sub(" ", folded).strip()


_KEPT = {"æ": "æ", "ø": "ø", "å": "å", "ä": "æ", "ö": "ø"}


def _bare(char: str) -> str:
    """A letter without its accents, and a letter of another shape as the plain one."""
    return "".join(c for c in unicodedata.normalize("NFKD", char) if not unicodedata.combining(c)).casefold()


def sort_key(value: str) -> str:
    """A key of plain ASCII that any database orders as Danes do: digits, a…z, æ, ø, å (aa as å), case-blind."""
    return fold(value).translate(_KEYS)


class _Keys(dict[int, str]):
    """What a folded character comes to in a sort key; each worked out once."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        if char in "æøå":
            key = {"æ": "zza", "ø": "zzb", "å": "zzc"}[char]
        elif char.isascii() and char.isalpha():
            key = char + "0"
        elif char.isascii() and char.isdigit():
            key = "0" + char
        elif char == " ":
            key = "00"
        else:
            key = f"zzz{code:06x}" if char.isalnum() else ""
        if len(self) < _MOST_KEYS:
            self[code] = key
        return key


_MOST_KEYS = 4096
_KEYS = _Keys()


def name_key(name: str) -> str:
    """A company's name without its legal form, punctuation and case; equal for names that mean the same firm."""
    plain = re.sub(r"(?<=\w)[/.](?=\w)", "", fold(name))
    words = [word for word in _NOT_WORD.split(plain) if word and word not in _COMPANY_FORMS]
    return " ".join(words) or _NOT_WORD.sub(" ", plain).strip()


def similar(left: str, right: str, threshold: float = 0.9) -> bool:
    """Whether two company names look like the same firm."""
    a, b = name_key(left), name_key(right)
    return a == b or SequenceMatcher(None, a, b).ratio() >= threshold
