#!/usr/bin/env python3
"""A second opinion on fixes: what front matter says before and after, to readers that are not copydesk's.

    python3 tests/oracle/fixed.py OLD NEW [REPORT]

OLD and NEW are folders with the same articles before and after `copydesk lint --fix`. PyYAML (which follows YAML 1.1)
and tomllib read the front matter of both, found here by its fences alone. Printed as JSON: how many files there are, how
many changed, and how often each field differs. A front matter that was read before and is not after, and a file that
came or went, end the run with 1.

REPORT is a text with a line `path:field` for each field that the program says it fixed; with it, every other
difference ends the run with 1 as well. Needs PyYAML.
"""

import json
import re
import sys
import tomllib
from collections import Counter
from pathlib import Path

import yaml

FENCED = re.compile(r"\s*(---|\+\+\+)[ \t]*\n(.*?)^(?:\1|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
ENDINGS = {".md", ".markdown", ".mdx"}


def data(text):
    """What the front matter says; `...` where there is none, and an error where it cannot be read."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    block = FENCED.match(text)
    try:
        if block:
            return tomllib.loads(block[2]) if block[1] == "+++" else yaml.safe_load(block[2])
        if text.lstrip().startswith("{"):
            return json.JSONDecoder().raw_decode(text.lstrip())[0]
    except (ValueError, yaml.YAMLError) as error:
        return error
    return ...


def differing(old, new, path=""):
    """The paths at which two values differ; a value that became another type differs, a key that moved does not."""
    if isinstance(old, dict) and isinstance(new, dict):
        for key in {**old, **new}:
            yield from differing(old.get(key, ...), new.get(key, ...), f"{path}.{key}" if path else str(key))
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for index, pair in enumerate(zip(old, new)):
            yield from differing(*pair, f"{path}.{index}")
    elif type(old) is not type(new) or old != new:
        yield path


def articles(folder):
    return {path.relative_to(folder): path for path in Path(folder).rglob("*") if path.suffix in ENDINGS}


def compare(old_folder, new_folder, allowed):
    counts, fields, wrong = Counter(), Counter(), []
    old_files, new_files = articles(old_folder), articles(new_folder)
    wrong += [f"{path}: only in one folder" for path in sorted(old_files.keys() ^ new_files.keys())]
    for path in sorted(old_files.keys() & new_files.keys()):
        counts["files"] += 1
        old_bytes, new_bytes = old_files[path].read_bytes(), new_files[path].read_bytes()
        if old_bytes == new_bytes:
            continue
        counts["changed"] += 1
        old, new = data(old_bytes.decode(errors="replace")), data(new_bytes.decode(errors="replace"))
        if isinstance(old, Exception):
            counts["unread before, still so" if isinstance(new, Exception) else "unread before, read now"] += 1
        elif isinstance(new, Exception):
            wrong.append(f"{path}: was read, and is no more: {new}")
        else:
            for field in differing(old, new):
                fields[re.sub(r"\.\d+", ".N", field)] += 1
                near = {field, field.rpartition(".")[0], field.partition(".")[0]}
                if allowed is not None and not any(f"{path}:{name}" in allowed for name in near):
                    wrong.append(f"{path}: \"{field}\" differs")
    return {**counts, "fields that differ": fields, "wrong": wrong}


if __name__ == "__main__":
    if len(sys.argv) not in (3, 4):
        sys.exit("usage: fixed.py OLD NEW [REPORT]")
    report = set(Path(sys.argv[3]).read_text().splitlines()) if len(sys.argv) == 4 else None
    result = compare(sys.argv[1], sys.argv[2], report)
    json.dump(result, sys.stdout, indent=2, ensure_ascii=False)
    print()
    sys.exit(1 if result["wrong"] else 0)
