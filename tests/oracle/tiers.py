#!/usr/bin/env python3
"""A second opinion on the categories of a folder of articles.

Counts, without any of copydesk's own code, at which tiers and under which parents each name stands, and says which
articles `category-conflict` and `category-unknown` have to mark in each. Prints JSON; needs PyYAML.

    python3 tests/oracle/tiers.py FOLDER [AT_LEAST]

`AT_LEAST` is the option of `category-conflict` of that name. The tiers are those of the rule's default.
"""

import json
import sys
import unicodedata
from collections import Counter, defaultdict
from pathlib import Path

import yaml

TIERS = ["general", "medium", "specific", "niche"]


def fold(name):
    """A name as the two rules compare it; figures that something parts are none in the corpora."""
    name = unicodedata.normalize("NFKC", name).casefold().replace("&", "and")
    return "".join(letter for letter in name if not (letter.isspace() or unicodedata.category(letter)[0] == "P" and letter not in "#@%*"))


def articles(folder):
    for path in sorted(Path(folder).rglob("*.md")):
        text = path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
        data = yaml.safe_load(text.split("\n---", 1)[0].removeprefix("---"))
        pairs = [(item["type"], str(item["name"]).strip()) for item in data["categories"]]
        yield path.relative_to(folder).as_posix(), [pair for pair in pairs if pair[1]], str(data["category"]).strip()


def first(counts, order):
    """What most say; of what as many say, the first in an order."""
    return min(counts, key=lambda one: (-counts[one], order(one)))


def main(folder, at_least):
    every = list(articles(folder))
    spellings, tiers, parents = defaultdict(Counter), defaultdict(Counter), defaultdict(Counter)
    plain_tiers, plain_parents = defaultdict(set), defaultdict(set)
    for _, pairs, category in every:
        for name in {name for _, name in pairs} | {category}:
            spellings[fold(name)][name] += 1
        for tier, name in {(tier, fold(name)) for tier, name in pairs}:
            tiers[name][tier] += 1
        by_tier = dict(reversed(pairs))
        for tier, name in pairs:
            plain_tiers[name].add(tier)
        for above, tier in zip(TIERS, TIERS[1:]):
            if above in by_tier and tier in by_tier and fold(by_tier[above]) != fold(by_tier[tier]):
                parents[tier, fold(by_tier[tier])][fold(by_tier[above])] += 1
                plain_parents[tier, by_tier[tier]].add(by_tier[above])

    name_of = {name: first(found, lambda one: (-len(one), one)) for name, found in spellings.items()}
    rank = lambda tier: TIERS.index(tier) if tier in TIERS else len(TIERS)
    tier_of = {name: first(found, lambda tier: (rank(tier), tier)) for name, found in tiers.items()}
    parent_of = {}
    for (tier, name), found in parents.items():
        above = TIERS[TIERS.index(tier) - 1]
        right = {parent: count for parent, count in found.items() if tier_of[parent] == above}
        if right and tier_of[name] == tier:
            parent_of[name] = first(right, name_of.get)

    conflicts, unknown = [], []
    for path, pairs, category in every:
        by_tier = dict(reversed(pairs))
        for tier, name in pairs:
            name = fold(name)
            if tier_of[name] != tier:
                if tiers[name][tier_of[name]] >= at_least:
                    conflicts.append([path, name])
            elif name in parent_of:
                above = TIERS[TIERS.index(tier) - 1]
                parent, right = fold(by_tier[above]), parent_of[name]
                if parent != right and tier_of[parent] == above and parents[tier, name][right] >= at_least:
                    conflicts.append([path, name])
        unknown += [[path, name] for name in sorted({name for _, name in pairs} | {category}) if name_of[fold(name)] != name]
    return {
        "names": len(plain_tiers),
        "names at several tiers": sum(len(found) > 1 for found in plain_tiers.values()),
        "names at several tiers, whatever their spelling": sum(len(found) > 1 for found in tiers.values()),
        "children with several parents": dict(Counter(tier for (tier, _), found in plain_parents.items() if len(found) > 1)),
        "children with several parents, whatever their spelling": dict(Counter(tier for (tier, _), found in parents.items() if len(found) > 1)),
        "names with several spellings": sum(len(found) > 1 for found in spellings.values()),
        "category-conflict": sorted(conflicts),
        "category-unknown": sorted(unknown),
    }


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit("usage: tiers.py FOLDER [AT_LEAST]")
    print(json.dumps(main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) == 3 else 2), indent=1, ensure_ascii=False))
