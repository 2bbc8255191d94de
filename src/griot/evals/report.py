"""What a run leaves in its folder: results.jsonl, summary.json, junit.xml and report.html."""

from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from xml.etree.ElementTree import Element, ElementTree, SubElement, indent

import orjson
from jinja2 import Environment

from griot.evals.models import Json
from griot.evals.results import write_lines


def write_report(folder: Path, document: Json, lines: Sequence[Json]) -> None:
    """Write everything; files of a former run in the folder are replaced."""
    folder.mkdir(parents=True, exist_ok=True)
    write_lines(folder / "results.jsonl", lines)
    (folder / "summary.json").write_bytes(
        orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
    )
    write_junit(folder / "junit.xml", document, lines)
    page = _page("report.html", title=f"{document['suite']} · {document['model']}", summary=document, cases=list(lines))
    (folder / "report.html").write_text(page, encoding="utf-8")


def write_comparison(path: Path, document: Json) -> None:
    """Two runs as one self-contained page; ``path`` is a file, or a folder that gets compare.html."""
    file = path if path.suffix == ".html" else path / "compare.html"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(_page("compare.html", title="Two runs", comparison=document), encoding="utf-8")


def _page(name: str, title: str, **data: object) -> str:
    """A page of ``pages/`` with its style and its data inside: it needs nothing else, not even a network."""
    pages = files("griot").joinpath("evals", "pages")
    environment = Environment(autoescape=True)
    safe = orjson.dumps(data).decode().replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    return environment.from_string(pages.joinpath(name).read_text(encoding="utf-8")).render(
        title=title,
        style=pages.joinpath("style.css").read_text(encoding="utf-8"),
        thread=pages.joinpath("thread.js").read_text(encoding="utf-8"),
        data=safe,
    )


def write_junit(path: Path, document: Json, lines: Sequence[Json]) -> None:
    """One test case for each case and trial, by shop, as CI servers read them."""
    root = Element("testsuites", name=document["suite"])
    for shop in dict.fromkeys(line["shop"] for line in lines):
        own = [line for line in lines if line["shop"] == shop]
        suite = SubElement(
            root,
            "testsuite",
            name=f"{document['suite']}.{shop}",
            tests=str(len(own)),
            failures=str(sum(line["pass"] is False and not line.get("error") for line in own)),
            errors=str(sum(bool(line.get("error")) for line in own)),
            skipped=str(sum(line["pass"] is None for line in own)),
            time=f"{sum(line['latency_ms'] or 0 for line in own) / 1000:.3f}",
        )
        for line in own:
            _test(suite, line)
    indent(root)
    ElementTree(root).write(path, encoding="utf-8", xml_declaration=True)


def _test(suite: Element, line: Json) -> None:
    test = SubElement(
        suite,
        "testcase",
        classname=f"{line['shop']}.{line['lang']}",
        name=_clean(f"{line['id']} #{line['trial']}"),
        time=f"{(line['latency_ms'] or 0) / 1000:.3f}",
    )
    why = _clean("; ".join(line["why"]))
    if line.get("error"):
        SubElement(test, "error", message=why)
    elif line["pass"] is None:
        SubElement(test, "skipped", message=why)
    elif not line["pass"]:
        SubElement(test, "failure", message=why).text = _clean(str(line.get("reply") or ""))


def _clean(text: str) -> str:
    """The text without the characters that XML refuses."""
    return "".join(letter for letter in text if letter >= " " or letter in "\t\n")
