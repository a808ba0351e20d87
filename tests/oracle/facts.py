#!/usr/bin/env python3
"""A second opinion on a folder of articles.

Counts, without any of copydesk's own code, facts that copydesk's findings can be held against: when both agree on a
large folder, neither is likely to be wrong in the same way. Prints JSON; needs PyYAML.

    python3 tests/oracle/facts.py FOLDER

It is crude on purpose: headings are ATX headings outside fenced code (no setext, no HTML), and code is what stands in
fences or between backticks. Front matter that PyYAML refuses is counted, and such a file takes part in the facts about
its body only. In `first heading`, a file without headings has none that is wrong.
"""

import json
import math
import re
import sys
import unicodedata
from collections import Counter
from pathlib import Path

import yaml

TIERS = ["exact", "general", "medium", "specific", "niche"]
FRONT_MATTER = re.compile(r"---[ \t]*\n(.*?)^---[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
FENCE = re.compile(r" {0,3}(`{3,}(?!.*`)|~{3,})")
CODE_SPAN = re.compile(r"(?<!`)(`+)(?!`)(?:(?!\n\s*\n).)+?(?<!`)\1(?!`)", re.DOTALL)
HEADING = re.compile(r" {0,3}(#{1,6})(?:[ \t]|$)")
PLACEHOLDER = re.compile(r"\[\s*(?:insert\b|image:)[^\]]*\]", re.IGNORECASE)
EMPTY_ALT = re.compile(r"!\[\s*\][(\[]")


def split(text):
    """The front matter's YAML (None where there is no block) and the body."""
    block = FRONT_MATTER.match(text)
    return (block[1], text[block.end():]) if block else (None, text)


def without_fences(body):
    """The body's lines, with those of fenced code left empty."""
    fence = ""
    for line in body.split("\n"):
        opening = FENCE.match(line)
        if fence:
            mark = line.strip()
            if opening and mark[0] == fence[0] and len(mark) >= len(fence) and not mark.strip(fence[0]):
                fence = ""
            yield ""
        elif opening:
            fence = opening[1]
            yield ""
        else:
            yield line


def tiers_are_wrong(data):
    tiers = data.get("categories")
    if not isinstance(tiers, list) or not all(isinstance(tier, dict) for tier in tiers):
        return True
    names = [str(tier.get("name") or "").strip() for tier in tiers]
    in_order = [tier.get("type") for tier in tiers] == TIERS
    return not (in_order and all(names) and len(set(names)) == len(names) and data.get("category") == names[0])


def description_kind(data):
    """How the description relates to the excerpt, white space and Unicode normalised."""
    if not isinstance(data.get("excerpt"), str) or not isinstance(data.get("metaDescription"), str):
        return "absent"
    excerpt, description = (
        " ".join(unicodedata.normalize("NFC", data[field]).split()) for field in ("excerpt", "metaDescription")
    )
    if description == excerpt:
        return "equal"
    beginning = re.sub(r"(?:\.\.\.|…)$", "", description).rstrip()
    return "truncation" if beginning and excerpt.startswith(beginning) else "other"


def reading_time_difference(data, body):
    stated = data.get("readingTime")
    if type(stated) is not int:
        return "absent or not an integer"
    return f"{stated - math.ceil(len(body.split()) / 200):+d}"


def facts(folder):
    counts = Counter()
    descriptions, reading_times = Counter(equal=0, truncation=0, other=0), Counter()
    for path in sorted(Path(folder).rglob("*.md")):
        text = path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
        block, body = split(text)
        data, refused = None, False
        try:
            data = yaml.safe_load(block or "")
        except yaml.YAMLError:
            refused = True
        counts["files"] += 1
        counts["no front matter"] += block is None
        counts["front matter refused by PyYAML"] += refused
        if isinstance(data, dict):
            counts["category tiers wrong"] += tiers_are_wrong(data)
            descriptions[description_kind(data)] += 1
            reading_times[reading_time_difference(data, body)] += 1

        lines = list(without_fences(body))
        prose = CODE_SPAN.sub("", "\n".join(lines))
        levels = [len(heading[1]) for heading in map(HEADING.match, lines) if heading]
        counts["placeholder brackets"] += bool(PLACEHOLDER.search(prose))
        counts["image with empty alt"] += bool(EMPTY_ALT.search(prose))
        counts["level-1 heading in the body"] += 1 in levels
        counts["first heading not level 2"] += bool(levels) and levels[0] != 2
        counts["heading level jump"] += any(below > above + 1 for above, below in zip(levels, levels[1:]))
    return {**counts, "description": descriptions, "reading time, stated minus counted": reading_times}


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: facts.py FOLDER")
    json.dump(facts(sys.argv[1]), sys.stdout, indent=2, sort_keys=True, ensure_ascii=False)
    print()
