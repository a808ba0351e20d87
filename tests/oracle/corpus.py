#!/usr/bin/env python3
"""A second opinion on what the articles of a folder share.

Finds, without any of copydesk's own code, the files that share a slug, a title, an excerpt or description, or a hero
image, so that copydesk's findings can be held against them. Prints JSON; needs PyYAML.

    python3 tests/oracle/corpus.py FOLDER

All files are held against all, whatever their language, version or collection (`scope: "**"`), and drafts against none.
It is crude on purpose: only YAML front matter is read, a field has the few names below, and a draft says so in `draft`,
`published` or `status`.
"""

import json
import posixpath
import re
import sys
import unicodedata
from collections import defaultdict
from pathlib import Path

import yaml

FRONT_MATTER = re.compile(r"---[ \t]*\n(.*?)^---[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
DESCRIPTION = ["metaDescription", "meta_description", "description"]
EXCERPT = ["excerpt", "summary"]
IMAGE = ["image", "cover", "heroImage", "hero", "header.image", "header.overlay_image", "header.teaser"]
QUOTES = str.maketrans("“”„‘’", "\"\"\"''")
PICTURE = re.compile(r"(?:\.(?:jpe?g|png|gif|webp|avif|svg|bmp|tiff)|/photo-[\w-]*\d[\w-]*)$", re.IGNORECASE)


def front_matter(path):
    """The mapping of a file's front matter; an empty one where there is none that PyYAML reads."""
    block = FRONT_MATTER.match(path.read_bytes().decode("utf-8-sig", "replace").replace("\r\n", "\n"))
    try:
        data = yaml.safe_load(block[1]) if block else None
    except yaml.YAMLError:
        data = None
    return data if isinstance(data, dict) else {}


def text(data, fields):
    """The first of these fields that is a text and not empty."""
    for field in fields:
        value = data
        for key in field.split("."):
            value = value.get(key) if isinstance(value, dict) else None
        for part in [value] + ([value.get(key) for key in ("path", "src", "url", "image")] if isinstance(value, dict) else []):
            if isinstance(part, str) and part.strip():
                return part.strip()
    return None


def as_read(words):
    """A text without differences of case, white space, typography and Unicode form."""
    words = re.sub(r"<[^>]*>", "", words).translate(QUOTES)
    return unicodedata.normalize("NFC", " ".join(words.split()).lower())


def picture(url, folder):
    """An image's address without the query that sets its size, seen from the root."""
    path, _, query = url.partition("?")
    url = path if PICTURE.search(path) else url
    if url.startswith("/") or re.match(r"[a-z+]+:", url):
        return url
    return posixpath.normpath(posixpath.join(folder, url))


def is_draft(data):
    return data.get("draft") is True or data.get("published") is False or data.get("status") == "draft"


def shared(things):
    """Of the files that have each thing: how many groups share one, and the files in them."""
    groups = [files for files in things.values() if len(files) > 1]
    return {"groups": len(groups), "files": sorted(set().union(*groups))}


def tier_conflicts(articles):
    """What the categories of these articles contradict each other in."""
    return {}


def facts(folder):
    slugs, titles, descriptions, images = (defaultdict(set) for _ in range(4))
    articles = {}
    for path in sorted(Path(folder).rglob("*.md")):
        name, data = path.relative_to(folder).as_posix(), front_matter(path)
        articles[name] = data
        if is_draft(data):
            continue
        if slug := text(data, ["slug"]):
            slugs[slug.strip("/")].add(name)
        if title := text(data, ["title"]):
            titles[as_read(title)].add(name)
        for fields in (DESCRIPTION, EXCERPT):
            if words := text(data, fields):
                descriptions[as_read(words)].add(name)
        if image := text(data, IMAGE):
            images[picture(image, posixpath.dirname(name))].add(name)
    return {
        "files": len(articles),
        "duplicate-slug": shared(slugs),
        "duplicate-title": shared(titles),
        "duplicate-description": shared(descriptions),
        "image-shared": shared(images),
        **tier_conflicts(articles),
    }


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: corpus.py FOLDER")
    json.dump(facts(sys.argv[1]), sys.stdout, indent=2, sort_keys=True, ensure_ascii=False)
    print()
