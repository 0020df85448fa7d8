#!/usr/bin/env python3
"""Writes the demonstration organisation as CSV, the same bytes in every run.

    make-demo.py                 write the files beside this program
    make-demo.py --check         write nothing, fail if a committed file differs
    make-demo.py --model FILE    also check columns and choices against the data dictionary

The rows come from the tables in gen_org.py and gen_specs.py.  Every run judges them with the
rules of mode R and stops when a row violates more or less than is declared there.
"""
import argparse
import csv
import io
import pathlib
import sys

if not __debug__:
    sys.exit("make-demo.py proves its output with assertions: run it without -O")
sys.dont_write_bytecode = True
HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

import gen_check  # noqa: E402
import gen_ledgers  # noqa: E402
import gen_org  # noqa: E402
import gen_registers  # noqa: E402
import gen_sheets  # noqa: E402

BEGIN = "<!-- written by make-demo.py: begin -->"
END = "<!-- written by make-demo.py: end -->"


def to_csv(columns, table, header=None):
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header or columns)
    for row in table:
        extra = set(row) - set(columns)
        assert not extra, extra
        writer.writerow([row.get(c, "") for c in columns])
    return out.getvalue()


def judge(table, faults, findings, rules, needs):
    """Each row violates exactly what is declared, the others nothing and nothing is missing."""
    declared = {id(row): codes for row, _, codes in faults}
    loose = declared.keys() | {id(row) for row, _, _ in findings}
    assert len(loose) == len(faults) + len(findings), "a row is spoilt twice"
    counts = {}
    for row in table:
        found = gen_check.violations(rules, row)
        assert found == declared.get(id(row), set()), (row["name"], found)
        for code in found:
            counts[code] = counts.get(code, 0) + 1
        if id(row) not in loose:
            assert not gen_check.missing(needs, row), (row["name"],
                                                       gen_check.missing(needs, row))
    return counts


def line_numbers(text):
    """Line on which each record begins (a record may span lines)."""
    reader, numbers, last = csv.reader(io.StringIO(text)), [], 0
    for _ in reader:
        numbers.append(last + 1)
        last = reader.line_num
    return numbers[1:]


def holders(offices):
    """Who holds what: one line per office, one column per 機関."""
    table, names = {}, {p["login"]: p["name_ja"] for p in gen_org.persons()}
    for o in offices:
        cell = table.setdefault(o["office"], {}).setdefault(o["institution"], [])
        unit = f" {o['unit']}" if o["unit"] else ""
        term = "" if o["term_from"] <= gen_check.DAY <= o["term_to"] else \
            f" *{o['term_from']}..{o['term_to']}*"
        cell.append(f"{o['person']} {names[o['person']]}{unit}{term}")
    columns = ("", "hoshi", "umi")
    return [f"| {office} | " + " | ".join("<br>".join(cells.get(c, [])) for c in columns) + " |"
            for office, cells in table.items()]


def section(counts, offices, ledgers):
    """The part of README.md that follows from the rows."""
    order = list(gen_check.ASSET_RULES) + list(gen_check.MEDIA_RULES)
    out = [BEGIN, "", "## Who holds what", "", "In italics: a term that is over or has not begun.",
           "", "| office | whole organisation | hoshi | umi |", "|---|---|---|---|"]
    out += holders(offices)
    out += ["", "## Faulty on purpose", "", "| rule | rows |", "|---|---|"]
    out += [f"| {c} | {counts[c]} |" for c in order if c in counts]
    for name, table, text, faults, findings in ledgers:
        numbers = dict(zip(map(id, table), line_numbers(text)))
        refused = [f for f in faults if f[2]]
        out += ["", f"{name}: {len(table)} rows, {len(refused)} cannot be registered,"
                f" {len(table) - len(refused)} can.", "",
                "| line | row | refused for |", "|---|---|---|"]
        for row, own, codes in sorted(refused, key=lambda f: numbers[id(f[0])]):
            out.append(f"| {numbers[id(row)]} | {own} | {', '.join(sorted(codes))} |")
        out += ["", "Registered all the same, and faulty in a way that only findings show:", "",
                "| line | row | finding |", "|---|---|---|"]
        silent = [f for f in faults if not f[2]] + findings
        for row, own, codes in sorted(silent, key=lambda f: numbers[id(f[0])]):
            what = ", ".join(sorted(codes)) or "empty mandatory columns (knowledge was lost)"
            out.append(f"| {numbers[id(row)]} | {own} | {what} |")
    return "\n".join(out + ["", END])


def generate(model):
    org = {"institutions": gen_org.institutions(), "units": gen_org.units(),
           "persons": gen_org.persons(), "areas": gen_org.areas(), "offices": gen_org.offices()}
    org["contracts"], org["documents"] = gen_registers.contracts(), gen_registers.documents()
    assets, asset_faults, asset_findings = gen_ledgers.assets()
    org["emergency-contacts"] = gen_registers.contacts(org["offices"], gen_check.DAY) + \
        gen_sheets.critical(assets)
    org["connections"] = gen_sheets.connections(assets, {id(f[0]) for f in asset_faults})
    files = {f"{name}.csv": to_csv(list(table[0]), table) for name, table in org.items()}
    media, media_faults, media_findings = gen_ledgers.media()
    org.update(assets=assets, media=media)
    files["assets.csv"] = to_csv(gen_ledgers.ASSET_COLUMNS, assets)
    labels = gen_ledgers.MEDIA_LABELS
    files["media.csv"] = to_csv(list(labels), media, list(labels.values()))

    gen_check.references(org)
    gen_check.appointments(org)
    counts = judge(assets, asset_faults, asset_findings, gen_check.ASSET_RULES, gen_check.NEEDS)
    counts.update(judge(media, media_faults, media_findings, gen_check.MEDIA_RULES,
                        gen_check.MEDIA_NEEDS))
    if model:
        spoilt = {id(f[0]) for f in asset_faults + media_faults}
        headers = {name: list(table[0]) for name, table in org.items()}
        headers.update(assets=gen_ledgers.ASSET_COLUMNS, media=list(labels))
        gen_check.against_model(model, org, headers, spoilt, labels)
    text = section(counts, org["offices"], (
        ("assets.csv", assets, files["assets.csv"], asset_faults, asset_findings),
        ("media.csv", media, files["media.csv"], media_faults, media_findings)))
    readme = (HERE / "README.md").read_text(encoding="utf-8")
    before, _, rest = readme.partition(BEGIN)
    _, found, after = rest.partition(END)
    assert found, "README.md has no marked section"
    files["README.md"] = before + text + after
    return files


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare, write nothing")
    parser.add_argument("--model", help="data dictionary (JSON) to check against")
    args = parser.parse_args()
    stale = []
    for name, text in generate(args.model).items():
        path, data = HERE / name, text.encode("utf-8")
        if path.exists() and path.read_bytes() == data:
            continue
        stale.append(name)
        if not args.check:
            path.write_bytes(data)
    if args.check and stale:
        sys.exit("not as generated: " + ", ".join(stale))


if __name__ == "__main__":
    main()
