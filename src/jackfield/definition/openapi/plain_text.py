"""What a document says, without what only a web page makes anything of: tags, addresses of links, blank lines."""

from __future__ import annotations

import html
import re

_CODE = re.compile(r"(`{1,3}[^`]+`{1,3})")
_LINK = re.compile(
    r"(?<![\w\]])(!?)\[([^\[\]]*)\]\(\s*<?[^\s()<>]*(?:\([^\s()]*\)[^\s()<>]*)*>?(?:\s+\"[^\"]*\")?\s*\)"
)
_TAG = re.compile(
    r"</?(a|abbr|b|big|blockquote|br|center|code|dd|div|dl|dt|em|font|h[1-6]|hr|i|img|important|li|note|ol|p|pre|small|span"
    r"|strong|sub|sup|table|tbody|td|th|thead|tr|tt|u|ul)(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z]{2,31}\d{0,2});")
_STRONG = re.compile(r"\*\*(?=\S)([^*\n]+)(?<=\S)\*\*")
_SPECIAL = re.compile(r"[<&*\]\n\t]|  ")
_SPACES = re.compile(r"[ \t\r\f\v\u00a0]+")
_ITEM = re.compile(r"[*+\u2022-](?:[ \t]+|$)")
_OWN_LINE = re.compile(r"[#|>]|\d+[.)] ")

_AS_TEXT = {"li": "\n- ", "code": "`", "tt": "`"}
_ON_A_LINE = frozenset(
    {"a", "abbr", "b", "big", "em", "font", "i", "img", "small", "span", "strong", "sub", "sup", "u"}
)


def plain_text(text: str) -> str:
    """`text`, from Markdown or HTML, as plain lines: code in backticks, an item of a list after `- `.

    What is in backticks stays as it is, and so does what only looks like a tag: `<owner>/<name>`.
    """
    text = text.strip()
    if not _SPECIAL.search(text):
        return text
    text = _LINK.sub(_link, text)
    pieces = [piece if index % 2 else _prose(piece) for index, piece in enumerate(_CODE.split(text))]
    return "\n".join(_lines(_SPACES.sub(" ", "".join(pieces)).split("\n"))) or text


def _lines(raw: list[str]) -> list[str]:
    """The paragraphs and the items of lists, a line each."""
    made: list[str] = []
    fresh, marked = True, False
    for line in map(str.strip, raw):
        item = _ITEM.match(line)
        words = line[item.end() :] if item else line
        marked = marked or item is not None
        if not words.strip("-=*_"):
            fresh = True  # and a mark waits for its words
            continue
        if marked or fresh or _OWN_LINE.match(words) or made[-1].endswith(":"):
            made.append(f"- {words}" if marked else words)
        else:
            made[-1] += f" {words}"
        fresh = marked = False
    return made


def _link(found: re.Match[str]) -> str:
    return "" if found[1] else found[2]


def _prose(text: str) -> str:
    text = _STRONG.sub(r"\1", _TAG.sub(_tag, text))
    return _ENTITY.sub(lambda found: html.unescape(found[0]), text) if "&" in text else text


def _tag(found: re.Match[str]) -> str:
    name = found[1].lower()
    if name in _AS_TEXT:
        return "" if name == "li" and found[0].startswith("</") else _AS_TEXT[name]
    return "" if name in _ON_A_LINE else "\n\n"
