"""The two sides of a comparison: the same operation over HTTP and by pgbench."""
import json
import os
import re
import subprocess

from service import Failed

# parameters of the statement that sets the act; None: no reason is given, and pgbench has no empty
# variables
CONTEXT = ["person", "office", "account", "client", "request_id", "operation", None, "scope",
           "timeout", "clock_offset", "write_scope", "reach", None]


class Sides:
    def __init__(self, service, connections, warm, seconds):
        self.service = service
        self.connections, self.warm, self.seconds = connections, warm, seconds
        self.tools = os.path.join(service.build, "tests/bench")
        self.statement = json.loads(self.run_tool(["statements"]))

    def run_tool(self, argv, text=None):
        p = subprocess.run([os.path.join(self.tools, argv[0])] + argv[1:], input=text,
                           capture_output=True, text=True, check=False)
        if p.returncode != 0:
            raise Failed(f"{argv[0]}: {p.stderr}")
        if p.stderr:
            print(p.stderr.rstrip())
        return p.stdout

    def documents(self, bodies):
        return self.run_tool(["statements", "documents"], "\n".join(bodies) + "\n").splitlines()

    # ---- HTTP

    def http(self, token, lines, seconds=None, warm=None):
        """lines: (method, path[, body[, version]]).  What load prints."""
        path = os.path.join(self.service.top, "requests")
        with open(path, "w", encoding="utf-8") as f:
            for line in lines:
                f.write("\t".join(str(x) for x in line) + "\n")
        out = json.loads(self.run_tool(
            ["load", "-c", str(self.connections), "-d", str(seconds or self.seconds),
             "-w", str(self.warm if warm is None else warm), "-H", "Authorization: Bearer " + token,
             self.service.address, path]))
        if out["errors"] > 0:
            raise Failed(f"{out['errors']} errors")
        return out

    # ---- pgbench

    def as_script(self, statement, names):
        """$1 … become variables.  pgbench takes every :word for one, also within a literal, so
        colons there are written as escapes: the server reads the same text."""
        def escape(m):
            s = m.group()
            return "U&" + s.replace(":", r"\003A") if re.search(r":\w", s) else s
        text = re.sub(r"'[^']*'", escape, statement)
        bound = re.sub(r"\$(\d+)", lambda m: names[int(m.group(1)) - 1] and
                       ":" + names[int(m.group(1)) - 1] or "NULL", text)
        return bound.strip().replace("\n", " ") + ";\n"

    def pgbench(self, context, statement, names, variables=None, before="", scripts=None):
        """Transactions per second of the pipeline that db/tx.c sends.  `scripts`: variables that
        differ, one script each."""
        argv = self.service.client("pgbench", "daicho_app") + [
            "-n", "-M", "prepared", "-c", str(self.connections), "-j", "2", "-P", "1",
            "-T", str(int(self.warm + self.seconds))]
        values = {name: v for name, v in zip(CONTEXT, context) if name is not None}
        values.update(variables or {})
        for i, more in enumerate(scripts or [{}]):
            path = os.path.join(self.service.top, f"pgbench-{i}.sql")
            own = {name: f"{name}_{i}" for name in more}
            values.update({own[name]: more[name] for name in more})
            with open(path, "w", encoding="utf-8") as f:
                f.write(before + "\\startpipeline\n" +
                        self.as_script(self.statement["act"], CONTEXT) +
                        self.as_script(self.statement[statement],
                                       [own.get(name, name) for name in names]) +
                        "\\endpipeline\n")
            argv += ["-f", path]
        for name, value in values.items():
            argv += ["-D", f"{name}={value}"]
        p = subprocess.run(argv + ["daicho"], capture_output=True, text=True, check=False)
        if p.returncode != 0 or "aborted" in p.stderr:
            raise Failed(f"pgbench: {p.stderr[:2000]}")
        return self.rate(p.stderr)

    def rate(self, progress):
        """Mean of the seconds after the warm-up."""
        seconds = re.finditer(r"progress: ([\d.]+) s, ([\d.]+) tps", progress)
        tps = [float(m.group(2)) for m in seconds
               if float(m.group(1)) > self.warm + 0.5]
        if not tps:
            raise Failed(f"pgbench: no progress in {progress[:500]}")
        return sum(tps) / len(tps)
