"""What the checks of text share: the files, the code without its comments, the functions."""
import glob
import os
import re
import sys

found = 0


def finding(path, line, text):
    global found
    found += 1
    print(f"{path}:{line}: {text}")


def finish(files):
    sys.exit(1 if found else 0 if files else 77)


def rooms():
    with open("tools/lint.d/rooms", encoding="ascii") as f:
        return [l.strip() for l in f if l.strip() and not l.startswith("#")]


def c_files(*tops):
    return sorted(p for top in tops for ext in "ch"
                  for p in glob.glob(f"{top}/**/*.{ext}", recursive=True))


def python_files(*tops):
    """By name, or by the first line where a script has no ending."""
    return sorted(p for top in tops for p in glob.glob(f"{top}/**/*", recursive=True)
                  if os.path.isfile(p) and (p.endswith(".py") or os.access(p, os.X_OK)
                                            and re.match("#!.*python3$", first_line(p))))


def first_line(path):
    with open(path, "rb") as f:
        return f.readline(80).decode("ascii", "replace").rstrip()


def read(path):
    with open(path, encoding="utf-8", errors="replace") as f:
        return f.read()


TOKEN = re.compile(r"""/\*.*?\*/ | //[^\n]* | "(?:\\.|[^"\\\n])*" | '(?:\\.|[^'\\\n])*'""",
                   re.S | re.X)


def code(text):
    """The text with comments and the insides of literals blanked; lines stay where they are."""
    def blank(m):
        s = m.group()
        inner = re.sub(r"[^\n]", " ", s)
        return inner if s[0] == "/" else s[0] + inner[1:-1] + s[-1]
    return TOKEN.sub(blank, text)


FUNCTION = re.compile(r"^([A-Za-z_]\w*)\(", re.M)


def functions(stripped):
    """(name, first line, last line, body), by the house style: name and braces in column 0."""
    lines = stripped.split("\n")
    for m in FUNCTION.finditer(stripped):
        start = stripped.count("\n", 0, m.start())
        i = start
        while i < len(lines) and not lines[i].startswith("{") and ";" not in lines[i]:
            i += 1
        if i == len(lines) or not lines[i].startswith("{"):
            continue
        end = i
        while end < len(lines) - 1 and not lines[end].startswith("}"):
            end += 1
        yield m.group(1), start + 1, end + 1, "\n".join(lines[i:end + 1])
