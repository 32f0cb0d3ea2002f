# SPDX-License-Identifier: MIT
"""Domains over an allocator with a context: bytes, owner, hooks of reports."""
import os
import re

from preload import SIGNALS, VARIANTS, environment, expect, finish, helpers
from preload import libraries, run

DOMAINS = helpers[0]
END = "described\nFatal test error: {}\nlast words\n"
REPORTS = {
    "overflow": END.format("bad trailing pad byte"),
    "mismatch": END.format(
        "bad ID: Allocated using API 'm', verified using API 'r'"),
    "size": END.format("damaged size"),
    "unknown_size": END.format("damaged size"),
}


def last_lines(text, count):
    return "".join(text.splitlines(keepends=True)[-count:])


for variant in VARIANTS:
    library = os.path.join(libraries, f"libdbgalloc-{variant}.so")
    result = run([DOMAINS, library, "count"], environment())
    expect(f"{variant}: count", (result.returncode, result.stdout), (0, b""))
    for case, wanted in REPORTS.items():
        result = run([DOMAINS, library, case], environment())
        text = result.stderr.decode()
        expect(f"{variant}: {case}",
               (result.returncode, last_lines(text, 3)),
               (SIGNALS["ABRT"], wanted))
        expect(f"{variant}: {case} begins with a dump",
               bool(re.match(r"Debug memory block at address p=0x[0-9a-f]+: "
                             r"API 'm'\n", text)), True)
    result = run([DOMAINS, library, "stranger"], environment())
    expect(f"{variant}: stranger", (result.returncode, result.stderr),
           (SIGNALS["ABRT"],
            b"Fatal test error: not the owner\nlast words\n"))
finish()
