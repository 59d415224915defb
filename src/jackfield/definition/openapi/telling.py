"""Which sentences of a description tell what to put in. English only: others are cut by their length alone.

All patterns look at one sentence and are bounded: descriptions are written by strangers.
"""

from __future__ import annotations

import re
from typing import Literal, TypeAlias

Tells: TypeAlias = Literal["fact", "use", "story", "nothing"]

_POINTER = re.compile(
    r"\(?(?:for|to (?:get|find|see|learn)) (?:more|further|additional|general|full) (?:information|info|details?)"
    r"|(?:please )?(?:see|refer to|check out|consult) |(?:learn|read|find out) (?:more|about)|more (?:about|info)"
    r"|(?:for )?(?:more )?details? (?:see|on|about|can)|you can (?:read|learn|find) (?:out )?more ",
    re.IGNORECASE,
)
_FREE = re.compile(
    r"(?:the|this) (?:\w+ ){1,3}(?:is|are) (?:not case[- ]sensitive|case[- ]insensitive)\.?$", re.IGNORECASE
)
_VALUES = (
    r"(?:valid|possible|allowed|accepted|acceptable|supported|permitted|available|current) (?:\w+ )?"
    r"(?:values?|options?|choices?|types?|formats?|characters?|units?)\b",
    r"(?:can|may|must|should) be (?:one|any|either|set)\b",
    r"one of (?:the following|these|[`'\"(:])",
    r"constraints?:",
    r"(?:set|use|specify|enter|pass|provide|either)(?: (?:this|it|the|value|either|to)){0,3} [`'\"]",
)
_BOUNDS = (
    r"(?:range|values?|number)s? (?:(?:is|are|of|can|must|should|be) ){0,3}(?:between|from)\b",
    r"(?:between|from|up to|at least|at most|than|max\.?|min\.?|least|limit(?:ed)? (?:is|to|of)) [`'\"]?-?\d",
    r"(?:maximum|minimum|max|min|length|limit)\b[^.]{0,40}\d",
    r"\d{1,20} (?:to|through|and|-|\u2013) \d",
    r"\d{1,20}(?:-bit)? (?:\w{1,20} )?(?:characters?|digits?|letters?|bytes|kb|mb|items|seconds|minutes|hours|days)\b",
    r"(?:in|of|as) (?:milli|micro)?(?:seconds|minutes|hours|days|cents|percent|bytes|kb|mb|gb|gib|mib)\b",
    r"(?:unit of|percentage)\b",
    r"\w{1,20} [<>]=? ?\d",
)
_FORMS = (
    r"(?:must|should|may|can)(?: (?:not|only))? (?:start|begin|end|match|contain|consist|conform|exceed)\b",
    r"(?:cannot|can't) (?:start|begin|end|contain|exceed)\b",
    r"format(?:ted)?\b",
    r"(?:iso[- ]?\d{1,20}|rfc[- ]?\d{1,20}|utc|gmt|epoch|unix|timestamps?)\b",
    r"(?:url|uri|percent|utf|base|hex|json|html|form)[- ]?\d{0,3}[- ]?(?:encoded|encoding|decimal)\b",
    r"(?:base-?64|hexadecimal|(?:lower|upper)[- ]?case|(?<!not )case[- ]sensitive|alphanumeric)\b",
    r"(?:separated?|delimited|separator|regex|regular expressions?|patterns?|wildcards?|prefix(?:ed)?|suffix(?:ed)?)\b",
)
_USES = (
    r"(?:must|cannot|can't|can only|should be|can be)\b",
    r"(?:(?:for|an) example|examples?|e\.g\.?|i\.e\.?|such as)\W[^.]{0,60}?[`'\"\d]",
    r"(?:is|are) (?:only )?(?:required|mandatory|ignored|optional)\b",
    r"(?:required (?:if|when|for|unless)|mandatory)\b",
    r"(?:default(?:s|ed)? (?:is|are|to|value)|by default|default:)",
)
_FACT = re.compile(rf"\b(?:{'|'.join((*_VALUES, *_BOUNDS, *_FORMS))})", re.IGNORECASE)
_USE = re.compile(rf"\b(?:{'|'.join(_USES)})", re.IGNORECASE)
_OF_ANSWERS = re.compile(r"\b(?:response|returns?|returned|error)\b", re.IGNORECASE)
_LISTED = re.compile(
    r"(?:[\w ]{0,30}\b(?:(?:can|must|may|should) be (?:one of|either|any of)|one of)"
    r"|(?:the )?(?:valid|possible|allowed|accepted|supported|available|current) (?:\w+ )?(?:values?|options?|types?))"
    r"(?: (?:are|is|include|the following|these)){0,3}[ :]*",
    re.IGNORECASE,
)
_DEFAULT = re.compile(
    r"(?:(?:the|it) )?(?:default(?:s| value)?)(?: (?:is|to))?:? [`'\"]{0,2}([^`'\"\s]{1,80}?)[`'\"]{0,2}\.?",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"[\s,|;]+(?:(?:and|or)\s+)?")
_ITEM = re.compile(
    r"- [\"'(]{0,2}(?:(`[^`]+`(?:[:=][^\s`]+)?)|([^\s:]{1,60})[\"')]{0,2}(?:$|:(?:\s|$)|\s+[-\u2013\u2014=]\s))"
)


def tells(sentence: str, *, known: frozenset[str] = frozenset(), default: str = "") -> Tells:
    """What a sentence or an item of a list is worth to somebody who fills in a value.

    `fact`: which values there are, how large or long, and how they are written. `use`: when it may be left out, what it
    is then, what else has to be given, examples. `story`: anything else. `nothing`: it points to another page, says
    what need not be minded, lists what is in `known`, or tells the `default`.

    Args:
        sentence: Plain text, at most a paragraph.
        known: Values that the schema lists.
        default: The one that the schema has, as text.
    """
    if _FREE.match(sentence) or ("`" not in sentence and _POINTER.match(sentence)) or _lists(sentence, known):
        return "nothing"
    if default and (found := _DEFAULT.fullmatch(sentence)) and found[1] == default:
        return "nothing"
    if item_name(sentence):
        return "fact"
    if _OF_ANSWERS.search(sentence):
        return "story"
    return "fact" if _FACT.search(sentence) else "use" if _USE.search(sentence) else "story"


def item_name(line: str) -> str:
    """What an item of a list explains, often a value that may be given: the `a` in "- `a`: the first"; else empty."""
    found = _ITEM.match(line)
    return (found[1] or found[2]) if found else ""


def _lists(sentence: str, known: frozenset[str]) -> bool:
    if not known or not (found := _LISTED.match(sentence)):
        return False
    return {word.strip("`'\".,;:|()") for word in _BETWEEN.split(sentence[found.end() :])} - {""} <= known
